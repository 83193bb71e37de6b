"""One answer for each person: the last one, whatever the order of opening."""

import tracemalloc
from collections import Counter
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import fold as module
from bot.core.ballots import NO_CODE, NO_SEGMENT, Answer
from bot.core.fold import TAG2_BYTES, Coded, Round, Tags, fold, join_tags, no_tags

# Few people, so that they come often; some tags end in zeros or differ in one bit.
PEOPLE = [
    bytes(16),
    b"\x01" + bytes(15),
    bytes(15) + b"\x01",
    bytes(8) + b"\x01" + bytes(7),
    b"\x80" + bytes(15),
    b"\xff" * 16,
    b"\xff" * 15 + b"\x00",
]
CODES = [NO_CODE, b"\x01" * 32, b"\x02" * 32]

Row = tuple[bytes, int, bytes, int, int]


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """Draw the rows of a round: tag, seq, code, option, segment; no seq comes twice."""
    seqs = draw(
        st.lists(
            st.integers(0, 2**64 - 1) | st.integers(0, 40), unique=True, max_size=40
        )
    )
    return [
        (
            draw(st.sampled_from(PEOPLE)),
            seq,
            draw(st.sampled_from(CODES)),
            draw(st.integers(0, 19)),
            draw(st.sampled_from([0, 1, 11, NO_SEGMENT])),
        )
        for seq in seqs
    ]


def votes_of(drawn: list[Row]) -> Round:
    """Return the round of these rows, opened in this order."""
    votes = Round()
    for tag, seq, code, option, segment in drawn:
        votes.add(tag, seq, code, Answer(chosen=1 << option, segment=segment))
    return votes


def tags_of(people: Iterable[bytes]) -> Tags:
    """Return tags as the running count keeps them."""
    return np.frombuffer(b"".join(sorted(people)), dtype=f"S{TAG2_BYTES}")


def as_bytes(tags: Tags) -> list[bytes]:
    """Return tags of an array, all 16 bytes of each."""
    joined = tags.tobytes()
    return [joined[at : at + TAG2_BYTES] for at in range(0, len(joined), TAG2_BYTES)]


@given(
    rows(),
    st.sets(st.sampled_from(PEOPLE)),
    st.randoms(use_true_random=False),
    st.sampled_from([0, 10, module.PART_ROWS_MAX]),
)
def test_fold_is_a_dictionary(
    drawn: list[Row], seen: set[bytes], dice, part: int
) -> None:
    """In any order of opening the fold does what a dictionary does by `seq`.

    So it does in parts, as large rounds are folded.
    """
    last: dict[bytes, Row] = {}
    for row in sorted(drawn, key=lambda row: row[1]):
        if row[0] not in seen:
            last[row[0]] = row
    later = [
        row
        for row in sorted(drawn, key=lambda row: row[1])
        if row[0] in seen and row[2] != NO_CODE
    ]
    dice.shuffle(drawn)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PART_ROWS_MAX", part)
        folded = fold(votes_of(drawn), tags_of(seen))

    assert as_bytes(folded.new_tags) == sorted(last)
    assert dict(folded.answers) == Counter(
        Answer(chosen=1 << row[3], segment=row[4]) for row in last.values()
    )
    assert [coded_row(coded) for coded in folded.first] == [
        (row[0], row[2], row[3], row[4])
        for row in sorted(last.values())
        if row[2] != NO_CODE
    ]
    assert [coded_row(coded) for coded in folded.later] == [
        (row[0], row[2], row[3], row[4]) for row in later
    ]


def coded_row(coded: Coded) -> tuple[bytes, bytes, int, int]:
    """Return tag, code, option and segment."""
    option = coded.answer.chosen.bit_length() - 1
    return coded.tag, coded.code_key, option, coded.answer.segment


@given(rows(), rows())
def test_parts_of_a_round_are_a_round(first: list[Row], second: list[Row]) -> None:
    """It does not matter in how many parts a round was opened."""
    joined = votes_of(first)
    joined.extend(votes_of(second))
    assert len(joined) == len(first) + len(second)
    whole = fold(votes_of(first + second), no_tags())
    parts = fold(joined, no_tags())

    assert len(joined) == 0
    assert as_bytes(parts.new_tags) == as_bytes(whole.new_tags)
    assert parts.answers == whole.answers
    assert parts.first == whole.first


@given(
    st.sets(st.binary(min_size=16, max_size=16)),
    st.sets(st.binary(min_size=16, max_size=16)),
)
def test_joined_tags_are_sorted(left: set[bytes], right: set[bytes]) -> None:
    """Tags are in the order of their bytes, and none is cut off at a zero."""
    joined = join_tags(tags_of(left), tags_of(right - left))

    assert as_bytes(joined) == sorted(left | right)


def test_empty_round() -> None:
    """Nobody adds nothing, to nobody and to somebody."""
    for seen in (no_tags(), tags_of(PEOPLE[:2])):
        folded = fold(Round(), seen)

        assert len(folded.new_tags) == 0
        assert (folded.answers, folded.first, folded.later) == ([], [], [])


def test_later_answer_without_a_code_counts() -> None:
    """Of somebody new the last answer counts, and then no code opens it."""
    mei = PEOPLE[3]
    folded = fold(
        votes_of([(mei, 1, CODES[1], 0, NO_SEGMENT), (mei, 2, NO_CODE, 1, NO_SEGMENT)]),
        no_tags(),
    )

    assert folded.answers == [(Answer(chosen=2), 1)]
    assert folded.first == []


def test_tags_stand_apart_from_answers() -> None:
    """What leaves the fold of uncoded answers is sorted: its order joins nothing."""
    drawn = [(bytes([200 - n]) * 16, n, NO_CODE, n % 3, NO_SEGMENT) for n in range(60)]
    folded = fold(votes_of(drawn), no_tags())

    assert as_bytes(folded.new_tags) == sorted(row[0] for row in drawn)
    assert folded.answers == [(Answer(chosen=1 << option), 20) for option in range(3)]


def test_coded_answer_prints_nothing() -> None:
    """The one thing that joins tag and answer says nothing of itself."""
    coded = Coded(tag=b"T" * 16, code_key=b"C" * 32, answer=Answer(chosen=1))

    assert "T" * 16 not in repr(coded)
    assert "C" * 32 not in repr(coded)


@pytest.mark.timeout(120)
def test_million_answers_fit_in_memory() -> None:
    """A million rows of a million people take less than 45 MB with the fold."""
    people = 1_000_000
    tags = np.random.default_rng(1).bytes(people * TAG2_BYTES)
    tracemalloc.start()
    try:
        votes = Round()
        answer = Answer(chosen=1)
        for at in range(people):
            votes.add(tags[at * 16 : at * 16 + 16], at, NO_CODE, answer)
        folded = fold(votes, no_tags())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert folded.answers == [(answer, people)]
    assert peak < 45_000_000, peak
