"""Envelopes: closed by whoever knows EK in public, opened by the counter alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_scalarmult_base

from bot.core.ballots import (
    POLL_ENVELOPE_BYTES,
    Ballot,
    Kind,
    split_envelopes,
    split_record,
)
from bot.core.canonical import Malformed
from bot.counter.opened import SlotSecrets, open_slice
from bot.crypto.opening import open_envelope
from bot.crypto.sealing import make_record, seal_joined, seal_records
from tests.core.lunch import DRIVE, LUNCH, damaged
from tests.core.test_ballots import ballot, ballots
from tests.vectors.reading import Vector, vectors

SECRET, K_MAC = b"\x13" * 32, b"\x03" * 32
PUBLIC = crypto_scalarmult_base(SECRET)
# The first manifest of the vectors is this poll's.
TERMS = LUNCH
(GOOD,) = seal_records([make_record(ballot(b"\x55" * 5), K_MAC)], PUBLIC)


def opened(envelope: bytes) -> Ballot:
    """Open an envelope with the right keys."""
    return open_envelope(envelope, public=PUBLIC, secret=SECRET, k_mac=K_MAC)


@pytest.mark.parametrize("vector", vectors("ballots"))
def test_vectors(vector: Vector) -> None:
    """An envelope holds an answer that counts, a dummy, or nothing of ours."""
    keys = SlotSecrets(
        drive_id=DRIVE,
        slot=vector["slot"],
        terms=TERMS,
        secret=bytes.fromhex(vector["secret"]),
        k_mac=bytes.fromhex(vector["k_mac"]),
        k_ctr=bytes.fromhex(vector["k_ctr"]),
    )
    envelope = bytes.fromhex(vector["envelope"])

    votes, refused = open_slice(envelope, keys)

    assert len(envelope) == POLL_ENVELOPE_BYTES
    assert len(votes) == (vector["expect"] == "answer")
    assert refused == (vector["expect"] == "refused")


@pytest.mark.parametrize("vector", vectors("ballots", "answer", "dummy"))
def test_record_vectors(vector: Vector) -> None:
    """A ballot that is read is written with the same bytes."""
    record = bytes.fromhex(vector["record"])
    found = opened(bytes.fromhex(vector["envelope"]))

    assert make_record(found, K_MAC) == record
    assert split_record(record)[1] == found.encode()
    assert found.kind is (Kind.DUMMY if vector["expect"] == "dummy" else Kind.ANSWER)


@given(ballots())
def test_round_trip_at_one_length(drawn: Ballot) -> None:
    """Whatever is in an envelope, it is 304 bytes long."""
    (envelope,) = seal_records([make_record(drawn, K_MAC)], PUBLIC)

    assert len(envelope) == POLL_ENVELOPE_BYTES
    assert opened(envelope) == drawn


def test_same_answer_is_never_the_same_envelope() -> None:
    """Each envelope has an ephemeral key of its own, in a batch too."""
    envelopes = seal_records([make_record(ballot(), K_MAC)] * 20, PUBLIC)

    assert len({envelope[:32] for envelope in envelopes}) == 20
    assert len({envelope[48:64] for envelope in envelopes}) == 20


@given(st.lists(ballots(), max_size=6))
def test_joined_records_are_sealed_like_single_ones(drawn: list[Ballot]) -> None:
    """What is sealed joined opens to the same ballots, each with a key of its own."""
    joined = b"".join(make_record(each, K_MAC) for each in drawn)

    envelopes = list(split_envelopes(seal_joined(joined, PUBLIC)))

    assert [opened(envelope) for envelope in envelopes] == drawn
    assert len({envelope[:32] for envelope in envelopes}) == len(drawn)


def test_nothing_is_sealed_to_a_key_that_keeps_nothing_secret() -> None:
    """A point of low order would give an envelope that everybody can open."""
    with pytest.raises(RuntimeError):
        seal_joined(make_record(ballot(), K_MAC), bytes(32))
    with pytest.raises(AssertionError):
        seal_joined(make_record(ballot(), K_MAC), PUBLIC[:31])
    with pytest.raises(AssertionError):
        seal_joined(make_record(ballot(), K_MAC)[:-1], PUBLIC)


@given(damaged(GOOD))
def test_damaged_envelope_is_refused(envelope: bytes) -> None:
    """One bit, one byte less or one more: nothing comes out."""
    with pytest.raises(Malformed):
        opened(envelope)


@given(st.binary(max_size=400) | st.binary(min_size=304, max_size=304))
def test_bytes_are_refused(envelope: bytes) -> None:
    """Any bytes are `Malformed` and nothing else."""
    with pytest.raises(Malformed):
        opened(envelope)


def test_other_keys_open_nothing() -> None:
    """Another slot's key or another drive's MAC key refuse."""
    other = b"\x77" * 32
    with pytest.raises(Malformed):
        open_envelope(
            GOOD, public=crypto_scalarmult_base(other), secret=other, k_mac=K_MAC
        )
    with pytest.raises(Malformed):
        open_envelope(GOOD, public=PUBLIC, secret=SECRET, k_mac=other)
