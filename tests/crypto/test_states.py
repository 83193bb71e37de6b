"""What the counter seals for itself: counts, and rows that a code opens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_scalarmult_base

from bot.core.canonical import Malformed
from bot.core.manifest import DriveId
from bot.core.running import REVISION_BOX_BYTES
from bot.crypto.states import (
    NONCE_BYTES,
    open_revision,
    open_state,
    revision_id,
    seal_revision,
    seal_state,
    state_digest,
)
from tests.core.lunch import DRIVE, damaged
from tests.vectors.reading import Vector, read, vectors

KEY, RK, CODE = b"\x04" * 32, b"\x12" * 32, b"\x09" * 32
NONCE = bytes(range(NONCE_BYTES))
TAG = b"\x01" * 16
BOX = seal_state(KEY, drive_id=DRIVE, generation=2, nonce=NONCE, plain=b"count")
ROW = seal_revision(
    CODE, public=crypto_scalarmult_base(RK), nonce=NONCE, tag=TAG, answer=b"12345"
)


def opened(vector: Vector) -> bytes:
    """Open a vector's box; of a row, return the answer."""
    box = bytes.fromhex(vector["box"])
    if vector["of"] == "state":
        return open_state(
            bytes.fromhex(vector["key"]),
            drive_id=DriveId(bytes.fromhex(vector["drive"])),
            generation=vector["generation"],
            box=box,
        )
    code = bytes.fromhex(vector["code_key"])
    tag, answer = open_revision(code, secret=bytes.fromhex(vector["rk"]), box=box)
    assert tag.hex() == vector["tag"]
    return answer


@pytest.mark.parametrize("vector", vectors("states"))
def test_vectors(vector: Vector) -> None:
    """A box opens with its key, for what it was sealed for, or not at all."""
    if vector["expect"] == "malformed":
        with pytest.raises(Malformed):
            opened(vector)
    else:
        assert opened(vector).hex() == vector["expect"]


def test_row_vector_has_its_id() -> None:
    """The id of a row is made of the code and the tag."""
    (row,) = [v for v in read("states") if v["comment"] == "a row"]
    code, tag = bytes.fromhex(row["code_key"]), bytes.fromhex(row["tag"])

    assert revision_id(code, tag).hex() == row["id"]


@given(
    st.binary(min_size=32, max_size=32),
    st.integers(0, 2**64 - 1),
    st.binary(min_size=24, max_size=24),
    st.binary(max_size=200),
)
def test_state_round_trip(
    key: bytes, generation: int, nonce: bytes, plain: bytes
) -> None:
    """What was sealed opens, and is 40 bytes longer."""
    box = seal_state(
        key, drive_id=DRIVE, generation=generation, nonce=nonce, plain=plain
    )

    assert open_state(key, drive_id=DRIVE, generation=generation, box=box) == plain
    assert len(box) == len(plain) + 40
    assert box[:NONCE_BYTES] == nonce


@given(damaged(BOX) | st.binary(max_size=100))
def test_damaged_state_is_refused(box: bytes) -> None:
    """Any other bytes are `Malformed`, and have another digest."""
    with pytest.raises(Malformed):
        open_state(KEY, drive_id=DRIVE, generation=2, box=box)
    assert state_digest(box) != state_digest(BOX)


@given(
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=24, max_size=24),
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=5, max_size=5),
)
def test_row_round_trip_at_one_length(
    code: bytes, nonce: bytes, tag: bytes, answer: bytes
) -> None:
    """A row takes both the code and RK, and has one length."""
    row = seal_revision(
        code, public=crypto_scalarmult_base(RK), nonce=nonce, tag=tag, answer=answer
    )

    assert len(row) == REVISION_BOX_BYTES
    assert open_revision(code, secret=RK, box=row) == (tag, answer)


@given(damaged(ROW) | st.binary(min_size=109, max_size=109))
def test_damaged_row_is_refused(row: bytes) -> None:
    """Any other bytes are `Malformed`, random ones too."""
    with pytest.raises(Malformed):
        open_revision(CODE, secret=RK, box=row)


def test_one_code_of_two_people_gives_two_rows() -> None:
    """Two people with one code do not overwrite each other."""
    assert revision_id(CODE, TAG) != revision_id(CODE, b"\x02" * 16)
    assert revision_id(CODE, TAG) != revision_id(b"\x08" * 32, TAG)
