"""The count between two counts: who, and how many, side by side and never joined."""

import struct
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ballots import NO_SEGMENT, Answer
from bot.core.canonical import Malformed
from bot.core.fold import TAG2_BYTES
from bot.core.running import (
    REVISION_BOX_BYTES,
    REVISION_ID_BYTES,
    STATE_STEP_BYTES,
    Running,
    add_answers,
    change_answer,
    chosen_options,
    decode_running,
    encode_running,
    start_running,
)
from bot.core.tallies import Choice
from bot.core.terms import PollTerms
from tests.core.lunch import LUNCH, damaged
from tests.vectors.reading import Vector, read, vectors

SEVERAL = replace(LUNCH, choice=Choice.MULTI, segments=())
OPTIONS = len(LUNCH.options)
POLLS = st.sampled_from([LUNCH, SEVERAL])


def stored(vector: Vector) -> bytes:
    """Return the bytes of a vector, with the zeros that it leaves out."""
    return bytes.fromhex(vector["hex"]).ljust(vector["length"], b"\0")


GOOD = stored(read("running")[0])


@pytest.mark.parametrize("vector", vectors("running", "ok"))
def test_good_vectors(vector: Vector) -> None:
    """A count is read, and written with the same bytes."""
    data = stored(vector)

    assert encode_running(decode_running(data, LUNCH)) == data


def test_vector_is_read_as_it_is_meant() -> None:
    """Three people: one option of the day, and one revision row."""
    running = decode_running(GOOD, LUNCH)

    assert (running.generation, running.tally.answers) == (2, 3)
    assert running.tally.cells == (1, 2, 0)
    assert [part.answers for part in running.tally.segments] == [1, 0]
    assert len(running.seen) == 3
    assert len(running.revisions) == 1


@pytest.mark.parametrize("vector", vectors("running", "malformed"))
def test_hostile_vectors(vector: Vector) -> None:
    """A count that cannot be is refused."""
    with pytest.raises(Malformed):
        decode_running(stored(vector), LUNCH)


def answers_to(terms: PollTerms) -> st.SearchStrategy[Answer]:
    """Draw answers that the terms offer."""
    several = terms.choice is Choice.MULTI
    options = st.integers(0, OPTIONS - 1).map(lambda option: 1 << option)
    segments = st.sampled_from([*range(len(terms.segments)), NO_SEGMENT])
    return st.builds(
        Answer,
        chosen=st.integers(1, 2**OPTIONS - 1) if several else options,
        segment=segments,
    )


@st.composite
def counts(draw: st.DrawFn) -> tuple[PollTerms, Running]:
    """Draw a poll and any count of it."""
    terms = draw(POLLS)
    answers = draw(st.lists(answers_to(terms), max_size=30))
    start = start_running(terms)
    seen = draw(
        st.sets(
            st.binary(min_size=16, max_size=16),
            min_size=len(answers),
            max_size=len(answers),
        )
    )
    rows = st.dictionaries(
        st.binary(min_size=REVISION_ID_BYTES, max_size=REVISION_ID_BYTES),
        st.binary(min_size=4, max_size=4).map(lambda b: b.rjust(REVISION_BOX_BYTES)),
        max_size=3,
    )
    return terms, Running(
        generation=draw(st.integers(0, 2**64 - 1)),
        tally=add_answers(start.tally, [(answer, 1) for answer in answers]),
        seen=np.frombuffer(b"".join(sorted(seen)), dtype=f"S{TAG2_BYTES}"),
        revisions=draw(rows),
    )


@given(counts())
def test_round_trip(drawn: tuple[PollTerms, Running]) -> None:
    """What was written is read."""
    terms, running = drawn
    found = decode_running(encode_running(running), terms)

    assert (found.generation, found.tally) == (running.generation, running.tally)
    assert found.seen.tobytes() == running.seen.tobytes()
    assert found.revisions == running.revisions


@given(counts())
def test_length_tells_little(drawn: tuple[PollTerms, Running]) -> None:
    """Up to a thousand people a count of a small poll is one step long."""
    assert len(encode_running(drawn[1])) == STATE_STEP_BYTES


def with_people(people: int) -> int:
    """Return the length of the count of so many people."""
    start = start_running(SEVERAL)
    tags = np.arange(people, dtype=">u8").tobytes()
    seen = b"".join(bytes(8) + tags[at : at + 8] for at in range(0, len(tags), 8))
    running = replace(
        start,
        tally=add_answers(start.tally, [(Answer(chosen=1), people)]),
        seen=np.frombuffer(seen, dtype=f"S{TAG2_BYTES}"),
    )
    return len(encode_running(running))


def test_lengths_move_in_steps_of_a_thousand_people() -> None:
    """16,384 bytes more hold 1,024 people more."""
    assert with_people(1000) == STATE_STEP_BYTES
    assert with_people(1024) == 2 * STATE_STEP_BYTES
    assert with_people(2000) == 2 * STATE_STEP_BYTES


@given(damaged(GOOD[:400]), POLLS)
def test_damaged_count_is_another_or_malformed(data: bytes, terms: PollTerms) -> None:
    """No bytes raise anything else, and no two mean the same."""
    padded = data + bytes(-len(data) % STATE_STEP_BYTES)
    try:
        found = decode_running(padded, terms)
    except Malformed:
        return

    assert encode_running(found) == padded


HEAD = struct.pack(">4sBQIHH", b"RRST", 1, 1, 0, OPTIONS, 2)


@given(st.sampled_from([b"", HEAD]), st.binary(max_size=200))
def test_bytes_are_a_count_or_malformed(head: bytes, rest: bytes) -> None:
    """Whatever the bytes: they are a count, or `Malformed`."""
    data = head + rest
    try:
        found = decode_running(data.ljust(STATE_STEP_BYTES, b"\0"), LUNCH)
    except Malformed:
        return

    assert found.tally.answers == len(found.seen) == 0


# --- adding and changing --------------------------------------------------------------


@given(st.lists(answers_to(LUNCH), max_size=20), st.data())
def test_count_is_a_sum(answers: list[Answer], data: st.DataObject) -> None:
    """Adding answers together or one by one, in any order, gives the same count."""
    shuffled = data.draw(st.permutations(answers))
    tally = start_running(LUNCH).tally
    one_by_one = tally
    for answer in shuffled:
        one_by_one = add_answers(one_by_one, [(answer, 1)])

    assert add_answers(tally, [(answer, 1) for answer in answers]) == one_by_one
    assert one_by_one.answers == len(answers)
    assert sum(one_by_one.cells) == len(answers)


@given(st.data(), POLLS)
def test_change_is_leaving_and_coming(data: st.DataObject, terms: PollTerms) -> None:
    """An answer that replaces another leaves nothing of it."""
    others = data.draw(st.lists(answers_to(terms), max_size=5))
    old, new = data.draw(answers_to(terms)), data.draw(answers_to(terms))
    empty = start_running(terms).tally
    with_old = add_answers(empty, [(answer, 1) for answer in [*others, old]])
    with_new = add_answers(empty, [(answer, 1) for answer in [*others, new]])

    assert change_answer(with_old, old, new) == with_new


def test_options_of_an_answer() -> None:
    """Bit n stands for option n."""
    assert chosen_options(Answer(chosen=0b1010)) == [1, 3]
    assert chosen_options(Answer(chosen=0)) == []


def test_nothing_is_printed_of_a_count() -> None:
    """Neither people nor numbers land in a message."""
    assert "cells" not in repr(decode_running(GOOD, LUNCH))
    assert "answers" not in repr(decode_running(GOOD, LUNCH).tally)
