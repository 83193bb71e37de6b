"""The keyed function and its labels, against another implementation of it."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.actors import Actor
from bot.core.ballots import Tag
from bot.core.manifest import DriveId
from bot.crypto import prf as labels
from bot.crypto.cascade import make_second_tag
from bot.crypto.prf import PRF_BYTES, is_same, prf, with_length
from bot.crypto.sealing import commit_to_key
from bot.crypto.tags import make_organizer_tag, make_tag
from tests.vectors.reading import Vector, vectors

KEY = b"\x01" * 32
LABELS = {
    name: value
    for name, value in vars(labels).items()
    if name.isupper() and isinstance(value, bytes)
}
drive_ids = st.binary(min_size=16, max_size=16).map(DriveId)
_encodable = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
accounts = st.builds(Actor, platform=_encodable, team=_encodable, user=_encodable)


def made_of(vector: Vector) -> bytes:
    """Return what the product makes of a vector's parts."""
    key = bytes.fromhex(vector["key"])
    match vector["of"]:
        case "prf":
            message = bytes.fromhex(vector["message"])
            return prf(key, vector["label"].encode(), message)
        case "tag1":
            drive = DriveId(bytes.fromhex(vector["drive"]))
            return make_tag(key, drive, actor_of(vector))
        case "tag2":
            return make_second_tag(key, Tag(bytes.fromhex(vector["tag1"])))
        case "organizer":
            return make_organizer_tag(key, actor_of(vector))
        case _:
            return commit_to_key(key)


def actor_of(vector: Vector) -> Actor:
    """Return a vector's account."""
    platform, team, user = vector["account"]
    return Actor(platform=platform, team=team, user=user)


@pytest.mark.parametrize("vector", vectors("prf"))
def test_vectors(vector: Vector) -> None:
    """Each keyed hash has these bytes."""
    assert made_of(vector).hex() == vector["expect"]


@given(
    st.binary(min_size=32, max_size=32),
    st.sampled_from(sorted(LABELS.values())),
    st.binary(max_size=300),
)
def test_prf_is_keyed_blake2b(key: bytes, label: bytes, message: bytes) -> None:
    """The standard library computes the same."""
    other = hashlib.blake2b(message, digest_size=PRF_BYTES, key=key, person=label)

    assert prf(key, label, message) == other.digest()


@given(st.integers(2_040, 2_056) | st.integers(4_000, 5_000))
def test_long_messages_are_hashed_in_pieces(size: int) -> None:
    """Pieces that keep the interpreter's lock give the same bytes as the whole."""
    message = bytes(at % 251 for at in range(size))
    other = hashlib.blake2b(
        message, digest_size=PRF_BYTES, key=KEY, person=labels.BLOCK
    )

    assert prf(KEY, labels.BLOCK, message) == other.digest()


def test_labels_fit_and_differ() -> None:
    """A personalisation has 16 bytes; two that differ by zeros would be one."""
    assert all(0 < len(label) <= 16 for label in LABELS.values())
    assert len({label.rstrip(b"\0") for label in LABELS.values()}) == len(LABELS)
    assert all(label.startswith(b"rr/") for label in LABELS.values())


@pytest.mark.parametrize("size", [0, 16, 31, 33, 64])
def test_key_of_another_length_is_a_bug(size: int) -> None:
    """A shorter key would be padded with zeros, and nobody would notice."""
    with pytest.raises(AssertionError):
        prf(bytes(size), labels.MAC, b"")


def test_comparison() -> None:
    """Equal means the same bytes and the same length."""
    assert is_same(b"secret", b"secret")
    assert not is_same(b"secret", b"secreT")
    assert not is_same(b"secret", b"secre")


@given(st.lists(st.binary(max_size=6)), st.lists(st.binary(max_size=6)))
def test_joined_texts_stay_apart(left: list[bytes], right: list[bytes]) -> None:
    """Two lists of texts are never joined to the same bytes."""
    joined = [b"".join(map(with_length, texts)) for texts in (left, right)]

    assert (joined[0] == joined[1]) is (left == right)


# --- tags -----------------------------------------------------------------------------


@given(drive_ids, accounts, drive_ids, accounts)
def test_tag_is_one_account_in_one_drive(
    drive: DriveId, mei: Actor, other_drive: DriveId, sam: Actor
) -> None:
    """Another drive or another account is another tag."""
    same = (drive, mei) == (other_drive, sam)

    assert (make_tag(KEY, drive, mei) == make_tag(KEY, other_drive, sam)) is same


@given(drive_ids, accounts)
def test_tags_have_no_meaning_without_the_key(drive: DriveId, mei: Actor) -> None:
    """Another key gives other tags, and organizers' tags are of another kind."""
    tag = make_tag(KEY, drive, mei)

    assert len(tag) == 32
    assert make_tag(b"\x02" * 32, drive, mei) != tag
    assert bytes(make_organizer_tag(KEY, mei)) != bytes(tag)


def test_guest_has_the_tag_of_the_account() -> None:
    """Somebody who stops being a guest is not a second person."""
    drive = DriveId(bytes(16))
    guest = Actor(platform="slack", team="T", user="U", guest=True)
    member = Actor(platform="slack", team="T", user="U")

    assert make_tag(KEY, drive, guest) == make_tag(KEY, drive, member)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_second_tag_is_short_and_of_one_first(first: bytes, other: bytes) -> None:
    """16 bytes, and two first tags give two second ones."""
    second = make_second_tag(KEY, Tag(first))

    assert len(second) == 16
    assert (make_second_tag(KEY, Tag(other)) == second) is (first == other)
