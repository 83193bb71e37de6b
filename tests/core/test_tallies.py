"""A tally adds up by construction, and shows no count by accident."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.tallies import (
    Choice,
    RawTally,
    SegmentTally,
    empty_tally,
    tally_from_counts,
    with_answer,
)

LABELS = ("Yes", "No", "Unsure")
SHIFTS = ("Day", "Night")
LUNCH = empty_tally(Choice.SINGLE, LABELS, segments=SHIFTS)
SNACKS = empty_tally(Choice.MULTI, LABELS)

answers = st.tuples(
    st.integers(0, len(LABELS) - 1),
    st.sampled_from([None, *range(len(SHIFTS))]),
)


@given(st.lists(answers, max_size=30))
def test_answers_one_by_one_are_the_counts(
    given_answers: list[tuple[int, int | None]],
) -> None:
    """Adding answers leads where counting them at once leads."""
    tally = LUNCH
    for option, segment in given_answers:
        tally = with_answer(tally, (option,), segment)
    cells = [
        [
            sum(1 for option, at in given_answers if option == column and at == segment)
            for column in range(len(LABELS))
        ]
        for segment in range(len(SHIFTS))
    ]

    assert tally == tally_from_counts(
        LUNCH,
        answers=len(given_answers),
        cells=[
            sum(1 for option, _ in given_answers if option == column)
            for column in range(len(LABELS))
        ],
        segments=[(sum(counts), counts) for counts in cells],
    )


@given(st.lists(answers, max_size=10), answers)
def test_answer_taken_back_leaves_nothing(
    earlier: list[tuple[int, int | None]], last: tuple[int, int | None]
) -> None:
    """An answer added and taken back leaves the tally as it was."""
    tally = LUNCH
    for option, segment in earlier:
        tally = with_answer(tally, (option,), segment)
    option, segment = last
    more = with_answer(tally, (option,), segment)

    assert with_answer(more, (option,), segment, sign=-1) == tally


def test_several_choices_count_each_option() -> None:
    """In `multi` one person counts once, and each of their options once."""
    tally = with_answer(with_answer(SNACKS, (0, 2), None), (2,), None)

    assert (tally.answers, tally.cells) == (2, (1, 0, 2))


def test_whose_segment_is_not_named() -> None:
    """People without a segment are what the segments leave over."""
    tally = with_answer(with_answer(LUNCH, (0,), 1), (2,), None)

    assert tally.without_segment() == SegmentTally(label="", answers=1, cells=(0, 0, 1))


def test_printed_tally_shows_no_count() -> None:
    """What ends up in a traceback names labels, never numbers."""
    tally = tally_from_counts(
        LUNCH,
        answers=31,
        cells=(20, 10, 1),
        segments=[(20, (20, 0, 0)), (4, (0, 3, 1))],
    )

    assert not re.search(r"[0-9]", repr(tally))


@pytest.mark.parametrize(
    ("choice", "labels"),
    [
        (Choice.SINGLE, ("Yes",)),
        (Choice.SINGLE, ("Yes", "Yes")),
        (Choice.SCALE, ("1", "2")),
        (Choice.NPS, LABELS),
    ],
)
def test_impossible_labels_are_refused(choice: Choice, labels: tuple[str, ...]) -> None:
    """A tally has the labels of its choice, two at least, all different."""
    with pytest.raises(ValueError, match="labels"):
        empty_tally(choice, labels)


def test_doubled_segment_is_refused() -> None:
    """Two segments of one name could not be told apart."""
    with pytest.raises(ValueError, match="segments"):
        empty_tally(Choice.SINGLE, LABELS, segments=("Day", "Day"))


@pytest.mark.parametrize(
    ("people", "cells", "segments"),
    [
        (3, (1, 1, 0), []),
        (1, (2, -1, 0), []),
        (2, (1, 1), []),
        (2, (1, 1, 0), [(1, (1, 0)), (0, (0, 0, 0))]),
        (2, (1, 1, 0), [(2, (2, 0, 0)), (0, (0, 0, 0))]),
        (2, (1, 1, 0), [(1, (1, 1, 0)), (0, (0, 0, 0))]),
        (2, (1, 1, 0), [(2, (1, 1, 0)), (1, (0, 0, 1))]),
    ],
)
def test_tally_that_does_not_add_up_is_refused(
    people: int, cells: tuple[int, ...], segments: list[tuple[int, tuple[int, ...]]]
) -> None:
    """Cells sum to answers, and segments fit into the whole."""
    with pytest.raises(ValueError, match="add up"):
        tally_from_counts(LUNCH, answers=people, cells=cells, segments=segments)


def test_option_of_more_than_all_is_refused() -> None:
    """In `multi` no option has more people than answered."""
    with pytest.raises(ValueError, match="add up"):
        RawTally(choice=Choice.MULTI, labels=LABELS, answers=2, cells=(3, 0, 0))


@pytest.mark.parametrize(
    ("tally", "chosen", "segment", "sign"),
    [
        (LUNCH, (), None, 1),
        (LUNCH, (0, 1), None, 1),
        (LUNCH, (3,), None, 1),
        (LUNCH, (-1,), None, 1),
        (LUNCH, (0,), 2, 1),
        (LUNCH, (0,), -1, 1),
        (LUNCH, (0,), None, 2),
        (LUNCH, (0,), None, -1),
        (SNACKS, (0, 0), None, 1),
        (SNACKS, (0,), 0, 1),
    ],
)
def test_impossible_answer_is_refused(
    tally: RawTally, chosen: tuple[int, ...], segment: int | None, sign: int
) -> None:
    """An answer that is not offered, or was never given, changes nothing."""
    with pytest.raises(ValueError, match=r"answer|add up"):
        with_answer(tally, chosen, segment, sign=sign)
