"""Opening a slice of envelopes: the counter's arithmetic, in whatever process (§7)."""

from dataclasses import dataclass

from nacl.bindings import crypto_scalarmult_base

from bot.core.ballots import Answer, Ballot, Kind, decode_answer, split_envelopes
from bot.core.canonical import Malformed
from bot.core.fold import Round
from bot.core.manifest import DriveId
from bot.core.terms import PollTerms
from bot.crypto.cascade import make_second_tag
from bot.crypto.opening import open_envelope


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SlotSecrets:
    """What it takes to open one slot's envelopes and to make second tags, 32 B each."""

    drive_id: DriveId
    slot: int
    terms: PollTerms
    secret: bytes
    k_mac: bytes
    k_ctr: bytes


def open_slice(part: bytes, keys: SlotSecrets) -> tuple[Round, int]:
    """Return the valid answers in `part`, and how many rows this gate did not write.

    `part` is whole envelopes, joined. What leaves has second tags and no first ones.
    """
    public = crypto_scalarmult_base(keys.secret)
    votes = Round()
    refused = 0
    for envelope in split_envelopes(part, keys.terms.shape):
        try:
            ballot = open_envelope(
                envelope, public=public, secret=keys.secret, k_mac=keys.k_mac
            )
            answer = _answer(ballot, keys)
        except Malformed:
            refused += 1
            continue
        if answer is not None:
            tag = make_second_tag(keys.k_ctr, ballot.tag)
            votes.add(tag, ballot.seq, ballot.code_key, answer)
    return votes, refused


def _answer(ballot: Ballot, keys: SlotSecrets) -> Answer | None:
    """Return a ballot's answer, or nothing for a dummy."""
    if ballot.kind is Kind.DUMMY:
        return None
    if (ballot.drive_id, ballot.slot) != (keys.drive_id, keys.slot):
        raise Malformed("a ballot of another slot")
    if ballot.kind is not Kind.ANSWER:
        raise Malformed("a ballot of another kind of drive")
    return decode_answer(ballot.payload, keys.terms)
