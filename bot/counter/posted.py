"""Opening what is not folded: the reports of a box, and what takes the lane (§7).

There are few of them, so they open one by one in this process. What comes out is
checked as an answer is: MAC, version, kind, drive and slot.
"""

from collections.abc import AsyncIterator, Collection, Iterable

from nacl.bindings import crypto_scalarmult_base

from bot.core.ballots import Ballot, Kind, split_envelopes
from bot.core.canonical import Malformed
from bot.core.manifest import DriveId
from bot.core.records import SlotEnd
from bot.core.releases import REPORTS_PER_TAG_MAX
from bot.counter.rounds import checked_slices
from bot.counter.step import Step
from bot.crypto.counter_secrets import MuteKey
from bot.crypto.mutes import seal_mute
from bot.crypto.opening import open_envelope
from bot.log import event
from bot.ports import Randomness

# protocol.md §12: so long can a report's author be muted, and so long may the mute box
# lead to them.
MUTE_SECONDS = 14 * 24 * 60 * 60
_KEY_BYTES = 32


async def open_ballots(step: Step, kinds: Collection[Kind]) -> list[Ballot]:
    """Return the valid rows of all slots that wait, without dummies.

    Of one account only the first ten of a round count; the form says so. Raises
    `Tampered` if a bundle is not the one whose root the gate signed.
    """
    kept: dict[bytes, dict[bytes, Ballot]] = {}
    for end in step.drive.waiting:
        async for ballot in _opened(step, end, kinds):
            # A row that is copied is no second one.
            mine = kept.setdefault(ballot.tag, {})
            mine[ballot.ballot_id] = ballot
            # A box may wait for months: whoever floods it must not fill the memory.
            if len(mine) > REPORTS_PER_TAG_MAX:
                del mine[max(mine, key=lambda each: mine[each].seq)]
    return _in_order(ballot for mine in kept.values() for ballot in mine.values())


async def open_rows(step: Step, kinds: Collection[Kind]) -> list[Ballot]:
    """Return all valid rows of the slots that wait, in the gate's order, no dummies.

    Raises `Tampered` if a bundle is not the one whose root the gate signed.
    """
    opened: dict[bytes, Ballot] = {}
    for end in step.drive.waiting:
        async for ballot in _opened(step, end, kinds):
            opened[ballot.ballot_id] = ballot
    return _in_order(opened.values())


def is_muted(step: Step, box: DriveId, tag: bytes) -> bool:
    """Tell whether organizers muted whoever has this second tag in a box."""
    return any(
        mute.drive_id == box and mute.until > step.now and tag in mute.muted
        for mute in step.secrets.mutes
    )


class MuteSealer:
    """Seals the mute boxes of one release, those of each report box under one key."""

    def __init__(self, now: int, randomness: Randomness) -> None:
        """Start with no key."""
        self._until = now + MUTE_SECONDS
        self._random = randomness
        self._keys: dict[DriveId, MuteKey] = {}

    @property
    def keys(self) -> tuple[MuteKey, ...]:
        """The keys that were needed."""
        return tuple(self._keys.values())

    def seal(self, box: DriveId, tag: bytes) -> bytes:
        """Return the mute box of a report by whoever has this tag in a box."""
        if box not in self._keys:
            self._keys[box] = MuteKey(
                drive_id=box, secret=self._random(_KEY_BYTES), until=self._until
            )
        return seal_mute(self._keys[box].secret, box=box, tag=tag)


def _in_order(ballots: Iterable[Ballot]) -> list[Ballot]:
    return sorted(ballots, key=lambda ballot: ballot.seq)


async def _opened(
    step: Step, end: SlotEnd, kinds: Collection[Kind]
) -> AsyncIterator[Ballot]:
    """Yield the valid rows of a slot as its bundle has them: no dummies."""
    drive_id, shape = step.manifest.drive_id, step.manifest.terms.shape
    secret = step.drive.slot_keys[end.slot]
    public = crypto_scalarmult_base(secret)
    refused = 0
    chunks = step.store.bundle(drive_id, end.slot)
    async for part in checked_slices(chunks, end, shape):
        for envelope in split_envelopes(part, shape):
            try:
                ballot = open_envelope(
                    envelope,
                    public=public,
                    secret=secret,
                    k_mac=step.drive.k_mac,
                    shape=shape,
                )
            except Malformed:
                refused += 1
                continue
            if ballot.kind is Kind.DUMMY:
                continue
            if ballot.kind in kinds and (ballot.drive_id, ballot.slot) == (
                drive_id,
                end.slot,
            ):
                yield ballot
            else:
                refused += 1
    if refused:
        event("answers_refused", slot=end.slot)
