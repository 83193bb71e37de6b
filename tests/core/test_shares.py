"""The file of a split key: what it holds, and what it refuses."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import canonical
from bot.core.canonical import Malformed
from bot.core.shares import decode_shares, groups_of
from bot.core.trustees import TRUSTEES_MAX, Trustees
from tests.core.lunch import damaged, spoiled
from tests.core.petition import shares
from tests.vectors.reading import Vector, bytes_of, read, vectors

GOOD = bytes_of(read("shares")[0])
VALUE = canonical.decode(GOOD)


@pytest.mark.parametrize("vector", vectors("shares", "ok"))
def test_good_vectors(vector: Vector) -> None:
    """A file is read and written with the same bytes."""
    assert decode_shares(bytes_of(vector)).encode() == bytes_of(vector)


@pytest.mark.parametrize("vector", vectors("shares", "malformed"))
def test_hostile_vectors(vector: Vector) -> None:
    """What is not the one encoding of shares is refused."""
    with pytest.raises(Malformed):
        decode_shares(bytes_of(vector))


@given(st.binary() | damaged(GOOD) | spoiled(VALUE).map(canonical.encode))
def test_bytes_are_shares_or_malformed(data: bytes) -> None:
    """Whatever is accepted is the one encoding of what is read."""
    try:
        found = decode_shares(data)
    except Malformed:
        return

    assert found.encode() == data.strip()


@pytest.mark.parametrize("needed", range(1, TRUSTEES_MAX + 1))
def test_seven_people(needed: int) -> None:
    """All splits among seven people fit a file."""
    secrets = tuple(bytes([n]) * 32 for n in range(51, 51 + TRUSTEES_MAX))
    split = shares(secrets, needed)

    assert decode_shares(split.encode()) == split


def test_groups_are_all_that_suffice() -> None:
    """Each group of just enough people has its boxes."""
    trustees = Trustees(public=bytes(32), count=3, needed=2)

    assert groups_of(trustees) == [(0, 1), (0, 2), (1, 2)]


def test_nobody_is_named_twice() -> None:
    """Somebody who stood there twice would be two of the needed."""
    split = shares()

    with pytest.raises(ValueError, match="twice"):
        replace(split, keys=(split.keys[0], split.keys[1], split.keys[1]))
