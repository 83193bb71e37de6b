"""What follows from released tables: R3's statistics, R6's changes, programs' JSON."""

import pytest
from hypothesis import given

from bot.core.publication import (
    Change,
    Statistics,
    about,
    changes,
    release_table,
    statistics,
    to_json,
)
from bot.core.tallies import Choice, RawTally
from tests.core.polls import (
    RULES,
    parts,
    rated,
    released,
    several,
    tallies,
    tally,
)

# --- R3 -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "number"),
    [
        ((20, 10, 0), 20),
        ((13, 0), 10),
        # Nothing is the rest.
        ((12, 7), None),
        ((4, 4, 4), None),
    ],
)
def test_rest_is_about(cells: tuple[int, ...], number: int | None) -> None:
    """N is the total less the numbers and two for each "0–4", to the nearest base."""
    table = released(tally(*cells))

    assert about(table.rows, total=table.total, base=table.base) == number


def test_rest_below_the_base_is_left_out() -> None:
    """Where little is left over, no number is said."""
    table = released(tally(6, 1, 1, 1, 1, 1))

    assert about(table.rows, total=table.total, base=table.base) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        # 0–4, 0–4, 5, 10, the rest (16 of 35): 2 + 4 + 15 + 40 + 80 over 35.
        (
            rated(Choice.SCALE, 0, 1, 5, 10, 19),
            Statistics(mean_tenths=40, nps=None),
        ),
        # Two rows share what is left.
        (rated(Choice.SCALE, 0, 0, 0, 12, 12), Statistics(mean_tenths=38, nps=None)),
        # 42 are left over, and two promoters against twelve detractors are guessed.
        (
            rated(Choice.NPS, 20, *[0] * 9, 60),
            Statistics(mean_tenths=None, nps=15),
        ),
        (rated(Choice.NPS, 60, *[0] * 9, 20), Statistics(mean_tenths=None, nps=-40)),
        # The largest counts for five at least, whatever the rounding leaves.
        (rated(Choice.SCALE, 0, 0, 0, 8, 14), Statistics(mean_tenths=37, nps=None)),
    ],
)
def test_statistics_follow_from_the_rows(raw: RawTally, expected: Statistics) -> None:
    """Mean and NPS are sums over what is shown, halves up."""
    assert statistics(released(raw)) == expected


@pytest.mark.parametrize(
    "raw",
    [
        rated(Choice.SCALE, 0, 0, 0, 9, 10),
        rated(Choice.SCALE, 4, 4, 4, 4, 4),
        # Ten rows of guesses against 75 answers say nothing of an NPS.
        rated(Choice.NPS, *[0] * 10, 75),
        tally(30, 20),
        several(30, 20, 10),
    ],
)
def test_statistics_are_left_out(raw: RawTally) -> None:
    """No statistic below 20 answers, of guesses alone, or where nothing is rated."""
    assert statistics(released(raw)) is None


@given(tallies())
def test_statistics_stay_in_range(raw: RawTally) -> None:
    """A mean lies on its scale, an NPS between its ends."""
    table = release_table(raw, RULES)
    found = statistics(table) if table else None
    if found and found.mean_tenths is not None:
        assert 10 <= found.mean_tenths <= 50
    if found and found.nps is not None:
        assert -100 <= found.nps <= 100


# --- R6 -------------------------------------------------------------------------------


def test_large_changes_are_shown() -> None:
    """A pulse tells what moved by two bases or more, up and down."""
    before, after = released(tally(40, 11, 5)), released(tally(40, 1, 26))

    assert changes(before, after) == (Change(label="C", before="5", after="25", by=20),)
    assert changes(after, before) == (
        Change(label="C", before="25", after="5", by=-20),
    )


def test_change_of_the_rest_is_shown() -> None:
    """The rest is compared by what is about left over."""
    before, after = released(tally(40, 10)), released(tally(20, 10))

    assert changes(before, after) == (
        Change(label="A", before="the rest", after="the rest", by=-20),
    )


def test_change_of_an_option_is_shown() -> None:
    """With several choices, those who chose an option are compared."""
    before, after = released(several(50, 10, 30)), released(several(50, 10, 5))

    assert changes(before, after) == (
        Change(label="B", before="the rest", after="5", by=-25),
    )


def test_top_group_is_not_compared() -> None:
    """Rows too close to tell apart have no number to compare."""
    assert changes(released(tally(12, 12)), released(tally(40, 5))) == ()


def test_few_answers_show_no_change() -> None:
    """Below 20 answers in one of the two, nothing is compared."""
    assert changes(released(tally(19, 0)), released(tally(0, 60))) == ()


@pytest.mark.parametrize(
    "other", [tally(30, 10, 5), rated(Choice.SCALE, 9, 9, 9, 9, 9)]
)
def test_other_question_is_not_compared(other: RawTally) -> None:
    """Tables of different questions are a mistake of the caller."""
    with pytest.raises(ValueError, match=r"different questions|shorter|longer"):
        changes(released(tally(30, 10)), released(other))


def test_other_words_are_not_compared() -> None:
    """The same number of options is not yet the same question."""
    other = RawTally(
        choice=Choice.SINGLE, labels=("Yes", "No"), answers=40, cells=(30, 10)
    )

    with pytest.raises(ValueError, match="different questions"):
        changes(released(tally(30, 10)), released(other))


# --- JSON -----------------------------------------------------------------------------


def test_programs_read_the_table() -> None:
    """The shape that other programs rely on."""
    assert to_json(released(tally(20, 10, 1))) == {
        "total": 30,
        "base": 5,
        "rules": 1,
        "rows": [
            {"label": "A", "shown": "the rest"},
            {"label": "B", "shown": "10"},
            {"label": "C", "shown": "0–4"},
        ],
        "stats": None,
    }


def test_programs_read_tables_of_options() -> None:
    """For several choices "tables" stands in place of "rows"."""
    first = {
        "label": "A",
        "rows": [
            {"label": "Chosen", "shown": "the rest"},
            {"label": "Not chosen", "shown": "5"},
        ],
    }
    body = to_json(released(several(30, 25, 12)))

    assert isinstance(body["tables"], list)
    assert body["tables"][0] == first
    assert "rows" not in body


def test_programs_read_statistics() -> None:
    """The mean is a number with one decimal, the NPS a whole one."""
    scale = to_json(released(rated(Choice.SCALE, 0, 1, 5, 10, 19)))
    nps = to_json(released(rated(Choice.NPS, 20, *[0] * 9, 60)))

    assert scale["stats"] == {"mean": 4.0, "nps": None}
    assert nps["stats"] == {"mean": None, "nps": 15}


def test_programs_read_segments() -> None:
    """Segments stand beside the rows where there are any."""
    body = to_json(released(tally(40, 0, segments=parts((20, 0), (20, 0)))))
    rows = [{"label": "A", "shown": "the rest"}, {"label": "B", "shown": "0–4"}]

    assert body["segments"] == [
        {"label": label, "total": 20, "base": 5, "rows": rows} for label in "PQ"
    ]
