"""Polls to publish: their tallies, named in one line, and any of them."""

from hypothesis import strategies as st

from bot.core.publication import ReleasedTable, Rules, release_table
from bot.core.tallies import Choice, RawTally, SegmentTally

RULES = Rules()
SCALE = ("1", "2", "3", "4", "5")
NPS = tuple(str(n) for n in range(11))


def tally(*cells: int, segments: tuple[SegmentTally, ...] = ()) -> RawTally:
    """Return the tally of a poll with one answer a person."""
    return RawTally(
        choice=Choice.SINGLE,
        labels=tuple("ABCDEFGHIJKLMNOPQRST"[: len(cells)]),
        answers=sum(cells),
        cells=cells,
        segments=segments,
    )


def several(answers: int, *cells: int) -> RawTally:
    """Return the tally of a poll with several choices."""
    labels = tuple("ABCDEFGHIJKLMNOPQRST"[: len(cells)])
    return RawTally(choice=Choice.MULTI, labels=labels, answers=answers, cells=cells)


def rated(choice: Choice, *cells: int) -> RawTally:
    """Return the tally of a scale or of an NPS question."""
    labels = SCALE if choice is Choice.SCALE else NPS
    return RawTally(choice=choice, labels=labels, answers=sum(cells), cells=cells)


def parts(*counts: tuple[int, ...]) -> tuple[SegmentTally, ...]:
    """Return segments named P, Q, R and so on, with these cells."""
    return tuple(
        SegmentTally(label=label, answers=sum(cells), cells=cells)
        for label, cells in zip("PQRSTU", counts, strict=False)
    )


def released(raw: RawTally, rules: Rules = RULES) -> ReleasedTable:
    """Return the table of a tally that has one."""
    table = release_table(raw, rules)
    assert table is not None
    return table


def shown(raw: RawTally, rules: Rules = RULES) -> list[str]:
    """Return what the rows of the released table show."""
    return [row.shown for row in released(raw, rules).rows]


cells_of_polls = st.lists(st.integers(0, 60), min_size=2, max_size=20)
choices = st.sampled_from(Choice)


@st.composite
def tallies(draw: st.DrawFn) -> RawTally:
    """Draw any tally, of any choice, with and without segments."""
    choice = draw(choices)
    labels = {Choice.SCALE: SCALE, Choice.NPS: NPS}.get(choice)
    size = len(labels) if labels else draw(st.integers(2, 6))
    counts = st.tuples(*[st.integers(0, draw(st.sampled_from([3, 9, 60])))] * size)
    groups = draw(st.lists(counts, min_size=1, max_size=5))
    unnamed = draw(counts)
    cells = tuple(map(sum, zip(unnamed, *groups, strict=True)))
    if choice is Choice.MULTI:
        return several(max(cells) + draw(st.integers(0, 30)), *cells)
    segments = parts(*groups) if draw(st.booleans()) else ()
    return RawTally(
        choice=choice,
        labels=labels or tuple("ABCDEF"[:size]),
        answers=sum(cells),
        cells=cells,
        segments=segments,
    )


rules_of_drives = st.sampled_from(
    [RULES, Rules(answers_min=12), Rules(answers_min=30, base_min=10)]
)
