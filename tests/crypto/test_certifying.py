"""A certificate file, checked with nothing but the file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.canonical import Malformed
from bot.core.certificates import NotGenuine
from bot.crypto.certifying import verify_file
from tests.core.lunch import damaged
from tests.vectors.reading import Vector, bytes_of, read, vectors

GOOD = bytes_of(read("certificates")[0])


@pytest.mark.parametrize("vector", vectors("certificates", "ok"))
def test_genuine(vector: Vector) -> None:
    """What DS signed is read as it was written."""
    assert verify_file(bytes_of(vector)).encode() == bytes_of(vector)


@pytest.mark.parametrize("vector", vectors("certificates", "not genuine"))
def test_forged(vector: Vector) -> None:
    """What is readable and not signed so is called what it is."""
    with pytest.raises(NotGenuine):
        verify_file(bytes_of(vector))


@pytest.mark.parametrize("vector", vectors("certificates", "malformed"))
def test_unreadable(vector: Vector) -> None:
    """What is not the one encoding of a file is refused, signed or not."""
    with pytest.raises(Malformed):
        verify_file(bytes_of(vector))


@given(damaged(GOOD))
def test_damaged_file_is_refused(data: bytes) -> None:
    """Every byte of the file is covered."""
    with pytest.raises((Malformed, NotGenuine)):
        verify_file(data)


@pytest.mark.parametrize("bit", [0x01, 0x20, 0x80])
def test_no_byte_can_be_changed(bit: int) -> None:
    """Byte after byte, a bit turned over is noticed."""
    noticed = 0
    for at in range(len(GOOD)):
        data = GOOD[:at] + bytes([GOOD[at] ^ bit]) + GOOD[at + 1 :]
        try:
            verify_file(data)
        except (Malformed, NotGenuine):
            noticed += 1

    assert noticed == len(GOOD)


@given(st.binary())
def test_bytes_are_refused(data: bytes) -> None:
    """Any bytes are `Malformed` and nothing else."""
    with pytest.raises(Malformed):
        verify_file(data)
