"""G8, stuffing: nothing counts but what this gate wrote for this slot."""

import secrets
from dataclasses import replace

import pytest
from nacl.bindings import crypto_box_keypair

from bot.core.ballots import NO_CODE, Answer, Ballot, Kind, Tag
from bot.core.fold import fold, no_tags
from bot.core.manifest import DriveId
from bot.counter.opened import SlotSecrets, open_slice
from bot.crypto.sealing import make_record, seal_records
from tests.world import poll_terms

PUBLIC, SECRET = crypto_box_keypair()
K_MAC = secrets.token_bytes(32)
DRIVE = DriveId(secrets.token_bytes(16))
KEYS = SlotSecrets(
    drive_id=DRIVE,
    slot=3,
    terms=poll_terms(),
    secret=SECRET,
    k_mac=K_MAC,
    k_ctr=secrets.token_bytes(32),
)
FORGERIES = 2_000


def ballot() -> Ballot:
    """Return a new person's answer, as the gate would write it."""
    return Ballot(
        kind=Kind.ANSWER,
        drive_id=DRIVE,
        slot=3,
        tag=Tag(secrets.token_bytes(32)),
        seq=secrets.randbelow(2**32),
        ballot_id=secrets.token_bytes(16),
        code_key=NO_CODE,
        payload=Answer(chosen=1).encode(),
    )


def wrong_key() -> bytes:
    """Return an answer authenticated by somebody without k_mac."""
    return make_record(ballot(), secrets.token_bytes(32))


def other_drive() -> bytes:
    """Return an answer of another poll."""
    return make_record(replace(ballot(), drive_id=DriveId(bytes(16))), K_MAC)


def other_slot() -> bytes:
    """Return an answer of an earlier slot, replayed."""
    return make_record(replace(ballot(), slot=2), K_MAC)


def no_such_option() -> bytes:
    """Return an answer that the poll does not offer."""
    payload = Answer(chosen=1 << 20).encode()
    return make_record(replace(ballot(), payload=payload), K_MAC)


def flipped() -> bytes:
    """Return a genuine record with one bit changed."""
    record = bytearray(make_record(ballot(), K_MAC))
    at = secrets.randbelow(148)
    record[at] ^= 1 << secrets.randbelow(8)
    return bytes(record)


@pytest.mark.parametrize(
    "forge", [wrong_key, other_drive, other_slot, no_such_option, flipped]
)
def test_forgeries_count_for_nothing(forge) -> None:
    """Two thousand of each kind are sealed to the right key, and none counts."""
    sealed = seal_records([forge() for _ in range(FORGERIES)], PUBLIC)

    votes, refused = open_slice(b"".join(sealed), KEYS)

    assert (len(votes), refused) == (0, FORGERIES)


def test_envelopes_to_another_key_count_for_nothing() -> None:
    """What was sealed to a key that somebody put in place of ours does not open."""
    other, _ = crypto_box_keypair()
    records = [make_record(ballot(), K_MAC) for _ in range(FORGERIES)]

    votes, refused = open_slice(b"".join(seal_records(records, other)), KEYS)

    assert (len(votes), refused) == (0, FORGERIES)


def test_replays_count_once() -> None:
    """The same answer a thousand times is one person's one answer."""
    record = make_record(ballot(), K_MAC)

    votes, refused = open_slice(b"".join(seal_records([record] * 1000, PUBLIC)), KEYS)
    folded = fold(votes, no_tags())

    assert refused == 0
    assert [count for _, count in folded.answers] == [1]


def test_genuine_answers_count() -> None:
    """The control: what the gate wrote counts, all of it."""
    records = [make_record(ballot(), K_MAC) for _ in range(FORGERIES)]

    votes, refused = open_slice(b"".join(seal_records(records, PUBLIC)), KEYS)

    assert (len(votes), refused) == (FORGERIES, 0)
