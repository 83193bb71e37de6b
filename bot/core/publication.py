"""The rules R0 to R10: the only place from which results leave (protocol.md §5).

Everything here is a pure function: the same counts always give the same words. What
each rule hides, and the measured figures, stand in docs/publication.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from bot.core.released import (
    ANSWERS_MIN,
    BASE_MIN,
    CHOSEN_LABELS,
    FEW,
    FEW_MAX,
    LARGE,
    LARGE_BASE,
    LARGE_BASE_WIDE,
    REST,
    SEGMENT_FACTOR,
    TOP,
    OptionTable,
    ReleasedRow,
    ReleasedTable,
    SegmentTable,
    from_certified,
    is_base,
    results_to_json,
    to_certified,
)
from bot.core.tallies import Choice, RawTally, SegmentTally

__all__ = [
    "Change",
    "OptionTable",
    "ReleasedRow",
    "ReleasedTable",
    "Rules",
    "SegmentTable",
    "Statistics",
    "about",
    "changes",
    "from_certified",
    "release_table",
    "statistics",
    "to_certified",
    "to_json",
    "turnout_floor",
    "turnout_step",
]

OTHER = "Other"
# R3 and R6: with fewer answers a mean, or a change, would say too much of one person.
NUMERIC_MIN = 20
# R3: what a cell of "0–4" counts for in sums.
FEW_GUESS = 2
# Where the guesses for "0–4" make up more than this part of the answers, there is no
# statistic. Seven of eleven rows of an NPS pull down, so it bears fewer of them.
GUESSED_MAX = {Choice.SCALE: Fraction(1, 2), Choice.NPS: Fraction(1, 4)}
# R0: (first count that the step no longer holds for, step), then `STEP_LAST`.
STEPS = ((100, 10), (500, 25))
STEP_LAST = 100

_ANSWERS_MIN_MAX = 10**6
_PROMOTER_MIN = 9
_DETRACTOR_MAX = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A drive's rules: version 1, or stricter in the two numbers, never looser (R10).

    `answers_min` people must have answered before anything is released, and counts are
    rounded to `base_min` or something coarser (5, 10, 20, 25, 50 or 100).
    """

    version: int = 1
    answers_min: int = ANSWERS_MIN
    base_min: int = BASE_MIN

    def __post_init__(self) -> None:
        if self.version != 1:
            raise ValueError("there is one version of the rules")
        if not ANSWERS_MIN <= self.answers_min <= _ANSWERS_MIN_MAX:
            raise ValueError("rules can be stricter than ten answers, never looser")
        if not is_base(self.base_min) or self.base_min > self.answers_min:
            raise ValueError(
                "a base is one of 5, 10, 20, 25, 50, 100, and within answers_min"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Numbers that follow from a released table: a mean in tenths, or an NPS.

    `mean_tenths` is there for `scale` (10 to 50), `nps` for `nps` (-100 to 100).
    """

    mean_tenths: int | None
    nps: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row that moved between two counts of a pulse, by about `by` people (R6)."""

    label: str
    before: str
    after: str
    by: int


def release_table(tally: RawTally, rules: Rules) -> ReleasedTable | None:
    """Return what everybody may know of `tally`, or nothing below `answers_min` (R1).

    No number in it is a cell of four or fewer, the largest cell never has one, and
    neighbouring unanimous polls give the same table (R2).
    """
    if tally.answers < rules.answers_min:
        return None
    multi = tally.choice is Choice.MULTI
    base = _base(tally.answers, rules, wide=multi)
    whole = ReleasedTable(
        choice=tally.choice,
        total=tally.answers // base * base,
        base=base,
        rules=rules.version,
        rows=() if multi else _release_rows(tally.labels, tally.cells, base),
        tables=_release_options(tally, base) if multi else (),
    )
    return whole if multi else replace(whole, segments=_release_segments(tally, rules))


def turnout_floor(counted: int, *, before: int = 0) -> int:
    """Return the floor to show at a count, 0 for "no number yet" (R0).

    `before` is the floor shown until now; the floor never falls below it.
    """
    floor = counted // turnout_step(counted) * turnout_step(counted)
    return max(before, floor)


def turnout_step(floor: int) -> int:
    """Return the step in which the floor moves from `floor` on: 10, 25 or 100 (R0)."""
    return next((step for end, step in STEPS if floor < end), STEP_LAST)


def about(rows: Sequence[ReleasedRow], *, total: int, base: int) -> int | None:
    """Return N of "the rest, about N", or nothing where it is below `base` (R3).

    It is what the released total leaves over, to the nearest base.
    """
    if REST not in [row.shown for row in rows]:
        return None
    rounded = _nearest(_left_over(rows, total), base)
    return rounded if rounded >= base else None


def statistics(table: ReleasedTable) -> Statistics | None:
    """Return the mean of a scale or the NPS, from the released rows alone (R3).

    Nothing for other choices, below 20 answers, and where too much of it would be
    guesses for "0–4".
    """
    guessed_max = GUESSED_MAX.get(table.choice)
    if guessed_max is None or table.total < NUMERIC_MIN:
        return None
    few = [row.shown for row in table.rows].count(FEW)
    if few == len(table.rows) or few * FEW_GUESS > table.total * guessed_max:
        return None
    cells = estimates(table.rows, table.total)
    people = sum(cells)
    values = [int(row.label) for row in table.rows]
    if table.choice is Choice.SCALE:
        points = sum(value * cell for value, cell in zip(values, cells, strict=True))
        return Statistics(mean_tenths=_half_up(Fraction(10 * points, people)), nps=None)
    balance = sum(
        cell * ((value >= _PROMOTER_MIN) - (value <= _DETRACTOR_MAX))
        for value, cell in zip(values, cells, strict=True)
    )
    return Statistics(mean_tenths=None, nps=_half_up(Fraction(100 * balance, people)))


def estimates(rows: Sequence[ReleasedRow], total: int) -> list[Fraction]:
    """Return people for each row, as the table lets guess them (R3).

    What is left over is shared by the largest.
    """
    shown = [row.shown for row in rows]
    largest = shown.count(REST) + shown.count(TOP)
    # The largest cell holds five at least, whatever the rounding leaves over.
    left = max(Fraction(_left_over(rows, total), largest), Fraction(FEW_MAX + 1))
    return [
        Fraction(row.number)
        if row.number is not None
        else Fraction(FEW_GUESS)
        if row.shown == FEW
        else left
        for row in rows
    ]


def changes(before: ReleasedTable, after: ReleasedTable) -> tuple[Change, ...]:
    """Return the rows of a pulse that moved by two bases or more (R6).

    Nothing below 20 answers in one of the two. Rows of the top group have no number to
    compare. Both tables must answer the same question.
    """
    pairs = list(zip(_compared(before), _compared(after), strict=True))
    if any(old.label != new.label for old, new in pairs):
        raise ValueError("two tables of different questions are not compared")
    if min(before.total, after.total) < NUMERIC_MIN:
        return ()
    base = max(before.base, after.base)
    moved: list[Change] = []
    for old, new in pairs:
        if old.people is None or new.people is None:
            continue
        by = new.people - old.people
        if abs(by) >= 2 * base:
            size = abs(by) // base * base
            moved.append(
                Change(
                    label=old.label,
                    before=old.shown,
                    after=new.shown,
                    by=size if by > 0 else -size,
                )
            )
    return tuple(moved)


def to_json(table: ReleasedTable) -> dict[str, object]:
    """Return the object that other programs read, with statistics and no choice."""
    found = statistics(table)
    mean = (
        None if found is None or found.mean_tenths is None else found.mean_tenths / 10
    )
    stats = None if found is None else {"mean": mean, "nps": found.nps}
    body: dict[str, object] = {
        "total": table.total,
        "base": table.base,
        "rules": table.rules,
    }
    return body | {**results_to_json(table)} | {"stats": stats}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    label: str
    shown: str
    people: int | None


def _compared(table: ReleasedTable) -> list[_Compared]:
    if table.tables:
        rows = [replace(part.rows[0], label=part.label) for part in table.tables]
    else:
        rows = list(table.rows)
    people: dict[str, int | None] = {FEW: FEW_GUESS, TOP: None}
    found: list[_Compared] = []
    for row, siblings in zip(rows, _siblings(table), strict=True):
        rest = about(siblings, total=table.total, base=table.base)
        known = {**people, REST: rest}
        number = known[row.shown] if row.number is None else row.number
        found.append(_Compared(label=row.label, shown=row.shown, people=number))
    return found


def _siblings(table: ReleasedTable) -> Sequence[tuple[ReleasedRow, ...]]:
    return table.all_rows() if table.tables else table.all_rows() * len(table.rows)


def _base(answers: int, rules: Rules, *, wide: bool) -> int:
    """Return what counts are rounded to.

    `wide`: one person's answer touches a second table, so rounding is coarser from
    `LARGE` on (docs/publication.md has the figures).
    """
    if answers < LARGE:
        return rules.base_min
    return max(rules.base_min, LARGE_BASE_WIDE if wide else LARGE_BASE)


def _release_rows(
    labels: Sequence[str], cells: Sequence[int], base: int
) -> tuple[ReleasedRow, ...]:
    largest = max(cells)
    top = [cell for cell in cells if cell > FEW_MAX and cell >= largest - base]
    # Where even the largest cell is small, nothing is the rest: "0–4" comes first.
    first = TOP if len(top) > 1 else REST
    return tuple(
        ReleasedRow(
            label=label,
            shown=first if cell in top else _shown(cell, base),
        )
        for label, cell in zip(labels, cells, strict=True)
    )


def _shown(cell: int, base: int) -> str:
    return FEW if cell <= FEW_MAX else str(max(base, _nearest(cell, base)))


def _release_options(tally: RawTally, base: int) -> tuple[OptionTable, ...]:
    """Return R5's tables: each option alone, nothing about which went together."""
    return tuple(
        OptionTable(
            label=label,
            rows=_release_rows(CHOSEN_LABELS, (cell, tally.answers - cell), base),
        )
        for label, cell in zip(tally.labels, tally.cells, strict=True)
    )


def _release_segments(tally: RawTally, rules: Rules) -> tuple[SegmentTable, ...]:
    """Return R4's tables in the manifest's order, "Other" last, or nothing."""
    parts = _merge_segments(tally, SEGMENT_FACTOR * rules.answers_min)
    tables: list[SegmentTable] = []
    for part in parts:
        base = _base(part.answers, rules, wide=True)
        tables.append(
            SegmentTable(
                label=part.label,
                total=part.answers // base * base,
                base=base,
                rows=_release_rows(tally.labels, part.cells, base),
            )
        )
    return tuple(tables)


def _merge_segments(tally: RawTally, answers_min: int) -> list[SegmentTally]:
    """Return segments of `answers_min` or more that hold everybody, or nothing.

    Who named no segment, and whose segment is too small, is in "Other". While that is
    too small itself, the smallest segment joins it. Two segments of `answers_min` each
    also give each of them a complement of `answers_min`.
    """
    if not tally.segments:
        return []
    kept: list[SegmentTally] = []
    other = replace(tally.without_segment(), label=OTHER)
    for part in tally.segments:
        if part.answers < answers_min or part.label == OTHER:
            other = _joined(other, part)
        else:
            kept.append(part)
    while kept and 0 < other.answers < answers_min:
        # The last of equally small ones: the order of the manifest decides.
        smallest = min(reversed(kept), key=lambda part: part.answers)
        kept.remove(smallest)
        other = _joined(other, smallest)
    if other.answers:
        kept.append(other)
    return kept if len(kept) > 1 else []


def _joined(one: SegmentTally, more: SegmentTally) -> SegmentTally:
    return replace(
        one,
        answers=one.answers + more.answers,
        cells=tuple(a + b for a, b in zip(one.cells, more.cells, strict=True)),
    )


def _left_over(rows: Sequence[ReleasedRow], total: int) -> int:
    numbers = sum(row.number for row in rows if row.number is not None)
    return total - numbers - FEW_GUESS * [row.shown for row in rows].count(FEW)


def _nearest(count: int, base: int) -> int:
    """Return the multiple of `base` nearest to `count`, halves up."""
    return (2 * count + base) // (2 * base) * base


def _half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
