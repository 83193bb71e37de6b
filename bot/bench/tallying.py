"""Answers counted: how near the counter comes to opening, and in how much memory."""

import asyncio
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from nacl.bindings import crypto_box_keypair

from bot.bench import limits
from bot.bench.alone import drive_of, nobody, pack
from bot.bench.house import OPTIONS, poll_terms
from bot.bench.ratio import Ratio, ratio_of
from bot.core.ballots import (
    NO_CODE,
    POLL_ENVELOPE_BYTES,
    Answer,
    Ballot,
    Envelope,
    Kind,
    Tag,
)
from bot.core.manifest import DRIVE_ID_BYTES, DriveId, Manifest
from bot.core.records import SaveBundle
from bot.core.slots import DAY, Schedule
from bot.counter.rounds import add_round, open_round
from bot.crypto.counter_secrets import CounterDrive
from bot.crypto.sealing import make_record, seal_records
from bot.gate.intake import bundle_of
from storage.store import create_store, open_store

LIMIT_ENVELOPES = 5_000
MEMORY_ENVELOPES = 1_000_000
_SEALED_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Poll:
    """A poll whose one slot has ended, and the keys that open it."""

    manifest: Manifest
    drive: CounterDrive
    public: bytes
    secret: bytes
    bundle: SaveBundle


async def measure_tallying(folder: Path, turns: int, envelopes: int) -> list[Ratio]:
    """Return the ratios of a count over `envelopes` answers by as many people."""
    poll = _make_poll(envelopes)
    store = await create_store(folder / "tally.db")
    await store.commit([poll.bundle])
    sample = _envelopes(poll.bundle)[:LIMIT_ENVELOPES]
    one: list[tuple[float, float]] = []
    all_: list[tuple[float, float]] = []
    for _ in range(turns):
        limit = limits.opens_a_second(sample, poll.public, poll.secret)
        one.append((await _count(folder / "tally.db", poll, workers=0), limit))
        all_.append((await _count(folder / "tally.db", poll, workers=None), limit))
    await store.close()
    return [
        ratio_of(
            "tally_efficiency",
            "envelopes/s counted, a process for each core ÷ one core's opens/s",
            all_,
            0.9,
        ),
        ratio_of(
            "tally_one_process",
            "envelopes/s counted by one process ÷ one core's opens/s",
            one,
            0.7,
        ),
    ]


async def measure_memory(folder: Path, envelopes: int) -> Ratio:
    """Return the memory of a count over a million envelopes, in a new process.

    The keystore is not opened there: that takes more, and gives all of it back.
    """
    poll = _make_poll(envelopes)
    path = folder / "memory.db"
    store = await create_store(path)
    await store.commit([poll.bundle])
    await store.close()
    keys = folder / "memory.key"
    keys.write_bytes(pack(poll.manifest, poll.drive))
    del poll
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot.bench.alone", str(path), str(keys)],
        capture_output=True,
        text=True,
        check=True,
    )
    return Ratio(
        name="tally_memory_mb",
        formula="peak memory of the counter over a million envelopes, in MB",
        samples=(float(done.stdout.split()[-1]),),
        goal=150.0,
        lower_is_better=True,
    )


async def _count(path: Path, poll: _Poll, *, workers: int | None) -> float:
    """Count the poll from the store; return the envelopes a second."""
    store = await open_store(path)
    start = perf_counter()
    votes = await open_round(
        store,
        poll.drive,
        poll.manifest,
        nobody(poll.manifest),
        workers=workers,
    )
    running = add_round(votes, poll.drive, secrets.token_bytes)
    seconds = perf_counter() - start
    await store.close()
    if running.tally.answers != poll.bundle.slot_end.size or votes.refused:
        raise RuntimeError("stored answers and counted answers differ")
    return poll.bundle.slot_end.size / seconds


def _make_poll(envelopes: int) -> _Poll:
    public, secret = crypto_box_keypair()
    manifest = Manifest(
        drive_id=DriveId(secrets.token_bytes(DRIVE_ID_BYTES)),
        terms=poll_terms("bench"),
        schedule=Schedule(opens_at=0, closes_at=DAY, slot_seconds=DAY),
        signer=bytes(32),
        gate_commitment=bytes(32),
    )
    k_mac = secrets.token_bytes(32)
    bundle = bundle_of(
        manifest.drive_id, 0, _sealed(manifest.drive_id, k_mac, public, envelopes)
    )
    drive = drive_of(manifest, bundle.slot_end, secret=secret, k_mac=k_mac)
    return _Poll(
        manifest=manifest, drive=drive, public=public, secret=secret, bundle=bundle
    )


def _sealed(
    drive_id: DriveId, k_mac: bytes, public: bytes, count: int
) -> list[Envelope]:
    def seal(first: int) -> list[Envelope]:
        return seal_records(
            [
                make_record(_ballot(drive_id, number), k_mac)
                for number in range(first, min(first + _SEALED_AT_ONCE, count))
            ],
            public,
        )

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        parts = threads.map(seal, range(0, count, _SEALED_AT_ONCE))
        return [envelope for part in parts for envelope in part]


def _ballot(drive_id: DriveId, number: int) -> Ballot:
    return Ballot(
        kind=Kind.ANSWER,
        drive_id=drive_id,
        slot=0,
        tag=Tag(secrets.token_bytes(32)),
        seq=number,
        ballot_id=secrets.token_bytes(16),
        code_key=NO_CODE,
        payload=Answer(chosen=1 << number % len(OPTIONS)).encode(),
    )


def _envelopes(bundle: SaveBundle) -> list[bytes]:
    return list(_split(bundle.chunks[:2]))


def _split(chunks: tuple[bytes, ...]) -> Iterator[bytes]:
    for chunk in chunks:
        for at in range(0, len(chunk), POLL_ENVELOPE_BYTES):
            yield chunk[at : at + POLL_ENVELOPE_BYTES]
