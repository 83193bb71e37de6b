"""Who signed so far: one encoding, and a length that says little."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import roll as rolls
from bot.core.canonical import Malformed
from bot.core.petition_files import decode_petition
from bot.core.roll import (
    ROLL_STEP_BYTES,
    Roll,
    Signed,
    decode_roll,
    encode_roll,
    start_roll,
)
from tests.core.lunch import damaged
from tests.core.petition import BREAKS, COUNTED
from tests.vectors.reading import Vector, bytes_of, read, vectors

TERMS = decode_petition(bytes_of(read("petitions")[0])).terms
# More people than a form could bring would make a test long.
tags = st.binary(min_size=16, max_size=16)
GOOD = bytes.fromhex(read("rolls")[0]["hex"])


def whole(vector: Vector) -> bytes:
    """Return a roll with its zeros."""
    return bytes.fromhex(vector["hex"]).ljust(vector["length"], b"\0")


@st.composite
def any_roll(draw: st.DrawFn) -> Roll:
    """Draw a roll of a petition that collects names."""
    seen = draw(st.frozensets(tags, max_size=6))
    boxes = st.builds(
        Signed,
        code_mark=st.binary(min_size=32, max_size=32),
        box=st.binary(min_size=640, max_size=640),
    )
    chosen = draw(st.sets(st.sampled_from(sorted(seen)))) if seen else set()
    signed = {tag: draw(boxes) for tag in chosen}
    return Roll(generation=draw(st.integers(0, 2**63)), seen=seen, signed=signed)


@pytest.mark.parametrize("vector", vectors("rolls", "ok"))
def test_good_vectors(vector: Vector) -> None:
    """A roll is read and written with the same bytes."""
    assert encode_roll(decode_roll(whole(vector), TERMS)) == whole(vector)


@pytest.mark.parametrize("vector", vectors("rolls", "malformed"))
def test_hostile_vectors(vector: Vector) -> None:
    """What is not the one encoding of a roll is refused."""
    with pytest.raises(Malformed):
        decode_roll(whole(vector), TERMS)


@given(any_roll())
def test_round_trip(roll: Roll) -> None:
    """A roll is read as it was written."""
    assert encode_roll(decode_roll(encode_roll(roll), BREAKS)) == encode_roll(roll)


@given(damaged(GOOD))
def test_bytes_are_a_roll_or_malformed(data: bytes) -> None:
    """Whatever is accepted is the one encoding of what is read."""
    filled = data.ljust(ROLL_STEP_BYTES, b"\0")
    try:
        roll = decode_roll(filled, TERMS)
    except Malformed:
        return

    assert encode_roll(roll) == filled


def test_length_grows_in_steps() -> None:
    """Ten names and a hundred make a roll of the same length."""

    def length(count: int) -> int:
        people = [n.to_bytes(16, "big") for n in range(count)]
        signed = {t: Signed(code_mark=bytes(32), box=bytes(640)) for t in people}
        return len(
            encode_roll(Roll(generation=1, seen=frozenset(people), signed=signed))
        )

    assert length(10) == length(100) == ROLL_STEP_BYTES
    assert length(300) > ROLL_STEP_BYTES


def test_count_has_no_boxes() -> None:
    """Where people only count, a row has no name box."""
    tag = bytes(16)
    signed = {tag: Signed(code_mark=bytes(32), box=b"")}
    roll = Roll(generation=1, seen=frozenset([tag]), signed=signed)

    assert decode_roll(encode_roll(roll), COUNTED).signed.keys() == {tag}
    with pytest.raises(Malformed):
        decode_roll(encode_roll(roll), BREAKS)


def test_roll_of_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A number that no petition has is refused before so many rows are read."""
    roll = encode_roll(Roll(generation=1, seen=frozenset([bytes(16)]), signed={}))
    monkeypatch.setattr(rolls, "_PEOPLE_MAX", 0)

    assert decode_roll(encode_roll(start_roll()), BREAKS).seen == frozenset()
    with pytest.raises(Malformed, match="many"):
        decode_roll(roll, BREAKS)


def test_signatures_belong_to_people_who_were_counted() -> None:
    """A signature of somebody whom no round has seen is a bug."""
    with pytest.raises(ValueError, match="nobody"):
        Roll(
            generation=1,
            seen=frozenset(),
            signed={bytes(16): Signed(code_mark=bytes(32), box=b"")},
        )
