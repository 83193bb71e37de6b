"""Our texts in Discord's mark-up, and people's words untouched in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.markup import code, escape, marked, note, shown, unescape
from bot.views.times import moment
from bot.views.widgets import Line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("plain words, 4.50 a day (gross)!", "plain words, 4.50 a day (gross)!"),
        ("*so* _very_ ~~odd~~", r"\*so\* \_very\_ \~\~odd\~\~"),
        ("<@123> <#4> <t:5:f> </rr menu:6>", r"\<@123> \<#4> \<t:5:f> \</rr menu:6>"),
        ("# big\n> said\n- one", "\\# big\n\\> said\n\\- one"),
        ("-# small\n+ two", "\\-# small\n\\+ two"),
        ("1. first", r"1\. first"),
        ("||hidden|| `code`", r"\|\|hidden\|\| \`code\`"),
        ("[here](https://x.example)", r"\[here\](https\://x.example)"),
        ("a\\b", r"a\\b"),
    ],
)
def test_words_stand_as_they_are(words: str, said: str) -> None:
    """Nothing that a person writes becomes a heading, a mention, a link or a time."""
    assert escape(words) == said


@given(st.text())
def test_escaping_can_be_undone(words: str) -> None:
    """What is read back from a message is what was put into it."""
    assert unescape(escape(words)) == words


@given(st.text())
def test_no_sign_is_lost(words: str) -> None:
    """Escaping adds backslashes and nothing else."""
    assert escape(words).replace("\\", "") == words.replace("\\", "")


def test_bold_times_and_channels() -> None:
    """Our one mark-up, our times and our channels become Discord's."""
    text = f"**Open_it** in #discord/17 until {moment(1_795_521_600)}."

    assert marked(text) == r"**Open\_it** in <#17> until <t:1795521600:f>."
    assert marked(f"**{moment(0)}**") == "**<t:0:f>**"


def test_what_only_looks_like_a_time() -> None:
    """A day that there is not, and another platform's channel, stay as they are."""
    assert marked("2026-13-45 18:00 UTC") == "2026-13-45 18:00 UTC"
    assert marked("#slack/C0123") == r"\#slack/C0123"


def test_only_a_link_of_ours_can_be_pressed() -> None:
    """A link stands behind its words without a preview; one in a text stays text."""
    link = "https://union.example.org/a_b?c=*"
    line = Line(text="Join at https://x.example:", link=link)

    assert shown(line) == rf"Join at https\://x.example: <{link}>"
    assert shown(Line(text="Join_us")) == r"Join\_us"


def test_notes_and_codes() -> None:
    """Small letters begin anew on each line; a code cannot end its own frame."""
    assert note("one\n\ntwo") == "-# one\n\n-# two"
    assert code("K7QM ``` x") == "```\nK7QM ’’’ x\n```"
