"""What one signature says, and that its record is always as long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.canonical import Malformed
from bot.core.details import DETAIL_BYTES_MAX, Detail
from bot.core.manifest import DriveId
from bot.core.name_boxes import (
    NAME_BOX_BYTES,
    NAME_RECORD_BYTES,
    SignedName,
    decode_name,
)
from bot.crypto.name_sealing import seal_name
from tests.core.lunch import DRIVE, damaged
from tests.core.petition import BREAKS, people
from tests.vectors.reading import Vector, bytes_of, read, vectors

GOOD = bytes_of(read("names")[0])

lines = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), max_size=40
).map(str.strip)


@st.composite
def signatures(draw: st.DrawFn) -> SignedName:
    """Draw anything that a person may sign with."""

    def fitting(most: int) -> st.SearchStrategy[str]:
        return lines.filter(lambda text: len(text.encode()) <= most)

    texts = {
        detail.value: draw(fitting(most))
        for detail, most in DETAIL_BYTES_MAX.items()
        if detail is not Detail.NAME
    }
    name = draw(lines.filter(bool))
    return SignedName(drive_id=DRIVE, name=name, **texts)


@pytest.mark.parametrize("vector", vectors("names", "ok"))
def test_good_vectors(vector: Vector) -> None:
    """A record is read and written with the same bytes."""
    assert decode_name(bytes_of(vector)).encode() == bytes_of(vector)


@pytest.mark.parametrize("vector", vectors("names", "malformed"))
def test_hostile_vectors(vector: Vector) -> None:
    """What is not the one encoding of a signature is refused."""
    with pytest.raises(Malformed):
        decode_name(bytes_of(vector))


@given(signatures())
def test_round_trip(signed: SignedName) -> None:
    """Whatever a person signs with comes back, from a record of one length."""
    record = signed.encode()

    assert len(record) == NAME_RECORD_BYTES
    assert decode_name(record) == signed


@given(st.binary(max_size=NAME_RECORD_BYTES + 1) | damaged(GOOD))
def test_bytes_are_a_signature_or_malformed(data: bytes) -> None:
    """Any bytes are refused, or are the one encoding of what is read."""
    try:
        signed = decode_name(data)
    except Malformed:
        return

    assert signed.encode() == data


def test_box_is_always_as_long() -> None:
    """Neither a short nor a long name shows in the length of its box."""
    assert BREAKS.trustees
    short, long = (SignedName(drive_id=DRIVE, name=name) for name in ("M", "M" * 200))

    for signed in (short, long):
        assert len(seal_name(signed, BREAKS.trustees.public)) == NAME_BOX_BYTES


@pytest.mark.parametrize(
    "texts",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"name": "é" * 101},
        {"name": "Mei\nSam"},
        {"name": "Mei\ud800"},
        {"name": "Mei", "affiliation": "x" * 101},
        {"name": "Mei", "date": "2031-05-02 "},
    ],
)
def test_no_such_signature(texts: dict[str, str]) -> None:
    """A signature that exists has a name, on plain lines that fit the record."""
    with pytest.raises(ValueError, match=r"text|name|surrogates"):
        SignedName(drive_id=DRIVE, **texts)


def test_name_of_two_hundred_bytes() -> None:
    """Two hundred bytes are taken, in any script."""
    signed = SignedName(drive_id=DRIVE, name="é" * 100)

    assert decode_name(signed.encode()).name == "é" * 100


def test_signature_belongs_to_a_drive() -> None:
    """A drive's id has its length."""
    with pytest.raises(ValueError, match="id"):
        SignedName(drive_id=DriveId(b"short"), name="Mei")


def test_repr_shows_nobody() -> None:
    """A signature in an error message names nobody."""
    assert "Person" not in repr(people(1)[0])
