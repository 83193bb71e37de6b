"""Words that may point to an author are marked; the rest is left alone."""

import gc
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.giveaways import MARKS_MAX, find_marks, snippets


def marked(text: str, *names: str) -> list[str]:
    """Return the words that are marked."""
    return [text[mark.start : mark.end] for mark in find_marks(text, names)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("write to mei.chen+work@example.org please", ["mei.chen+work@example.org"]),
        ("ask @mei.chen about it", ["@mei.chen"]),
        ("call me at +44 20 7946 0958 tonight", ["+44 20 7946 0958"]),
        ("my staff number is 4711230", ["4711230"]),
        ("it was 14:32 when he came", ["14:32"]),
        ("at 9 am he shouted", ["9 am"]),
        ("on Tuesday he shouted", ["on Tuesday"]),
        ("on 2026-11-03 and 3.11.2026", ["2026-11-03", "3.11.2026"]),
        ("it began 12 May in the yard", ["12 May"]),
        ("it began on the 3rd of June", ["3rd of June"]),
        ("the box at my desk is broken", ["my desk"]),
        ("by dock 4 it leaks", ["dock 4"]),
        ("I am the only one on nights", ["I am the only", "one"][:1]),
        ("I'm the only woman here", ["I'm the only woman"]),
        ("my name is Ada", ["my name is Ada"]),
        ("see https://example.org/a?id=7 for more", ["https://example.org/a?id=7"]),
        ("<@U123ABC> said so", ["<@U123ABC>"]),
    ],
)
def test_what_has_a_form_is_found(text: str, found: list[str]) -> None:
    """Addresses, numbers, times, seats, and being the only one."""
    assert [
        any(each in words or words in each for words in marked(text)) for each in found
    ] == [True] * len(found)


@pytest.mark.parametrize(
    "text",
    [
        "The pay was late and nobody says why.",
        "We may not sit down, and 12 people fell ill.",
        "They watch us with cameras in the break.",
        "",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    """A page full of marks would be read by nobody."""
    assert marked(text) == []


def test_the_authors_own_name_is_found() -> None:
    """Handle and display name, whole or in part, in any case, but not inside words."""
    text = "Chen was told, and MEI too. Meilin was not."

    assert marked(text, "mei", "Mei Chen") == ["Chen", "MEI"]
    assert marked("x marks the spot", "x") == []


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("mei.chen2", "Mei and chen were told.", ["Mei", "chen"]),
        ("mei_chen", "They asked Chen.", ["Chen"]),
        ("Sam the Driver", "The driver and the others.", ["driver"]),
        ("li.wei", "Li saw it. It is li.", ["Li"]),
        ("Li", "It was li.", ["li"]),
        ("An Vo", "An hour. I gave an order.", ["An"]),
        ("[Shift 2] Ana", "Ana has shift 3.", ["Ana", "shift"]),
        ("🦊", "🦊 or none", []),
        ("", "Nobody.", []),
    ],
)
def test_parts_of_names_are_found(name: str, text: str, found: list[str]) -> None:
    """As handles join them; words of every text are none, nor two small letters."""
    assert marked(text, name) == found


def test_an_account_is_found_whole() -> None:
    """An id is no name: letters in it are no parts."""
    found = find_marks("The cap. U0CAP7 said so.", account="U0CAP7")

    assert [(mark.start, mark.end) for mark in found] == [(9, 15)]


def test_no_pattern_is_made_of_a_name() -> None:
    """The last patterns stay in memory, and a name must not stay with them."""
    find_marks("NoPattern was told", ("nopattern",))
    patterns = [each.pattern for each in gc.get_objects() if type(each) is re.Pattern]

    assert patterns
    assert [each for each in patterns if "nopattern" in str(each).lower()] == []


def test_marks_are_joined_and_few() -> None:
    """Two that overlap are one, and nobody reads a hundred."""
    assert marked("at 14:32 on Tuesday, last Tuesday") == [
        "14:32",
        "on Tuesday",
        "last Tuesday",
    ]
    assert len(find_marks("9:30 " * 50)) == MARKS_MAX


def test_snippets_show_a_little_around() -> None:
    """Whole words on both sides, in one line."""
    text = "It was in the yard\nbehind the hall at 14:32 when all the others were gone"
    (found,) = snippets(text, find_marks(text))

    assert found.words == ("14:32",)
    assert found.before == "the hall at "
    assert found.after == " when all the others"
    assert snippets("at 9:30", find_marks("at 9:30"))[0].before == "at "


def test_marks_that_are_near_share_a_snippet() -> None:
    """A sentence with three marks is shown once; one that is far stands alone."""
    text = "On Tuesday at 14:32 Field fell, and nobody of us went to look at 9:30."
    near, far = snippets(text, find_marks(text, ["field"]))

    assert near.words == ("On Tuesday", " at ", "14:32", " ", "Field")
    assert (near.before, near.after) == ("", " fell, and nobody of us")
    assert far.words == ("9:30",)


@given(st.text(max_size=200), st.lists(st.text(max_size=9), max_size=3))
def test_any_text_has_marks_in_order(text: str, names: list[str]) -> None:
    """Whatever is typed: marks lie inside the text, in order, apart from each other."""
    marks = find_marks(text, names)
    ends = [end for mark in marks for end in (mark.start, mark.end)]

    assert ends == sorted(ends)
    assert all(0 <= mark.start < mark.end <= len(text) for mark in marks)
    shown = [each.words for each in snippets(text, marks)]
    assert sum(len(words[::2]) for words in shown) == len(marks)
    assert all(len(words) % 2 for words in shown)
