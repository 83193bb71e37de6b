"""Draws a petition's paper: letter, rings and plain list (fpdf2, HarfBuzz).

The file holds no time: neither that of the signing nor that of the printing.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from bot.printing.fonts import Fonts
from bot.views import ceremony, flow, rings
from bot.views.flow import CircleLine, Paragraph, Piece
from bot.views.rings import Field, PlacedSpoke, Spoke

# A4, which every printer takes; American paper is 6 mm wider and 18 mm lower.
SHEET_WIDTH = 210.0
SHEET_HEIGHT = 297.0
MARGIN = 20.0
CENTRE = (SHEET_WIDTH / 2, SHEET_HEIGHT / 2 - 6)
# What a printer cannot reach, and a little more.
RING_OUTER = SHEET_WIDTH / 2 - 6
# The text's circle: as small as it can be, and never so large that names are cramped.
CIRCLE_RADII = (30.0, 34.0, 38.0, 42.0, 46.0, 50.0)
CIRCLE_SIZES = (12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.5)
CIRCLE_AIR = 4.0
TITLE_SCALE = 1.3
# A longer name goes on two lines: about 23 letters.
NAME_WIDTH = 4.5
LETTER_SIZE = 11.0
# A text of 2,500 Chinese signs needs the smallest.
LETTER_SIZES = (11.0, 10.0, 9.0, 8.0)
LIST_SIZE = 9.5
LIST_COLUMNS = 2
LIST_TOP = MARGIN + 14
COLUMN_GAP = 8.0
FAMILY = "names"
# PDF dates name a day at least, so the whole entry is blanked out.
_DATE = re.compile(rb"/CreationDate \(D:[^)]*\)")
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Printed:
    """What goes on paper. Contacts and phones are never among it.

    `names` are name and affiliation; `mark` is that of the terms. `damaged` names
    could not be read at all.
    """

    title: str
    text: str
    addressee: str
    count: int
    threshold: int
    mark: str
    names: tuple[tuple[str, str], ...]
    damaged: int = 0
    not_drawn: int = field(default=0)


def print_petition(printed: Printed, fonts: Fonts, *, seed: bytes) -> bytes:
    """Return the PDF: a letter, the rings, and the plain list.

    All names must be drawable with these fonts. `seed` (32 B) draws who stands where.
    """
    paper = _Paper(fonts)
    _draw_letter(paper, printed)
    _draw_rings(paper, printed, seed)
    _draw_list(paper, printed)
    return _DATE.sub(lambda found: b" " * len(found[0]), bytes(paper.output()))


class _Paper(FPDF):
    """A document with our fonts, which measures at size 1 and draws at any size."""

    def __init__(self, fonts: Fonts) -> None:
        super().__init__(unit="mm", format="A4")
        # The libraries log signs of what they draw, which are people's names.
        for library in ("fpdf", "fontTools"):
            logging.getLogger(library).setLevel(logging.CRITICAL)
        self.set_creation_date(_NO_DATE)
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(auto=False)
        families = [f"{FAMILY}{number}" for number in range(len(fonts.files))]
        for family, path in zip(families, fonts.files, strict=True):
            self.add_font(family, fname=path)
        self.set_font(families[0], size=10)
        self.set_fallback_fonts(families[1:], exact_match=False)
        self.set_text_shaping(use_shaping_engine=True)
        self.c_margin = 0
        self._widths: dict[str, float] = {}

    def file_id(self) -> None:
        """Return no identifier: the usual one is made of the time."""

    def measure(self, text: str) -> float:
        """Return a text's width at size 1."""
        if text not in self._widths:
            self.set_font_size(10)
            self._widths[text] = self.get_string_width(text) / 10
        return self._widths[text]

    def pieces(self, text: str, width: float) -> tuple[Piece, ...]:
        """Return a text's pieces, none of them wider than `width` at size 1."""
        return flow.pieces_of(text, self.measure, widest=width)

    def write_line(
        self, text: str, *, x: float, middle: float, size: float, align: Align
    ) -> None:
        """Draw one line whose middle is at this height; `x` is where it is aligned."""
        width = self.measure(text) * size
        height = rings.line_height(size)
        left = {Align.L: x, Align.R: x - width, Align.C: x - width / 2}[align]
        self.set_font_size(size)
        self.set_xy(left, middle - height / 2)
        self.cell(width, height, text, new_x=XPos.RIGHT, new_y=YPos.TOP)


# The letter -----------------------------------------------------------------


def _draw_letter(paper: _Paper, printed: Printed) -> None:
    paper.add_page()
    counts = {"count": printed.count, "threshold": printed.threshold}
    parts = [
        (printed.title, TITLE_SCALE),
        (ceremony.PAPER_TO.format(addressee=printed.addressee), 1.0),
        *[(line, 1.0) for line in printed.text.splitlines()],
        (ceremony.LETTER_SIGNED.format(**counts), 1.0),
        (ceremony.LETTER_CIRCLE, 1.0),
        (ceremony.LETTER_CHECK.format(mark=printed.mark), 1.0),
        (ceremony.LETTER_HANDED, 1.0),
    ]
    tries = [[*_letter_lines(paper, parts, size)] for size in LETTER_SIZES]
    bottom = SHEET_HEIGHT - MARGIN
    fitting = [lines for lines in tries if lines[-1].height < bottom]
    for line in next(iter(fitting), tries[-1]):
        paper.write_line(
            line.text, x=MARGIN, middle=line.height, size=line.size, align=Align.L
        )


def _letter_lines(
    paper: _Paper, parts: Sequence[tuple[str, float]], size: float
) -> Iterator[CircleLine]:
    """Yield the letter's lines, one below the other, with air between paragraphs."""
    middle = MARGIN
    for text, scale in parts:
        own = size * scale
        width = (SHEET_WIDTH - 2 * MARGIN) / own
        for line in flow.break_lines(paper.pieces(text, width), width):
            yield CircleLine(text=line, size=own, height=middle)
            middle += rings.line_height(own)
        middle += rings.line_height(size) / 2


# The rings ------------------------------------------------------------------


def _draw_rings(paper: _Paper, printed: Printed, seed: bytes) -> None:
    radius, lines = _circle(paper, printed)
    ring_field = Field(inner=radius + CIRCLE_AIR, outer=RING_OUTER)
    width = min(NAME_WIDTH, rings.width_max(ring_field))
    spokes = [_spoke(paper, name, width) for name, _ in printed.names]
    for sheet in rings.lay_rings(spokes, ring_field, seed=seed):
        paper.add_page()
        for line in lines:
            paper.write_line(
                line.text,
                x=CENTRE[0],
                middle=CENTRE[1] - line.height,
                size=line.size,
                align=Align.C,
            )
        for spoke in sheet.spokes:
            _draw_spoke(paper, spoke, sheet.size)


def _circle(paper: _Paper, printed: Printed) -> tuple[float, tuple[CircleLine, ...]]:
    """Return the text's circle and lines: whole if it fits, else the title alone."""
    count = ceremony.PAPER_COUNT.format(count=printed.count)
    to = ceremony.PAPER_TO.format(addressee=printed.addressee)
    whole = [(to, 1.0), *[(line, 1.0) for line in printed.text.splitlines()]]
    short = [(to, 1.0), (ceremony.PAPER_TEXT_IN_LETTER, 1.0)]
    for parts in (whole, short):
        texts = [(printed.title, TITLE_SCALE), *parts, (count, 1.0)]
        for radius in CIRCLE_RADII:
            for size in CIRCLE_SIZES:
                width = radius / size
                paragraphs = [
                    Paragraph(pieces=paper.pieces(text, width), scale=scale)
                    for text, scale in texts
                ]
                lines = flow.fill_circle(paragraphs, radius=radius, size=size)
                if lines is not None:
                    return radius, lines
    raise AssertionError("a title of 150 signs fits into the largest circle")


def _spoke(paper: _Paper, name: str, width: float) -> Spoke:
    lines = flow.break_lines(paper.pieces(name, width), width)
    return Spoke(lines=lines, width=max(paper.measure(line) for line in lines))


def _draw_spoke(paper: _Paper, spoke: PlacedSpoke, size: float) -> None:
    """Write a name along its ray, from the middle out or towards the middle."""
    turned = spoke.is_turned
    side = -1 if turned else 1
    with paper.rotation(spoke.angle + 180 * turned, *CENTRE):
        for number, line in enumerate(spoke.lines):
            below = number - (len(spoke.lines) - 1) / 2
            paper.write_line(
                line,
                x=CENTRE[0] + side * spoke.radius,
                middle=CENTRE[1] + below * rings.line_height(size),
                size=size,
                align=Align.R if turned else Align.L,
            )


# The list -------------------------------------------------------------------


def _draw_list(paper: _Paper, printed: Printed) -> None:
    width = (SHEET_WIDTH - 2 * MARGIN - COLUMN_GAP) / LIST_COLUMNS
    columns = _columns(
        [
            flow.break_lines(paper.pieces(text, width / LIST_SIZE), width / LIST_SIZE)
            for text in _entries(printed)
        ]
    )
    for number, column in enumerate(columns):
        place = number % LIST_COLUMNS
        if place == 0:
            paper.add_page()
            _draw_heading(paper, printed)
        middle = LIST_TOP
        for line in column:
            paper.write_line(
                line,
                x=MARGIN + place * (width + COLUMN_GAP),
                middle=middle,
                size=LIST_SIZE,
                align=Align.L,
            )
            middle += rings.line_height(LIST_SIZE)


def _entries(printed: Printed) -> list[str]:
    entries = [", ".join(part for part in name if part) for name in printed.names]
    if printed.not_drawn:
        entries.append(ceremony.LIST_NOT_DRAWN.format(count=printed.not_drawn))
    if printed.damaged:
        entries.append(ceremony.LIST_DAMAGED.format(count=printed.damaged))
    return entries


def _columns(entries: Sequence[tuple[str, ...]]) -> list[list[str]]:
    """Return columns of lines; no name begins in one and ends in another."""
    room = int((SHEET_HEIGHT - MARGIN - LIST_TOP) / rings.line_height(LIST_SIZE))
    columns: list[list[str]] = [[]]
    for entry in entries:
        if len(columns[-1]) + len(entry) > room:
            columns.append([])
        columns[-1] += entry
    return columns


def _draw_heading(paper: _Paper, printed: Printed) -> None:
    width = (SHEET_WIDTH - 2 * MARGIN) / LETTER_SIZE
    title = flow.break_lines(paper.pieces(printed.title, width), width)
    paper.write_line(title[0], x=MARGIN, middle=MARGIN, size=LETTER_SIZE, align=Align.L)
    paper.write_line(
        ceremony.LIST_TITLE,
        x=MARGIN,
        middle=MARGIN + rings.line_height(LETTER_SIZE),
        size=LIST_SIZE,
        align=Align.L,
    )
