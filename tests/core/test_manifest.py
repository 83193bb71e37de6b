"""The terms of a drive, frozen in the one encoding of its manifest."""

import hashlib
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import canonical
from bot.core.canonical import Malformed
from bot.core.manifest import Manifest, decode_manifest
from bot.core.tallies import Choice
from bot.core.terms import NPS_LABELS, SCALE_LABELS, PollTerms, terms_of, terms_to_json
from tests.core.lunch import DRIVE, LUNCH, damaged, manifests, spoiled, terms
from tests.vectors.reading import Vector, bytes_of, read, vectors

GOOD = canonical.decode(bytes_of(read("manifest")[0]))


@pytest.mark.parametrize("vector", vectors("manifest", "ok"))
def test_good_vectors(vector: Vector) -> None:
    """A manifest is read and written with the same bytes, and has this digest."""
    manifest = decode_manifest(bytes_of(vector))

    assert manifest.encode() == bytes_of(vector)
    assert manifest.digest.hex() == vector["digest"]


@pytest.mark.parametrize("vector", vectors("manifest", "malformed"))
def test_hostile_vectors(vector: Vector) -> None:
    """One thing wrong is enough."""
    with pytest.raises(Malformed):
        decode_manifest(bytes_of(vector))


def test_vectors_describe_lunch() -> None:
    """The first vector is the poll that these tests share."""
    manifest = decode_manifest(bytes_of(read("manifest")[0]))

    assert manifest.terms == LUNCH
    assert manifest.drive_id == DRIVE


@given(manifests())
def test_round_trip(manifest: Manifest) -> None:
    """What was written is read, and the digest is that of the bytes."""
    data = manifest.encode()

    assert decode_manifest(data) == manifest
    assert manifest.digest == hashlib.sha256(data).digest()


@given(terms())
def test_terms_round_trip(drawn: PollTerms) -> None:
    """PollTerms stand in the database as they stand in the manifest."""
    assert terms_of(terms_to_json(drawn)) == drawn


@given(
    st.binary() | damaged(canonical.encode(GOOD)) | spoiled(GOOD).map(canonical.encode)
)
def test_bytes_are_a_manifest_or_malformed(data: bytes) -> None:
    """Whatever is accepted is the one encoding of what is read."""
    try:
        manifest = decode_manifest(data)
    except Malformed:
        return

    assert manifest.encode() == data


def test_terms_do_not_change() -> None:
    """A change is a new drive."""
    with pytest.raises(FrozenInstanceError):
        LUNCH.question = "And tomorrow?"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("options", "segments", "choice"),
    [
        (("A",), (), Choice.SINGLE),
        (tuple("ABCDEFGHIJKLMNOPQRSTU"), (), Choice.SINGLE),
        (("A", "A"), (), Choice.SINGLE),
        (("A", "B"), ("P",), Choice.SINGLE),
        (("A", "B"), tuple("ABCDEFGHIJKLM"), Choice.SINGLE),
        (("A", "B"), ("P", "P"), Choice.SINGLE),
        (("A", "B"), (), Choice.SCALE),
        (SCALE_LABELS, (), Choice.NPS),
    ],
)
def test_terms_that_cannot_be(
    options: tuple[str, ...], segments: tuple[str, ...], choice: Choice
) -> None:
    """PollTerms that exist can be answered and counted."""
    with pytest.raises(ValueError):  # noqa: PT011 - several bounds, several words
        replace(LUNCH, options=options, segments=segments, choice=choice)


def test_labels_that_are_fixed() -> None:
    """A scale goes from 1 to 5, the other from 0 to 10."""
    assert SCALE_LABELS == ("1", "2", "3", "4", "5")
    assert (NPS_LABELS[0], NPS_LABELS[-1], len(NPS_LABELS)) == ("0", "10", 11)
