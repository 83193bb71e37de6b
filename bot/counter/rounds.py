"""One round: the envelopes of its slots, opened, checked and folded (§7).

The bundles stream through in slices, so that memory holds the columns of the fold and
a few slices, whatever the number of answers. Large rounds open in processes: in
threads, the interpreter's lock lets two cores do the work of one.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from multiprocessing import get_context

from nacl.bindings import crypto_scalarmult_base

from bot.core import board
from bot.core.ballots import Answer, split_envelopes
from bot.core.canonical import Malformed
from bot.core.fold import Coded, Folded, Round, fold, join_tags
from bot.core.manifest import Manifest
from bot.core.records import SlotEnd
from bot.core.running import (
    REVISION_BOX_BYTES,
    REVISION_ID_BYTES,
    REVISIONS_STEP,
    Running,
    add_answers,
    change_answer,
)
from bot.core.shapes import Shape
from bot.core.terms import PollTerms
from bot.counter.opened import SlotSecrets, open_slice
from bot.crypto.counter_secrets import CounterDrive
from bot.crypto.states import (
    NONCE_BYTES,
    open_revision,
    revision_id,
    seal_revision,
)
from bot.hardening import leave_no_memory_behind
from bot.ports import Randomness, Store, Tampered

# Starting processes takes as long as opening this many envelopes here.
SHARED_ENVELOPES_MIN = 16_384
# More processes than this would only wait for the one that reads and hashes.
WORKERS_MAX = 8
# Envelopes that are handed over at a time: 70 ms of opening.
SLICE_ENVELOPES = 2048


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpenedRound:
    """A folded round and the count it adds to.

    `refused` is how many rows were not what this gate writes: nobody's answer, since
    every row of the gate's own passes.
    """

    running: Running
    folded: Folded
    refused: int


async def open_round(
    store: Store,
    drive: CounterDrive,
    manifest: Manifest,
    running: Running,
    *,
    workers: int | None = None,
) -> OpenedRound:
    """Open and fold the slots that `drive` has waiting.

    `workers` is the number of processes that open, 0 for this one; by default large
    rounds take one for each core. Raises `Tampered` if a bundle is not the one whose
    root the gate signed.
    """
    if workers is None:
        size = sum(end.size for end in drive.waiting)
        workers = 0 if size < SHARED_ENVELOPES_MIN else _cores()
    terms = manifest.terms
    assert isinstance(terms, PollTerms)
    votes = Round()
    refused = 0
    with _pool(workers) as pool:
        for end in drive.waiting:
            keys = SlotSecrets(
                drive_id=manifest.drive_id,
                slot=end.slot,
                terms=terms,
                secret=drive.slot_keys[end.slot],
                k_mac=drive.k_mac,
                k_ctr=drive.k_ctr,
            )
            chunks = store.bundle(manifest.drive_id, end.slot)
            slices = checked_slices(chunks, end, terms.shape)
            async for part, bad in _opened(pool, slices, keys, ahead=2 * workers):
                votes.extend(part)
                refused += bad
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


async def checked_slices(
    chunks: AsyncIterator[bytes], end: SlotEnd, shape: Shape
) -> AsyncIterator[bytes]:
    """Yield slices of whole envelopes; at the end they were what the gate signed."""
    tree = board.Tree()
    before = b""
    async for chunk in chunks:
        if len(chunk) % shape.envelope_bytes:
            raise Tampered("A slot's envelopes are cut off.")
        for envelope in split_envelopes(chunk, shape):
            entry = board.envelope_hash(envelope)
            if entry <= before:
                raise Tampered("A slot's envelopes are out of order.")
            before = entry
            tree.add(entry)
        step = SLICE_ENVELOPES * shape.envelope_bytes
        for at in range(0, len(chunk), step):
            yield chunk[at : at + step]
    if (tree.size, tree.root) != (end.size, end.root):
        raise Tampered("A slot's envelopes are not those that the gate signed.")


async def _opened(
    pool: Executor | None,
    slices: AsyncIterator[bytes],
    keys: SlotSecrets,
    *,
    ahead: int,
) -> AsyncIterator[tuple[Round, int]]:
    """Open slices here, or in `pool` with at most `ahead` slices under way."""
    pending: list[Future[tuple[Round, int]]] = []
    async for part in slices:
        if pool is None:
            yield open_slice(part, keys)
            continue
        pending.append(pool.submit(open_slice, part, keys))
        if len(pending) > ahead:
            yield await asyncio.wrap_future(pending.pop(0))
    for future in pending:
        yield await asyncio.wrap_future(future)


def _pool(workers: int) -> ProcessPoolExecutor | nullcontext[None]:
    """Return new processes that share nothing with this one but what they are told."""
    if not workers:
        return nullcontext()
    return ProcessPoolExecutor(
        workers,
        mp_context=get_context("spawn"),
        initializer=leave_no_memory_behind,
    )


def _cores() -> int:
    return min(len(os.sched_getaffinity(0)), WORKERS_MAX)
