"""What was released as a picture: an SVG of bars, from that alone (pure; R3).

Rows stand in the order of the terms. A bar whose length is worked out rather than shown
is hatched: pattern and words tell it apart, not colour alone.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.publication import ReleasedRow, ReleasedTable, about, estimates
from bot.core.released import FEW, REST, TOP
from bot.views import text
from bot.views.widgets import Goal, Shown

# Twice the width of a narrow phone, where 26 is read as 13.
WIDTH = 720
FONT = "DejaVu Sans, Noto Sans, Liberation Sans, Arial, sans-serif"
# As many characters of this size as fit the width; longer labels are cut.
LABEL_CHARS_MAX = 42
_MARGIN = 24
_FONT_PIXELS = 26
_TITLE_PIXELS = 54
_ROW_PIXELS = 92
_BAR_PIXELS = 34
# The longest words beside a bar have room to its right.
_BAR_WIDTH_MAX = 210
_BAR_WIDTH_MIN = 6
# Okabe and Ito's blue and grey, which people with any kind of sight tell apart.
_BLUE = "#0072B2"
_GREY = "#7F7F7F"
_INK = "#1A1A1A"
_HATCH = (
    '<defs><pattern id="h" width="10" height="10" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="10" height="10" fill="#FFFFFF"/>'
    f'<rect width="5" height="10" fill="{_BLUE}"/></pattern></defs>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bar:
    """One row: its label, the words beside the bar, and the people it stands for."""

    label: str
    said: str
    people: float
    fill: str


def chart_svg(shown: Shown) -> str:
    """Return a picture of `shown`, readable at half its width of 720."""
    if isinstance(shown, Goal):
        drawn, height = _goal(shown)
    else:
        drawn, height = _table(shown)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}">{_HATCH}'
        f'<rect width="{WIDTH}" height="{height}" fill="#FFFFFF"/>'
        f"{''.join(drawn)}</svg>"
    )


def _goal(goal: Goal) -> tuple[list[str], int]:
    """Return a frame of the whole width, filled as far as the goal is reached."""
    whole = WIDTH - 2 * _MARGIN
    width = round(whole * min(goal.reached, goal.wanted) / goal.wanted)
    said, below = text.BAR_GOAL, ""
    if goal.people:
        said, below = text.BAR_GOAL_OF, text.BAR_NEEDED
    numbers = {
        "reached": f"{goal.reached:,}",
        "wanted": f"{goal.wanted:,}",
        "people": f"{goal.people:,}",
    }
    top = _MARGIN + _FONT_PIXELS + 12
    drawn = [
        _words(said.format(**numbers), _MARGIN, _MARGIN + _FONT_PIXELS),
        _rect(top, width, _BLUE, "none"),
        _rect(top, whole, "none", _INK),
    ]
    bottom = top + _BAR_PIXELS
    if below:
        bottom += 12 + _FONT_PIXELS
        drawn.append(_words(below.format(**numbers), _MARGIN, bottom))
    return drawn, bottom + _MARGIN


def _table(table: ReleasedTable) -> tuple[list[str], int]:
    parts = [
        (part.label, _bars(part.rows, table.total, table.base)) for part in table.tables
    ] or [("", _bars(table.rows, table.total, table.base))]
    most = max(bar.people for _, bars in parts for bar in bars)
    drawn: list[str] = []
    top = _MARGIN
    for title, bars in parts:
        if title:
            drawn.append(_words(title, _MARGIN, top + _FONT_PIXELS, bold=True))
            top += _TITLE_PIXELS
        for bar in bars:
            drawn += _drawn(bar, top, most)
            top += _ROW_PIXELS
    total = text.RESULT_TOTAL.format(total=table.total)
    drawn.append(_words(total, _MARGIN, top + _FONT_PIXELS))
    return drawn, top + _FONT_PIXELS + _MARGIN


def _bars(rows: Sequence[ReleasedRow], total: int, base: int) -> list[_Bar]:
    left = about(rows, total=total, base=base)
    return [
        _Bar(
            label=row.label,
            said=_said(row, left),
            people=float(left if row.shown == REST and left else people),
            fill=_fill(row),
        )
        for row, people in zip(rows, estimates(rows, total), strict=True)
    ]


def _said(row: ReleasedRow, left: int | None) -> str:
    if row.shown == REST and left is not None:
        return text.BAR_REST_ABOUT.format(about=left)
    fixed = {REST: text.BAR_REST, TOP: text.BAR_TOP, FEW: text.BAR_FEW}
    if row.shown in fixed:
        return fixed[row.shown]
    return text.BAR_NUMBER.format(number=row.number)


def _fill(row: ReleasedRow) -> str:
    if row.shown in (REST, TOP):
        return "url(#h)"
    return _GREY if row.shown == FEW else _BLUE


def _drawn(bar: _Bar, top: int, most: float) -> list[str]:
    width = max(_BAR_WIDTH_MIN, round(_BAR_WIDTH_MAX * bar.people / most))
    bar_top = top + _FONT_PIXELS + 12
    stroke = _GREY if bar.fill == _GREY else _BLUE
    return [
        _words(bar.label, _MARGIN, top + _FONT_PIXELS),
        _rect(bar_top, width, bar.fill, stroke),
        _words(bar.said, _MARGIN + width + 12, bar_top + _FONT_PIXELS),
    ]


def _rect(top: int, width: int, fill: str, stroke: str) -> str:
    return (
        f'<rect x="{_MARGIN}" y="{top}" width="{width}" height="{_BAR_PIXELS}" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="2"/>'
    )


def _words(words: str, x: int, y: int, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x}" y="{y}" font-family="{FONT}" font-size="{_FONT_PIXELS}"'
        f'{weight} fill="{_INK}">{html.escape(_cut(words))}</text>'
    )


def _cut(words: str) -> str:
    """Return words that fit the width, without signs that no picture can hold."""
    shown = "".join(sign if sign.isprintable() else " " for sign in words)
    if len(shown) <= LABEL_CHARS_MAX:
        return shown
    return f"{shown[: LABEL_CHARS_MAX - 1]}…"
