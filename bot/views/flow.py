"""Breaking text into lines, for paper: lines of one length, or inside a circle (pure).

A text is cut into pieces that are measured once, at size 1; all else is arithmetic.
"""

import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.views.rings import line_height

# Scripts that are written without spaces break between any two signs.
_WIDE = frozenset("WF")
# What stays free at the edge of a circle, in parts of its radius.
_CIRCLE_FILLED_MAX = 0.96
# Air between two paragraphs inside a circle, in lines.
_PARAGRAPH_AIR = 0.35
_ROUNDING = 1e-6

Measure = Callable[[str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Something that is not broken: a word or a sign, its width, and a space before."""

    text: str
    width: float
    space: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Pieces that are set at `scale` times the size of the text around them."""

    pieces: tuple[Piece, ...]
    scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleLine:
    """A line inside a circle: its size, and its middle's height above the centre."""

    text: str
    size: float
    height: float


def pieces_of(text: str, measure: Measure, *, widest: float) -> tuple[Piece, ...]:
    """Return the pieces of a text; `measure` gives widths at size 1.

    A word wider than `widest` may break anywhere: it is an address, or a trick.
    """
    gap = measure(" ")
    found: list[Piece] = []
    for word in text.split():
        parts = _clusters(word) if measure(word) > widest else _parts(word)
        found += [
            Piece(text=part, width=measure(part), space=0 if number else gap)
            for number, part in enumerate(parts)
        ]
    return tuple(found)


def break_lines(pieces: Sequence[Piece], width: float) -> tuple[str, ...]:
    """Return the lines of at most `width` at size 1; a wider piece has its own."""
    lines: list[str] = []
    at = 0
    while at < len(pieces):
        line, at = _line(pieces, at, width)
        lines.append(line)
    return tuple(lines)


def fill_circle(
    paragraphs: Sequence[Paragraph], *, radius: float, size: float
) -> tuple[CircleLine, ...] | None:
    """Return the lines of a text in the middle of a circle, or None if it is too long.

    The block is as high as it needs to be, which decides how wide its lines are.
    """
    height = line_height(size)
    while height <= 2 * radius * _CIRCLE_FILLED_MAX:
        lines = [*_lay(paragraphs, radius, size, height)]
        if all(line.text for line in lines):
            bottom = lines[-1].height - line_height(lines[-1].size) / 2
            if bottom >= -height / 2 - _ROUNDING:
                return tuple(lines)
        height += line_height(size) / 2
    return None


def _lay(
    paragraphs: Sequence[Paragraph], radius: float, size: float, height: float
) -> Iterator[CircleLine]:
    """Yield the lines of a block that begins half its height above the centre.

    A line without text stands for a piece that is too wide where it would stand.
    """
    top = height / 2
    for paragraph in paragraphs:
        own = size * paragraph.scale
        at = 0
        while at < len(paragraph.pieces):
            bottom = top - line_height(own)
            edge = max(abs(top), abs(bottom))
            room = 2 * math.sqrt(max(radius**2 - edge**2, 0)) / own
            if paragraph.pieces[at].width > room:
                yield CircleLine(text="", size=own, height=0)
                return
            text, at = _line(paragraph.pieces, at, room)
            yield CircleLine(text=text, size=own, height=(top + bottom) / 2)
            top = bottom
        top -= line_height(size) * _PARAGRAPH_AIR


def _line(pieces: Sequence[Piece], at: int, width: float) -> tuple[str, int]:
    """Return the line that begins with a piece, and where the next one begins."""
    text, used = pieces[at].text, pieces[at].width
    at += 1
    while at < len(pieces) and used + pieces[at].space + pieces[at].width <= width:
        text += " " * bool(pieces[at].space) + pieces[at].text
        used += pieces[at].space + pieces[at].width
        at += 1
    return text, at


def _parts(word: str) -> list[str]:
    parts: list[str] = []
    for cluster in _clusters(word):
        # What is written without spaces ends a part, and begins one.
        wide = unicodedata.east_asian_width(cluster[0]) in _WIDE
        last_wide = parts and unicodedata.east_asian_width(parts[-1][0]) in _WIDE
        if not parts or wide or last_wide:
            parts.append(cluster)
        else:
            parts[-1] += cluster
    return parts


def _clusters(word: str) -> list[str]:
    """Return the signs of a word, each with the marks that stand on it."""
    found: list[str] = []
    for char in word:
        joins = unicodedata.category(char) in {"Mn", "Me", "Mc", "Cf"}
        if found and joins:
            found[-1] += char
        else:
            found.append(char)
    return found
