"""The picture of a released table: from the table alone, in order, with words."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from bot.charts import chart_png
from bot.core.released import ReleasedRow, ReleasedTable
from bot.core.tallies import Choice
from bot.views.charts import LABEL_CHARS_MAX, WIDTH, chart_svg
from bot.views.results import released_of
from bot.views.widgets import Goal
from tests.views.drives import LUNCH, MULTI, NPS, published

SVG = "{http://www.w3.org/2000/svg}"
PNG = b"\x89PNG\r\n\x1a\n"


def table(*rows: tuple[str, str], total: int = 30) -> ReleasedTable:
    """Return a table of one choice."""
    return ReleasedTable(
        choice=Choice.SINGLE,
        total=total,
        base=5,
        rows=tuple(ReleasedRow(label=label, shown=shown) for label, shown in rows),
    )


LUNCH_TABLE = table(("Yes", "the rest"), ("No", "10"), ("Unsure", "0–4"))


def parsed(svg: str) -> ET.Element:
    """Return a picture as XML."""
    return ET.fromstring(svg)  # noqa: S314 - our own picture


def words(svg: str) -> list[str]:
    """Return what is written in a picture, from top to bottom."""
    return [each.text or "" for each in parsed(svg).iter(f"{SVG}text")]


def bars(svg: str) -> list[ET.Element]:
    """Return the bars, from top to bottom."""
    return [each for each in parsed(svg).iter(f"{SVG}rect") if each.get("x")]


def test_rows_stand_in_order_with_their_words() -> None:
    """Each row has its label and, beside its bar, the words of the result."""
    assert words(chart_svg(LUNCH_TABLE)) == [
        *("Yes", "most chosen, about 20"),
        *("No", "about 10"),
        *("Unsure", "0–4"),
        "At least 30 people answered.",
    ]


def test_worked_out_bar_is_hatched() -> None:
    """What is left over is told from what is shown by a pattern, not by colour."""
    rest, number, few = bars(chart_svg(LUNCH_TABLE))

    assert rest.get("fill") == "url(#h)"
    assert number.get("fill") != few.get("fill")
    assert int(str(rest.get("width"))) == 2 * int(str(number.get("width")))


def test_top_group_is_drawn_alike() -> None:
    """Bars that are too close to tell apart are of one length."""
    yes, no, _ = bars(
        chart_svg(table(("Yes", "top group"), ("No", "top group"), ("Unsure", "0–4")))
    )

    assert yes.get("width") == no.get("width")
    assert "most chosen, too close to tell apart" in words(
        chart_svg(table(("Yes", "top group"), ("No", "top group")))
    )


def test_rest_below_its_base_has_no_number() -> None:
    """Where the words name no number, the picture names none."""
    eight = replace(LUNCH, options=tuple("ABCDEFGH"))
    released = released_of(published(eight, 0, 0, 6, 0, 4, 3, 4, 0))
    assert released is not None

    assert words(chart_svg(released)).count("most chosen") == 1


def test_each_option_of_several_choices_has_its_part() -> None:
    """Several choices: the label of each option stands above its two bars."""
    released = released_of(published(MULTI, 20, 12, 3, answers=30))
    assert released is not None

    said = words(chart_svg(released))

    assert said[0] == "Yes"
    assert said.count("Chosen") == said.count("Not chosen") == 3
    assert len(bars(chart_svg(released))) == 6


@pytest.mark.parametrize("label", ["<script>&\"'", "x" * 75, "שלום", "a\x0bb\u2028c"])
def test_any_label_gives_a_picture(label: str) -> None:
    """A label cannot break out of its place, and long ones are cut."""
    shown = table((label, "the rest"), ("No", "10"))

    [said, *_] = words(chart_svg(shown))

    assert len(said) <= LABEL_CHARS_MAX
    assert said == label or said.endswith("…") or " " in said
    assert chart_png(shown).startswith(PNG)


def test_picture_is_as_wide_as_it_says() -> None:
    """The PNG has the width that phones show at half its size."""
    png = chart_png(LUNCH_TABLE)

    assert int.from_bytes(png[16:20]) == WIDTH
    assert not re.search(r"https?://(?!www\.w3\.org)", chart_svg(LUNCH_TABLE))


def test_eleven_rows_fit() -> None:
    """The rows of an NPS stand below each other."""
    released = released_of(published(NPS, *range(5, 16)))
    assert released is not None

    tops = [int(str(each.get("y"))) for each in bars(chart_svg(released))]

    assert tops == sorted(tops)
    assert len(tops) == 11


@pytest.mark.parametrize(
    ("reached", "width"), [(1, 7), (50, 336), (100, 672), (180, 672)]
)
def test_goal_is_filled_as_far_as_it_is_reached(reached: int, width: int) -> None:
    """A frame of the whole width, and the reached part alone; never beyond it."""
    svg = chart_svg(Goal(reached=reached, wanted=100))
    filled, frame = bars(svg)

    assert (filled.get("width"), frame.get("width")) == (str(width), "672")
    assert words(svg) == [f"At least {reached} of 100"]
    assert chart_png(Goal(reached=reached, wanted=100)).startswith(PNG)


def test_goal_says_of_how_many_it_is() -> None:
    """The longest numbers stand there whole; what is needed stands below the bar."""
    svg = chart_svg(Goal(reached=150_000, wanted=200_000, people=1_000_000))

    assert words(svg) == [
        "At least 150,000 of about 1,000,000 people",
        "Needed: 200,000",
    ]
