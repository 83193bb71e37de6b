"""The process whose memory is measured: a count, with what the counter loads.

It imports nothing else, or it would be the bench's memory that is measured.
"""

import asyncio
import secrets
from importlib import import_module
from pathlib import Path

import typer

from bot.core.board import EMPTY_HEAD
from bot.core.manifest import Manifest, decode_manifest
from bot.core.records import SlotEnd
from bot.core.running import Running, start_running
from bot.core.terms import PollTerms
from bot.counter.rounds import add_round, open_round
from bot.crypto.counter_secrets import CounterDrive
from storage.store import open_store

MEGABYTE = 10**6


def drive_of(
    manifest: Manifest, end: SlotEnd, *, secret: bytes, k_mac: bytes
) -> CounterDrive:
    """Return the counter's keys of a poll whose only slot has ended."""
    return CounterDrive(
        signer=bytes(32),
        rk=secrets.token_bytes(32),
        k_ctr=secrets.token_bytes(32),
        k_mac=k_mac,
        k_state=bytes(32),
        generation=0,
        state=b"",
        manifest=manifest.encode(),
        slot_keys={0: secret},
        waiting=(end,),
        head=EMPTY_HEAD,
        ended=1,
    )


def nobody(manifest: Manifest) -> Running:
    """Return the count of a poll that nobody was counted in."""
    assert isinstance(manifest.terms, PollTerms)
    return start_running(manifest.terms)


def pack(manifest: Manifest, drive: CounterDrive) -> bytes:
    """Return what the process is told of a poll whose only slot has ended."""
    (end,) = drive.waiting
    return b"".join(
        [
            manifest.encode(),
            b"\n",
            drive.slot_keys[0],
            drive.k_mac,
            end.root,
            end.size.to_bytes(8, "big"),
        ]
    )


def _unpack(packed: bytes) -> tuple[Manifest, CounterDrive]:
    text, rest = packed.split(b"\n", 1)
    manifest = decode_manifest(text)
    secret, k_mac, root = rest[:32], rest[32:64], rest[64:96]
    size = int.from_bytes(rest[96:104], "big")
    end = SlotEnd(drive_id=manifest.drive_id, slot=0, size=size, root=root)
    return manifest, drive_of(manifest, end, secret=secret, k_mac=k_mac)


def _peak_mb() -> float:
    """Return the most memory that this process has had (Linux, proc(5))."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / MEGABYTE
    raise RuntimeError("the system does not say what memory was used")


def count_alone(database: Path, packed: Path) -> None:
    """Count what lies in a database and print the peak memory, as the counter would."""
    # The rest of what `roundrobin count` loads.
    import_module("bot.compose.counting")
    asyncio.run(_count(database, packed.read_bytes()))
    typer.echo(f"{_peak_mb():.1f}")


async def _count(database: Path, packed: bytes) -> None:
    manifest, drive = _unpack(packed)
    store = await open_store(database)
    votes = await open_round(store, drive, manifest, nobody(manifest))
    running = add_round(votes, drive, secrets.token_bytes)
    await store.close()
    assert running.tally.answers == drive.waiting[0].size


if __name__ == "__main__":
    # A command, as `roundrobin count` is one: what reads its words takes memory too.
    typer.run(count_alone)
