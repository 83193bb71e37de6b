"""A whole installation in a temporary folder, with a clock that the bench sets."""

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.core.actors import Actor
from bot.core.ballots import Answer
from bot.core.certificates import decode_certificate
from bot.core.drives import State
from bot.core.manifest import DRIVE_ID_BYTES, DriveId
from bot.core.records import Drive, OrganizerTag, Party, SaveDrive
from bot.core.slots import DAY
from bot.core.tallies import Choice
from bot.core.terms import PollTerms
from bot.counter import count_once
from bot.crypto.founding import new_installation
from bot.gate import Gate
from bot.gate.files import split_certificate
from bot.hardening import make_ready_for_a_rush
from storage.folder import DataFolder
from storage.inbox import DiskInboxes
from storage.keystore import CHEAPEST, SealedKeystore
from storage.store import SqlStore, create_store

OPTIONS = ("Yes", "No", "Unsure", "Later", "Never")


class BenchClock:
    """Time that stands still until somebody moves it."""

    def __init__(self) -> None:
        """Start at a fixed moment."""
        self.seconds = 1_900_000_000

    def now(self) -> int:
        """Return the simulated second."""
        return self.seconds


class House:
    """A gate, a counter and their storage, all real."""

    def __init__(self, folder: DataFolder, store: SqlStore) -> None:
        """Make the keystores; `opened` does the rest."""
        gate, counter = new_installation(secrets.token_bytes)
        self.folder = folder
        self.store = store
        self.clock = BenchClock()
        self.gate_keys = SealedKeystore.create(
            folder.keystore(Party.GATE), "bench", Party.GATE, gate, CHEAPEST
        )
        self._counter_keys = SealedKeystore.create(
            folder.keystore(Party.COUNTER), "bench", Party.COUNTER, counter, CHEAPEST
        )

    async def count(self) -> None:
        """Let the counter do what waits for it."""
        await count_once(
            store=self.store,
            keystore=self._counter_keys,
            clock=self.clock,
            randomness=secrets.token_bytes,
        )

    async def open_poll(self, gate: Gate, *, place: str = "general") -> Drive:
        """Return a poll of a day that takes answers."""
        name = f"poll-{secrets.token_hex(4)}"
        drive = Drive(
            drive_id=DriveId(secrets.token_bytes(DRIVE_ID_BYTES)),
            state=State.DRAFT,
            terms=poll_terms(name, place),
            author=OrganizerTag(bytes(32)),
            drafted_at=self.clock.now(),
            length=DAY,
        )
        await gate.commit([SaveDrive(drive=drive)])
        await gate.begin(drive)
        await gate.settle()
        opened = gate.drive(name)
        assert opened is not None
        return opened

    async def close_poll(self, gate: Gate, drive: Drive) -> int:
        """Close a poll and return the released total: rounded down to tens."""
        await gate.close_early(drive)
        await gate.settle()
        closed = gate.drive(drive.name)
        assert closed is not None
        _, certificate = split_certificate(closed)
        return decode_certificate(certificate).released.total


def poll_terms(name: str, place: str = "general") -> PollTerms:
    """Return the terms of a poll with five options."""
    return PollTerms(
        name=name,
        question="Should we ask for paid lunch breaks?",
        choice=Choice.SINGLE,
        options=OPTIONS,
        place=place,
        audience=100_000,
    )


def voter(number: int) -> Actor:
    """Return the account of an invented person."""
    return Actor(platform="bench", team="T0BENCH", user=f"U{number:011d}")


def vote(number: int) -> Answer:
    """Return what that person chooses."""
    return Answer(chosen=1 << number % len(OPTIONS))


@asynccontextmanager
async def open_house(path: Path) -> AsyncGenerator[tuple[House, Gate]]:
    """Make an installation, and take it down at the end."""
    make_ready_for_a_rush()
    folder = DataFolder(path)
    folder.create()
    store = await create_store(folder.database)
    house = House(folder, store)
    gate = await Gate.open(
        store=store,
        keystore=house.gate_keys,
        inboxes=DiskInboxes(folder.inboxes),
        clock=house.clock,
        randomness=secrets.token_bytes,
        wake_counter=house.count,
    )
    try:
        yield house, gate
    finally:
        await gate.close()
        await store.close()
