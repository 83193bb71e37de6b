"""One round: the envelopes of its slots, opened, checked and folded (§7).

The bundles stream through in chunks, so that memory holds the columns of the fold and
one chunk, whatever the number of answers. libsodium releases the interpreter's lock,
so two threads open on two cores.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from nacl.bindings import crypto_scalarmult_base

from bot.core import board
from bot.core.ballots import (
    POLL_ENVELOPE_BYTES,
    Answer,
    Ballot,
    Kind,
    decode_answer,
)
from bot.core.canonical import Malformed
from bot.core.fold import Coded, Folded, Round, fold, join_tags
from bot.core.manifest import DriveId, Manifest
from bot.core.records import SlotEnd
from bot.core.running import (
    REVISION_BOX_BYTES,
    REVISION_ID_BYTES,
    REVISIONS_STEP,
    Running,
    add_answers,
    change_answer,
)
from bot.crypto.cascade import make_second_tag
from bot.crypto.counter_secrets import CounterDrive
from bot.crypto.opening import open_envelope
from bot.crypto.states import (
    NONCE_BYTES,
    open_revision,
    revision_id,
    seal_revision,
)
from bot.ports import Randomness, Store, Tampered

# Opening is all arithmetic: more threads than this were no quicker on two cores.
OPENING_THREADS = 2
# Envelopes that a thread opens at a time: long enough to be worth the hand-over.
SLICE_ENVELOPES = 1024


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpenedRound:
    """A folded round and the count it adds to.

    `refused` is how many rows were not what this gate writes: nobody's answer, since
    every row of the gate's own passes.
    """

    running: Running
    folded: Folded
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _SlotKeys:
    drive_id: DriveId
    slot: int
    public: bytes
    secret: bytes
    k_mac: bytes


async def open_round(
    store: Store,
    drive: CounterDrive,
    manifest: Manifest,
    running: Running,
    *,
    threads: int = OPENING_THREADS,
) -> OpenedRound:
    """Open and fold the slots that `drive` has waiting, in so many threads.

    Raises `Tampered` if a bundle is not the one whose root the gate signed.
    """
    votes = Round()
    refused = 0
    with ThreadPoolExecutor(threads) as pool:
        for end in drive.waiting:
            secret = drive.slot_keys[end.slot]
            keys = _SlotKeys(
                drive_id=manifest.drive_id,
                slot=end.slot,
                public=crypto_scalarmult_base(secret),
                secret=secret,
                k_mac=drive.k_mac,
            )
            slices = _checked(store.bundle(manifest.drive_id, end.slot), end)
            async for ballots, bad in _opened(pool, slices, keys):
                refused += bad
                refused += _take(votes, ballots, drive, manifest)
    return OpenedRound(
        running=running, folded=fold(votes, running.seen), refused=refused
    )


def add_round(
    votes: OpenedRound, drive: CounterDrive, randomness: Randomness
) -> Running:
    """Return the next generation: the count so far with a round added.

    An answer of somebody counted before replaces the old one if its code opens their
    revision row; otherwise it changes nothing, and nobody learns which it was.
    """
    running, folded = votes.running, votes.folded
    tally = add_answers(running.tally, folded.answers)
    rows = dict(running.revisions)
    public = crypto_scalarmult_base(drive.rk)
    for coded in folded.first:
        _put(rows, coded, public=public, randomness=randomness)
    for coded in folded.later:
        old = _counted_answer(rows, coded, secret=drive.rk)
        if old is not None:
            tally = change_answer(tally, old, coded.answer)
            _put(rows, coded, public=public, randomness=randomness)
    while len(rows) % REVISIONS_STEP:
        rows[randomness(REVISION_ID_BYTES)] = randomness(REVISION_BOX_BYTES)
    return replace(
        running,
        generation=running.generation + 1,
        tally=tally,
        seen=join_tags(running.seen, folded.new_tags),
        revisions=rows,
    )


def _put(
    rows: dict[bytes, bytes], coded: Coded, *, public: bytes, randomness: Randomness
) -> None:
    rows[revision_id(coded.code_key, coded.tag)] = seal_revision(
        coded.code_key,
        public=public,
        nonce=randomness(NONCE_BYTES),
        tag=coded.tag,
        answer=coded.answer.encode(),
    )


def _counted_answer(
    rows: dict[bytes, bytes], coded: Coded, *, secret: bytes
) -> Answer | None:
    box = rows.get(revision_id(coded.code_key, coded.tag))
    if box is None:
        return None
    try:
        tag, answer = open_revision(coded.code_key, secret=secret, box=box)
    except Malformed:
        return None
    return Answer.decode(answer) if tag == coded.tag else None


def _take(
    votes: Round, ballots: list[Ballot], drive: CounterDrive, manifest: Manifest
) -> int:
    """Add the answers among `ballots`; return how many rows offer nothing valid."""
    refused = 0
    for ballot in ballots:
        try:
            answer = decode_answer(ballot.payload, manifest.terms)
        except Malformed:
            refused += 1
            continue
        tag = make_second_tag(drive.k_ctr, ballot.tag)
        votes.add(tag, ballot.seq, ballot.code_key, answer)
    return refused


async def _checked(chunks: AsyncIterator[bytes], end: SlotEnd) -> AsyncIterator[bytes]:
    """Yield slices of whole envelopes; at the end they were what the gate signed."""
    tree = board.Tree()
    before = b""
    async for chunk in chunks:
        if len(chunk) % POLL_ENVELOPE_BYTES:
            raise Tampered("A slot's envelopes are cut off.")
        for envelope in _split(chunk):
            entry = board.envelope_hash(envelope)
            if entry <= before:
                raise Tampered("A slot's envelopes are out of order.")
            before = entry
            tree.add(entry)
        step = SLICE_ENVELOPES * POLL_ENVELOPE_BYTES
        for at in range(0, len(chunk), step):
            yield chunk[at : at + step]
    if (tree.size, tree.root) != (end.size, end.root):
        raise Tampered("A slot's envelopes are not those that the gate signed.")


async def _opened(
    pool: ThreadPoolExecutor, slices: AsyncIterator[bytes], keys: _SlotKeys
) -> AsyncIterator[tuple[list[Ballot], int]]:
    """Open slices in threads, as many at once as there are threads and one more."""
    pending: list[Future[tuple[list[Ballot], int]]] = []
    async for part in slices:
        pending.append(pool.submit(_open_slice, part, keys))
        if len(pending) > OPENING_THREADS:
            yield await asyncio.wrap_future(pending.pop(0))
    for future in pending:
        yield await asyncio.wrap_future(future)


def _open_slice(part: bytes, keys: _SlotKeys) -> tuple[list[Ballot], int]:
    """Return the answers of a slice, and how many rows this gate did not write."""
    ballots: list[Ballot] = []
    refused = 0
    for envelope in _split(part):
        try:
            ballot = open_envelope(
                envelope, public=keys.public, secret=keys.secret, k_mac=keys.k_mac
            )
        except Malformed:
            refused += 1
            continue
        if ballot.kind is Kind.DUMMY:
            continue
        if (ballot.drive_id, ballot.slot) == (keys.drive_id, keys.slot):
            ballots.append(ballot)
        else:
            refused += 1
    return ballots, refused


def _split(chunk: bytes) -> Iterator[bytes]:
    for at in range(0, len(chunk), POLL_ENVELOPE_BYTES):
        yield chunk[at : at + POLL_ENVELOPE_BYTES]
