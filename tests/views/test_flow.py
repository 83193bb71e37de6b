"""Text is broken into lines that fit, in a column and inside a circle."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.flow import (
    Paragraph,
    break_lines,
    fill_circle,
    pieces_of,
)
from bot.views.rings import line_height

WORDS = st.lists(
    st.text("abcdefgh王小明é\u0301", min_size=1, max_size=12), min_size=1, max_size=40
)
TEXT = "We, who work here, ask for a paid break of 30 minutes in every shift."


def measure(text: str) -> float:
    """Return a width: each sign is as wide as any other."""
    return float(len(text))


def paragraph(text: str, scale: float = 1.0) -> Paragraph:
    """Return a paragraph of this text."""
    return Paragraph(pieces=pieces_of(text, measure, widest=20), scale=scale)


@given(WORDS, st.integers(12, 60))
def test_lines_hold_all_words_and_fit(words: list[str], width: int) -> None:
    """Nothing is lost, nothing is too wide."""
    text = " ".join(words)
    lines = break_lines(pieces_of(text, measure, widest=12), width)

    assert all(len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_lines_break_at_spaces() -> None:
    """Words stay whole where there are spaces."""
    assert break_lines(pieces_of(TEXT, measure, widest=20), 24) == (
        "We, who work here, ask",
        "for a paid break of 30",
        "minutes in every shift.",
    )


def test_script_without_spaces_breaks_anywhere() -> None:
    """Chinese has no spaces, and Latin letters between it stay together."""
    pieces = pieces_of("王小明ab佐藤", measure, widest=20)

    assert [piece.text for piece in pieces] == ["王", "小", "明", "ab", "佐", "藤"]
    assert break_lines(pieces, 3) == ("王小明", "ab佐", "藤")


def test_word_that_is_too_wide_breaks_anywhere() -> None:
    """A word of 30 letters goes on several lines, its accents stay on their letters."""
    word = "e\u0301" * 30
    lines = break_lines(pieces_of(word, measure, widest=10), 10)

    assert lines == ("e\u0301" * 5,) * 6


def test_nothing_has_no_lines() -> None:
    """An empty text takes no room."""
    assert break_lines(pieces_of("  ", measure, widest=9), 9) == ()


@pytest.mark.parametrize("radius", [20.0, 30.0, 50.0])
def test_lines_stay_inside_the_circle(radius: float) -> None:
    """No corner of a line leaves the circle, whatever its height."""
    text = [paragraph("Paid lunch breaks", 1.3), paragraph(TEXT), paragraph(TEXT)]
    lines = fill_circle(text, radius=radius, size=1)

    assert lines
    for line in lines:
        half = measure(line.text) * line.size / 2
        edge = abs(line.height) + line_height(line.size) / 2
        assert math.hypot(half, edge) <= radius + 1e-6
    assert " ".join(line.text for line in lines) == f"Paid lunch breaks {TEXT} {TEXT}"


def test_lines_stand_below_each_other() -> None:
    """Lines do not overlap, and stand around the centre."""
    lines = fill_circle([paragraph(TEXT)], radius=20, size=1)

    assert lines
    heights = [line.height for line in lines]
    assert heights == sorted(heights, reverse=True)
    assert abs(heights[0] + heights[-1]) < line_height(1)


def test_text_that_is_too_long() -> None:
    """A text that does not fit is refused, rather than cut."""
    assert fill_circle([paragraph(TEXT * 50)], radius=20, size=1) is None


def test_word_wider_than_the_circle() -> None:
    """A piece that fits nowhere is refused too."""
    wide = Paragraph(pieces=pieces_of("x" * 50, measure, widest=99))

    assert fill_circle([wide], radius=20, size=1) is None
