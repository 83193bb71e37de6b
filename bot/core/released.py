"""The released table: the only form in which results exist outside the counter.

A table that exists is possible: there are counts for which `bot.core.publication`
releases exactly it (protocol.md §5). That holds for tables read from a certificate
too, so nothing can be shown that the rules would not have shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core import canonical
from bot.core.canonical import JsonObject, JsonValue, Malformed
from bot.core.tallies import FIXED_LABELS, Choice

# The words of R2; the dash of "0–4" is U+2013.
FEW = "0–4"
REST = "the rest"
TOP = "top group"
# R2: a cell of four or fewer is never told from an empty one.
FEW_MAX = 4
# R1, R10: no rules release anything of fewer answers.
ANSWERS_MIN = 10
# R4: a segment needs twice as many answers as a table (docs/publication.md).
SEGMENT_FACTOR = 2
# R2, R10: a base divides 100, so that a total below 100 is told from one above it.
BASE_MIN = 5
BASE_MAX = 100
# R2: from here on the base is 10, or 20 where one answer touches two tables.
LARGE = 100
LARGE_BASE = 10
LARGE_BASE_WIDE = 20
CHOSEN_LABELS = ("Chosen", "Not chosen")

_LABEL_CHARS_MAX = 75
_ROWS_MAX = 20
_SEGMENTS_MAX = 20
_PEOPLE_MAX = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedRow:
    """One option and what is shown for it: "the rest", "top group", "0–4", a number."""

    label: str
    shown: str

    def __post_init__(self) -> None:
        if self.shown in (FEW, REST, TOP):
            return
        # The length comes first: a long numeral must not be converted.
        digits = self.shown.isascii() and self.shown.isdecimal()
        if not digits or len(self.shown) > len(str(_PEOPLE_MAX)):
            raise ValueError("a row shows what no rule shows")
        if self.shown != str(int(self.shown)):
            raise ValueError("a number is not written in the one way")

    @property
    def number(self) -> int | None:
        """The number shown, or nothing where words are shown."""
        return None if self.shown in (FEW, REST, TOP) else int(self.shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionTable:
    """One option of a `multi` poll with its rows, "Chosen" and "Not chosen"."""

    label: str
    rows: tuple[ReleasedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentTable:
    """The answers of one segment; `total` is rounded down to `base` (people)."""

    label: str
    total: int
    base: int
    rows: tuple[ReleasedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedTable:
    """What everybody may know of a drive: at least `total` people answered, so.

    `multi` fills `tables`, every other choice `rows`, both in the manifest's order.
    `base` is what counts and total are rounded to, `rules` the version of R0 to R10.
    """

    choice: Choice
    total: int
    base: int
    rules: int = 1
    rows: tuple[ReleasedRow, ...] = ()
    tables: tuple[OptionTable, ...] = ()
    segments: tuple[SegmentTable, ...] = ()

    def __post_init__(self) -> None:
        multi = self.choice is Choice.MULTI
        if self.rules != 1 or multi == bool(self.rows) or multi != bool(self.tables):
            raise ValueError("a table has the parts of another kind")
        _check_labels(self.choice, [part.label for part in self.tables or self.rows])
        if not _is_base(self.total, self.base, wide=multi):
            raise ValueError("a table has another base than its total asks for")
        for rows in self.all_rows():
            _check_rows(rows, total=self.total, base=self.base, answers_min=ANSWERS_MIN)
        if multi:
            self._check_options()
        if self.segments:
            self._check_segments()

    def all_rows(self) -> tuple[tuple[ReleasedRow, ...], ...]:
        """Return the rows of each table of the whole: one, or one for each option."""
        return tuple(part.rows for part in self.tables) or (self.rows,)

    def _check_options(self) -> None:
        if self.segments:
            raise ValueError("several choices are never broken down")
        for rows in self.all_rows():
            if tuple(row.label for row in rows) != CHOSEN_LABELS:
                raise ValueError("an option has other rows than chosen and not chosen")

    def _check_segments(self) -> None:
        labels = [row.label for row in self.rows]
        names = {part.label for part in self.segments}
        if len(self.segments) == 1 or len(names) != len(self.segments):
            raise ValueError("a breakdown needs two segments or more, all different")
        for part in self.segments:
            if [row.label for row in part.rows] != labels:
                raise ValueError("a segment has other rows than the whole")
            if not _is_base(part.total, part.base, wide=True):
                raise ValueError("a segment has another base than its total asks for")
            _check_rows(
                part.rows,
                total=part.total,
                base=part.base,
                answers_min=SEGMENT_FACTOR * ANSWERS_MIN,
            )
        low = sum(part.total for part in self.segments)
        high = low + sum(part.base - 1 for part in self.segments)
        if low > self.total + self.base - 1 or high < self.total:
            raise ValueError("the segments hold other people than the whole")


def is_base(base: int) -> bool:
    """Tell whether counts may be rounded to `base`: 5, 10, 20, 25, 50 or 100."""
    return BASE_MIN <= base <= BASE_MAX and base % BASE_MIN == 0 == LARGE % base


def to_certified(table: ReleasedTable) -> JsonObject:
    """Return the object that certificates carry: integers and texts alone.

    Statistics are left out, because they follow from the rows (R3).
    """
    body: JsonObject = {
        "choice": table.choice.value,
        "total": table.total,
        "base": table.base,
        "rules": table.rules,
    }
    return body | results_to_json(table)


def from_certified(value: JsonValue) -> ReleasedTable:
    """Return the table that `value` describes, or raise `Malformed`.

    Refused are other keys, other types, and tables that no counts can lead to.
    """
    if not isinstance(value, dict):
        raise Malformed("a table is no object")
    keys = {
        "choice",
        "total",
        "base",
        "rules",
        "tables" if "tables" in value else "rows",
    }
    if "segments" in value:
        keys.add("segments")
    fields = canonical.object_of(value, frozenset(keys))
    segments = _segments_of(fields["segments"]) if "segments" in fields else ()
    try:
        return ReleasedTable(
            choice=Choice(canonical.text_of(fields["choice"], 10)),
            total=canonical.integer_of(fields["total"], 0, _PEOPLE_MAX),
            base=canonical.integer_of(fields["base"], 1, BASE_MAX),
            rules=canonical.integer_of(fields["rules"], 1, 1),
            rows=_rows_of(fields["rows"]) if "rows" in fields else (),
            tables=_tables_of(fields["tables"]) if "tables" in fields else (),
            segments=segments,
        )
    except Malformed:
        raise
    except ValueError:
        raise Malformed("a table that cannot be") from None


def results_to_json(table: ReleasedTable) -> JsonObject:
    """Return "rows" or "tables", and "segments" where there are any."""
    results: JsonObject = {}
    if table.tables:
        results["tables"] = [
            {"label": part.label, "rows": _rows_to_json(part.rows)}
            for part in table.tables
        ]
    else:
        results["rows"] = _rows_to_json(table.rows)
    if table.segments:
        results["segments"] = [
            {
                "label": part.label,
                "total": part.total,
                "base": part.base,
                "rows": _rows_to_json(part.rows),
            }
            for part in table.segments
        ]
    return results


def _rows_to_json(rows: Sequence[ReleasedRow]) -> list[JsonValue]:
    return [{"label": row.label, "shown": row.shown} for row in rows]


def _rows_of(value: JsonValue) -> tuple[ReleasedRow, ...]:
    rows: list[ReleasedRow] = []
    for item in canonical.list_of(value, _ROWS_MAX):
        fields = canonical.object_of(item, frozenset({"label", "shown"}))
        label = canonical.text_of(fields["label"], _LABEL_CHARS_MAX)
        try:
            row = ReleasedRow(label=label, shown=canonical.text_of(fields["shown"], 10))
        except Malformed:
            raise
        except ValueError:
            raise Malformed("a row shows what no rule shows") from None
        rows.append(row)
    return tuple(rows)


def _tables_of(value: JsonValue) -> tuple[OptionTable, ...]:
    keys = frozenset({"label", "rows"})
    objects = [
        canonical.object_of(item, keys) for item in canonical.list_of(value, _ROWS_MAX)
    ]
    return tuple(
        OptionTable(
            label=canonical.text_of(fields["label"], _LABEL_CHARS_MAX),
            rows=_rows_of(fields["rows"]),
        )
        for fields in objects
    )


def _segments_of(value: JsonValue) -> tuple[SegmentTable, ...]:
    keys = frozenset({"label", "total", "base", "rows"})
    items = canonical.list_of(value, _SEGMENTS_MAX)
    if not items:
        raise Malformed("segments are named and there are none")
    objects = [canonical.object_of(item, keys) for item in items]
    return tuple(
        SegmentTable(
            label=canonical.text_of(fields["label"], _LABEL_CHARS_MAX),
            total=canonical.integer_of(fields["total"], 0, _PEOPLE_MAX),
            base=canonical.integer_of(fields["base"], 1, BASE_MAX),
            rows=_rows_of(fields["rows"]),
        )
        for fields in objects
    )


def _check_labels(choice: Choice, labels: list[str]) -> None:
    if len(labels) < 2 or len(set(labels)) != len(labels):  # noqa: PLR2004 - one option alone is no choice
        raise ValueError("a table needs two rows or more, all different")
    if FIXED_LABELS.get(choice, tuple(labels)) != tuple(labels):
        raise ValueError("a scale has other labels than the table")


def _is_base(total: int, base: int, *, wide: bool) -> bool:
    if not is_base(base) or total % base:
        return False
    # A base divides `LARGE`: a total below it means fewer people than it.
    return total < LARGE or base >= (LARGE_BASE_WIDE if wide else LARGE_BASE)


def _check_rows(
    rows: Sequence[ReleasedRow], *, total: int, base: int, answers_min: int
) -> None:
    """Raise unless some counts are released as exactly these rows.

    The sum of the possible counts grows with the largest cell, so the largest value
    that the total allows decides.
    """
    numbers = [row.number for row in rows if row.number is not None]
    if any(number % base or not number for number in numbers):
        raise ValueError("a number is no multiple of the base")
    shown = [row.shown for row in rows]
    largest = shown.count(REST) + shown.count(TOP)
    if shown.count(TOP) == 1 or (REST in shown and largest > 1):
        raise ValueError("a table has another largest cell than one")
    few = shown.count(FEW)
    lows = [_number_low(number, base) for number in numbers]
    highs = [number + (base - 1) // 2 for number in numbers]
    people_max = total + base - 1
    if largest == 0:
        if numbers:
            raise ValueError("a table has no largest cell")
        top, high = 0, FEW_MAX * few
    else:
        top = _largest_max(people_max - sum(lows), largest, base)
        high = top * largest + FEW_MAX * few
        high += sum(min(number, top - base - 1) for number in highs)
        if top <= FEW_MAX or any(number + base >= top for number in lows):
            raise ValueError("a table shows more people than its total")
    if total < base or people_max < answers_min or high < max(total, answers_min):
        raise ValueError("a table shows fewer people than its total")


def _number_low(number: int, base: int) -> int:
    """Return the least count that is shown as `number`: never below five."""
    return FEW_MAX + 1 if number == base else number - base // 2


def _largest_max(people: int, cells: int, base: int) -> int:
    """Return the most that the largest of `cells` can hold.

    The others of the group hold at least five each and reach within `base` of it.
    """
    near = (people + (cells - 1) * base) // cells
    if near - base > FEW_MAX:
        return near
    return min(people - (cells - 1) * (FEW_MAX + 1), FEW_MAX + 1 + base)
