"""What may be said of a count: the rules R0 to R2, R4, R5 and R10."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.publication import (
    Rules,
    release_table,
    turnout_floor,
    turnout_step,
)
from bot.core.tallies import Choice, RawTally, SegmentTally, tally_from_counts
from tests.core.polls import (
    RULES,
    cells_of_polls,
    parts,
    released,
    rules_of_drives,
    several,
    shown,
    tallies,
    tally,
)

# --- R0 -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counted", "floor", "step"),
    [
        (0, 0, 10),
        (9, 0, 10),
        (10, 10, 10),
        (99, 90, 10),
        (100, 100, 25),
        (124, 100, 25),
        (499, 475, 25),
        (500, 500, 100),
        (699, 600, 100),
    ],
)
def test_turnout_moves_in_steps(counted: int, floor: int, step: int) -> None:
    """The floor and the step that is said beside it."""
    assert turnout_floor(counted) == floor
    assert turnout_step(floor) == step


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_turnout_never_falls(counted: int, later: int) -> None:
    """Whatever a later count says, the floor that was shown still holds."""
    before = turnout_floor(counted)

    assert turnout_floor(later, before=before) == max(before, turnout_floor(later))


# --- R1 -------------------------------------------------------------------------------


def test_nine_answers_release_nothing() -> None:
    """Under ten answers there is no table, so not even their number."""
    assert release_table(tally(9, 0), RULES) is None
    assert release_table(tally(10, 0), RULES) is not None


def test_stricter_drive_waits_for_more() -> None:
    """A drive that asks for twenty answers releases nothing of nineteen."""
    assert release_table(tally(19, 0), Rules(answers_min=20)) is None


# --- R2 -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ((20, 10, 0), ["the rest", "10", "0–4"]),
        ((13, 0), ["the rest", "0–4"]),
        ((12, 1), ["the rest", "0–4"]),
        # The largest does not show a number, wherever it stands.
        ((5, 4, 30), ["5", "0–4", "the rest"]),
        # Within the base of the largest, and one beyond it.
        ((12, 7), ["top group", "top group"]),
        ((13, 7), ["the rest", "5"]),
        ((10, 10, 10), ["top group", "top group", "top group"]),
        # "0–4" comes first: seven and four are near, and four stays hidden.
        ((7, 4), ["the rest", "0–4"]),
        # Where the largest is small too, nothing is the rest.
        ((4, 4, 3), ["0–4", "0–4", "0–4"]),
        ((4, 4, 4, 1), ["0–4", "0–4", "0–4", "0–4"]),
        ((30, 7, 8, 12, 13), ["the rest", "5", "10", "10", "15"]),
        # From 100 answers on the base is 10; a half goes up, and none below the base.
        ((70, 14, 15, 5), ["the rest", "10", "20", "10"]),
        ((55, 45), ["top group", "top group"]),
        ((55, 44, 4), ["the rest", "40", "0–4"]),
    ],
)
def test_cells_are_hidden(cells: tuple[int, ...], expected: list[str]) -> None:
    """Each cell shows what R2 says."""
    assert shown(tally(*cells)) == expected


@pytest.mark.parametrize(
    ("cells", "total", "base"),
    [((10, 4), 10, 5), ((99, 0), 95, 5), ((100, 0), 100, 10), ((109, 0), 100, 10)],
)
def test_total_is_rounded_down(cells: tuple[int, ...], total: int, base: int) -> None:
    """The total never says more people than answered."""
    table = released(tally(*cells))

    assert (table.total, table.base) == (total, base)


def test_stricter_drive_rounds_more() -> None:
    """A drive's own base counts where it is the coarser one."""
    table = released(tally(60, 14, 5), Rules(answers_min=10, base_min=10))

    assert (table.total, table.base) == (70, 10)
    assert [row.shown for row in table.rows] == ["the rest", "10", "10"]


@given(cells_of_polls)
def test_small_cell_shows_no_number(cells: Sequence[int]) -> None:
    """No cell under five shows a number or a place, and the largest never a number."""
    table = release_table(tally(*cells), RULES)
    for count, line in zip(cells, table.rows if table else (), strict=False):
        if count < 5:
            assert line.shown == "0–4"
        else:
            assert line.shown != "0–4"
            assert count < max(cells) or line.number is None


@given(cells_of_polls)
def test_number_is_near_the_count(cells: Sequence[int]) -> None:
    """A number that is shown is off by less than the base, and a multiple of it."""
    table = release_table(tally(*cells), RULES)
    for count, line in zip(cells, table.rows if table else (), strict=False):
        if table and line.number is not None:
            assert abs(line.number - count) <= table.base // 2
            assert line.number % table.base == 0
            assert count < max(cells) - table.base


@given(tallies(), rules_of_drives)
def test_release_is_deterministic(raw: RawTally, rules: Rules) -> None:
    """The same counts give the same table, whenever they are released."""
    assert release_table(raw, rules) == release_table(raw, rules)


@given(tallies(), rules_of_drives)
def test_order_is_the_manifests(raw: RawTally, rules: Rules) -> None:
    """Rows stand in the order of the terms, never by size."""
    table = release_table(raw, rules)
    if table:
        lines = table.tables or table.rows

        assert tuple(line.label for line in lines) == raw.labels


@given(st.data(), st.integers(2, 20), st.integers(10, 250))
def test_unanimous_neighbours_look_alike(
    data: st.DataObject, options: int, answers: int
) -> None:
    """One answer that departs from unanimity, to any option, changes no word."""
    agreed, other = data.draw(
        st.lists(st.integers(0, options - 1), min_size=2, max_size=2, unique=True)
    )
    cells = [0] * options
    cells[agreed] = answers
    unanimous = released(tally(*cells))
    cells[agreed] -= 1
    cells[other] += 1

    assert released(tally(*cells)) == unanimous


def test_order_of_options_decides_nothing_else() -> None:
    """Turned around, the options show the same."""
    assert shown(tally(0, 10, 20)) == shown(tally(20, 10, 0))[::-1]


# --- R4 -------------------------------------------------------------------------------


def test_segments_are_shown_with_twenty_answers() -> None:
    """Two segments of twenty each have a table of their own, in the terms' order."""
    table = released(tally(35, 5, segments=parts((18, 2), (17, 3))))

    assert [(part.label, part.total) for part in table.segments] == [
        ("P", 20),
        ("Q", 20),
    ]
    assert [row.shown for row in table.segments[0].rows] == ["the rest", "0–4"]


def test_small_segments_are_merged() -> None:
    """Segments under twenty, and people who named none, are "Other", which is last."""
    raw = tally(70, 10, segments=parts((5, 0), (20, 0), (10, 9), (25, 0)))
    table = released(raw)

    assert [(part.label, part.total) for part in table.segments] == [
        ("Q", 20),
        ("S", 25),
        ("Other", 35),
    ]


def test_small_rest_takes_the_smallest_segment() -> None:
    """While "Other" is under twenty, the smallest segment joins it."""
    raw = tally(95, 0, segments=parts((22, 0), (21, 0), (25, 0), (25, 0)))
    table = released(raw)

    assert [(part.label, part.total) for part in table.segments] == [
        ("P", 20),
        ("R", 25),
        ("S", 25),
        ("Other", 20),
    ]


def test_last_of_equal_segments_joins() -> None:
    """Of segments of one size the last joins "Other", so the terms decide."""
    raw = tally(61, 0, segments=parts((20, 0), (20, 0), (20, 0)))

    assert [part.label for part in released(raw).segments] == ["P", "Q", "Other"]


def test_segment_named_other_is_merged_into() -> None:
    """A segment that the terms call "Other" takes the others in."""
    other = SegmentTally(label="Other", answers=30, cells=(30, 0))
    raw = tally(55, 0, segments=(other, *parts((25, 0))))

    assert [part.label for part in released(raw).segments] == ["P", "Other"]


@pytest.mark.parametrize(
    "segments",
    [
        # One segment and nobody else: it would be the whole.
        parts((40, 0), (0, 0)),
        # The others are too few, and after merging one group is left.
        parts((30, 0), (10, 0)),
        parts((5, 0), (5, 0)),
        (),
    ],
)
def test_breakdown_is_dropped(segments: tuple[SegmentTally, ...]) -> None:
    """Where fewer than two groups of twenty are left, there is no breakdown."""
    answers = max(sum(part.answers for part in segments), 10)

    assert released(tally(answers, 0, segments=segments)).segments == ()


def test_segment_of_a_hundred_is_coarser() -> None:
    """In a segment of 100 the base is 20, because the whole is shown beside it."""
    table = released(tally(130, 20, segments=parts((90, 15), (40, 5))))

    assert [(part.total, part.base) for part in table.segments] == [(100, 20), (45, 5)]


def test_several_choices_are_never_broken_down() -> None:
    """Tables of options and of segments together would tell too much."""
    segments = (
        SegmentTally(label="P", answers=30, cells=(20, 20)),
        SegmentTally(label="Q", answers=30, cells=(20, 20)),
    )
    raw = RawTally(
        choice=Choice.MULTI,
        labels=("A", "B"),
        answers=60,
        cells=(40, 40),
        segments=segments,
    )

    assert released(raw).segments == ()


@given(tallies(), rules_of_drives)
def test_segments_hold_everybody(raw: RawTally, rules: Rules) -> None:
    """Each group of a breakdown and its complement hold twice `answers_min`."""
    table = release_table(raw, rules)
    if table and table.segments:
        least = [part.total for part in table.segments]
        most = [part.total + part.base - 1 for part in table.segments]

        assert len(least) > 1
        assert min(most) >= 2 * rules.answers_min
        assert sum(least) <= raw.answers <= sum(most)


# --- R5 -------------------------------------------------------------------------------


def test_each_option_has_a_table() -> None:
    """Several choices: chosen and not chosen, for each option alone."""
    table = released(several(30, 25, 12, 1))

    assert [
        (part.label, [line.shown for line in part.rows]) for part in table.tables
    ] == [
        ("A", ["the rest", "5"]),
        ("B", ["10", "the rest"]),
        ("C", ["0–4", "the rest"]),
    ]
    assert table.rows == ()


def test_several_choices_of_a_hundred_are_coarser() -> None:
    """From 100 answers on the base is 20: one answer touches several tables."""
    table = released(several(119, 60, 30))

    assert (table.total, table.base) == (100, 20)
    assert [line.shown for line in table.tables[1].rows] == ["40", "the rest"]


# --- R10 ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "numbers",
    [
        {"version": 2},
        {"answers_min": 9},
        {"answers_min": 10**7},
        {"base_min": 0},
        {"base_min": 4},
        {"base_min": 15},
        {"answers_min": 10, "base_min": 20},
        {"answers_min": 500, "base_min": 200},
    ],
)
def test_looser_rules_cannot_be_made(numbers: dict[str, int]) -> None:
    """A drive may be stricter, never looser, and its base must fit its minimum."""
    with pytest.raises(ValueError, match=r"rules|base"):
        Rules(**numbers)


def test_counts_come_in_one_step() -> None:
    """The released table does not depend on how a tally was built."""
    built = tally_from_counts(tally(0, 0, 0), answers=31, cells=(20, 10, 1))

    assert release_table(built, RULES) == released(tally(20, 10, 1))
