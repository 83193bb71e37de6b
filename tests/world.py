"""A small installation on a real disk: gate, counter, store, keystores, and people.

Everything is the product's own, but for the clock, which stands still until a test
moves it, and the cost of a passphrase, which is the least there is. The counter runs
in the test's process unless a test asks for a process of its own.
"""

import asyncio
import secrets
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.actors import Actor
from bot.core.ballots import NO_SEGMENT, Answer
from bot.core.certificates import CertificateFile
from bot.core.drives import State
from bot.core.manifest import DriveId, Manifest, decode_manifest
from bot.core.publication import Rules
from bot.core.receipts import Receipt
from bot.core.records import Drive, OrganizerTag, Party, SaveDrive
from bot.core.released import ReleasedTable
from bot.core.running import Running, decode_running
from bot.core.slots import DAY
from bot.core.tallies import Choice
from bot.core.terms import PollTerms, Terms
from bot.counter import count_once
from bot.crypto.certifying import verify_file
from bot.crypto.counter_secrets import (
    CounterDrive,
    CounterSecrets,
    decode_counter_secrets,
)
from bot.crypto.founding import new_installation
from bot.crypto.gate_secrets import GateSecrets, decode_gate_secrets
from bot.crypto.states import open_state
from bot.gate import Gate
from storage.folder import DataFolder
from storage.inbox import DiskInboxes
from storage.keystore import CHEAPEST, SealedKeystore
from storage.store import SqlStore, create_store, open_store

# 2031-05-01T12:00:00Z
NOON = 1_935_403_200
PASSPHRASE = "seven words that nobody has to guess here"
OPTIONS = ("A", "B", "C", "D")
AUTHOR = OrganizerTag(b"\x07" * 32)

Around = Callable[[Any], Any]


def person(number: int) -> Actor:
    """Return the account of somebody; their ids are as long as a vendor's."""
    return Actor(platform="console", team="T0WORKPLACE", user=f"U{number:011d}")


MEI = person(900_001)
SAM = person(900_002)
IDA = person(900_003)
CROWD = tuple(person(number) for number in range(40))


class StandingClock:
    """Time that moves when a test says so."""

    def __init__(self, now: int = NOON) -> None:
        self.time = now

    def now(self) -> int:
        """Return the time that it was set to."""
        return self.time


def pick(*options: int) -> Answer:
    """Return the answer that chooses the options at these positions."""
    return Answer(chosen=sum(1 << option for option in options))


def poll_terms(name: str = "lunch", **changes: Any) -> PollTerms:
    """Return the terms of a poll with four options."""
    terms: dict[str, Any] = {
        "name": name,
        "question": "Where do we eat?",
        "choice": Choice.SINGLE,
        "options": OPTIONS,
        "place": "general",
        "audience": 40,
        "rules": Rules(),
    }
    return PollTerms(**(terms | changes))


def drafted(
    terms: Terms, *, now: int = NOON, days: float = 3, closes_at: int = 0
) -> Drive:
    """Return a draft of a poll that is to be open for some days."""
    return Drive(
        drive_id=DriveId(secrets.token_bytes(16)),
        state=State.DRAFT,
        terms=terms,
        author=AUTHOR,
        drafted_at=now,
        length=0 if closes_at else round(days * DAY),
        closes_at=closes_at,
    )


@dataclass
class World:
    """One installation. `around_*` may wrap what gate and counter are given."""

    folder: DataFolder
    clock: StandingClock = field(default_factory=StandingClock)
    # The counter's own clock; the gate's unless a test sets another.
    counter_clock: StandingClock | None = None
    counter_is_off: bool = False
    around_gate_store: Around | None = None
    around_gate_keystore: Around | None = None
    around_inboxes: Around | None = None
    around_counter_store: Around | None = None
    around_counter_keystore: Around | None = None
    wake: Callable[[], Awaitable[None]] | None = None
    _gate: Gate | None = None
    _store: SqlStore | None = None

    @property
    def gate(self) -> Gate:
        """The gate that runs."""
        assert self._gate is not None
        return self._gate

    @property
    def store(self) -> SqlStore:
        """The gate's connection to the database."""
        assert self._store is not None
        return self._store

    # Life --------------------------------------------------------------------

    async def open(self) -> "World":
        """Start the gate on what is on disk."""
        self._store = await open_store(self.folder.database)
        try:
            self._gate = await Gate.open(
                store=_wrapped(self._store, self.around_gate_store),
                keystore=_wrapped(self.keystore(Party.GATE), self.around_gate_keystore),
                inboxes=_wrapped(DiskInboxes(self.folder.inboxes), self.around_inboxes),
                clock=self.clock,
                randomness=secrets.token_bytes,
                wake_counter=self.wake or self.wake_counter,
            )
        except BaseException:
            await self._store.close()
            self._store = None
            raise
        return self

    async def close(self) -> None:
        """Stop the gate in an orderly way."""
        if self._gate is not None:
            await self._gate.close()
        await self._drop()

    async def crash(self) -> None:
        """End the gate with nothing said to it; what is in memory is gone."""
        if self._gate is not None:
            # Threads and locks of a process end with it, and write nothing more.
            self._gate._intake.close()
        await self._drop()

    async def reopen(self) -> "World":
        """Restart the gate."""
        await self.close()
        return await self.open()

    async def _drop(self) -> None:
        if self._store is not None:
            await self._store.close()
        self._gate = self._store = None

    # Time and the counter ----------------------------------------------------

    async def count(self) -> int:
        """Run the counter once, on its own keystore and connection."""
        store = await open_store(self.folder.database)
        try:
            return await count_once(
                store=_wrapped(store, self.around_counter_store),
                keystore=_wrapped(
                    self.keystore(Party.COUNTER), self.around_counter_keystore
                ),
                clock=self.counter_clock or self.clock,
                randomness=secrets.token_bytes,
            )
        finally:
            await store.close()

    async def wake_counter(self) -> None:
        """Run the counter as the gate asks for it, unless it is switched off."""
        if not self.counter_is_off:
            await self.count()

    async def pass_slot(self) -> None:
        """Let the clock reach what is due next, and let the gate do it."""
        due = self.gate.next_due()
        assert due is not None
        self.clock.time = max(due, self.clock.time)
        await self.gate.settle()

    async def pass_all(self, name: str = "lunch") -> Drive:
        """Let time pass until a poll is over; return it."""
        while self.drive(name).state in {State.KEYED, State.OPEN}:
            await self.pass_slot()
        return self.drive(name)

    def held(self) -> list[DriveId]:
        """Return the polls that gate or counter hold, since something was altered."""
        drives = self.counter_secrets().drives.items()
        of_counter = [drive_id for drive_id, drive in drives if drive.held]
        return [*self.gate.held(), *of_counter]

    # Polls and answers -------------------------------------------------------

    async def draft(self, drive: Drive) -> Drive:
        """Keep a draft."""
        await self.gate.commit([SaveDrive(drive=drive)])
        return drive

    async def start(
        self, terms: Terms | None = None, *, days: float = 3, closes_at: int = 0
    ) -> Drive:
        """Start a poll, and open it if the counter is there."""
        terms = terms or poll_terms()
        drive = drafted(terms, now=self.clock.time, days=days, closes_at=closes_at)
        await self.gate.begin(await self.draft(drive))
        await self.gate.settle()
        return self.drive(terms.name)

    def drive(self, name: str = "lunch") -> Drive:
        """Return a poll as the gate knows it."""
        drive = self.gate.drive(name)
        assert drive is not None
        return drive

    async def vote(
        self, who: Actor, *options: int, code: str = "", segment: int = NO_SEGMENT
    ) -> Receipt:
        """Answer the poll "lunch"."""
        answer = Answer(chosen=pick(*options).chosen, segment=segment)
        return await self.gate.submit(who, self.drive(), answer, code=code)

    async def vote_with_code(self, who: Actor, *options: int) -> str:
        """Answer the poll "lunch" and return the code that opens the answer."""
        receipt = await self.gate.submit(
            who, self.drive(), pick(*options), wants_code=True
        )
        return receipt.code

    async def crowd(self, *options: int, first: int = 0) -> None:
        """Let one person after another of the crowd choose these options."""
        people = CROWD[first : first + len(options)]
        await asyncio.gather(
            *(
                self.vote(who, option)
                for who, option in zip(people, options, strict=True)
            )
        )

    # What is on disk ---------------------------------------------------------

    def keystore(self, role: Party) -> SealedKeystore:
        """Open a role's keystore as it is on disk."""
        return SealedKeystore.open(self.folder.keystore(role), PASSPHRASE, role)

    def gate_secrets(self) -> GateSecrets:
        """Return what the gate's keystore holds."""
        return decode_gate_secrets(self.keystore(Party.GATE).content)

    def counter_secrets(self) -> CounterSecrets:
        """Return what the counter's keystore holds."""
        return decode_counter_secrets(self.keystore(Party.COUNTER).content)

    def counter_drive(self, name: str = "lunch") -> CounterDrive:
        """Return the counter's keys of a poll that is not closed."""
        return self.counter_secrets().drives[self.drive(name).drive_id]

    async def running(self, name: str = "lunch") -> Running:
        """Return the count so far, as only the counter's keystore can open it."""
        drive = self.drive(name)
        kept = self.counter_drive(name)
        box = await self.store.state(drive.drive_id, kept.generation)
        assert box is not None
        plain = open_state(
            kept.k_state,
            drive_id=drive.drive_id,
            generation=kept.generation,
            box=box,
        )
        return decode_running(plain, drive.poll)

    async def file(self, name: str = "lunch") -> CertificateFile:
        """Return a published poll's certificate, checked as anybody can check it."""
        return verify_file(await self.gate.file_of(self.drive(name)))

    async def released(self, name: str = "lunch") -> ReleasedTable:
        """Return a published poll's table."""
        return (await self.file(name)).certificate.released

    async def shown(self, name: str = "lunch") -> list[str]:
        """Return what the rows of a published poll show."""
        return [row.shown for row in (await self.released(name)).rows]

    def manifest(self, name: str = "lunch") -> Manifest:
        """Return a poll's terms as they were signed."""
        return decode_manifest(self.drive(name).manifest)

    def files(self) -> list[Path]:
        """Return all files of the installation."""
        return sorted(path for path in self.folder.path.rglob("*") if path.is_file())

    def bytes_of_all(self) -> dict[Path, bytes]:
        """Return all files with their bytes, as a thief would read them."""
        return {path: path.read_bytes() for path in self.files()}


async def found(path: Path) -> DataFolder:
    """Make an installation in a new folder."""
    folder = DataFolder(path)
    folder.create()
    gate, counter = new_installation(secrets.token_bytes)
    for role, content in ((Party.GATE, gate), (Party.COUNTER, counter)):
        SealedKeystore.create(
            folder.keystore(role), PASSPHRASE, role, content, CHEAPEST
        )
    await (await create_store(folder.database)).close()
    return folder


def copy_of(folder: DataFolder, path: Path) -> DataFolder:
    """Copy an installation that is not running."""
    shutil.copytree(folder.path, path)
    return DataFolder(path)


async def open_world(path: Path, **parts: Any) -> World:
    """Start the gate of a new installation in a new folder."""
    return await World(folder=await new_folder(path), **parts).open()


@asynccontextmanager
async def running_world(path: Path, **parts: Any) -> AsyncIterator[World]:
    """Yield an installation whose gate runs, and stop it in the end."""
    world = await open_world(path, **parts)
    try:
        yield world
    finally:
        await world.close()


async def new_folder(path: Path) -> DataFolder:
    """Make an installation in a folder: all alike, since making one takes a moment."""
    model = _model_folder()
    if not model.path.exists():
        await found(model.path)
    return copy_of(model, path)


@cache
def _model_folder() -> DataFolder:
    return DataFolder(Path(tempfile.mkdtemp(prefix="roundrobin-")) / "model")


def table_of(counts: Sequence[int], names: Sequence[str] = OPTIONS) -> dict[str, int]:
    """Return raw counts by option."""
    return dict(zip(names, counts, strict=True))


def _wrapped(part: Any, around: Around | None) -> Any:
    return around(part) if around else part


# A counter in a process of its own ---------------------------------------------------

_PROGRAM = """\
import asyncio, secrets, sys
from pathlib import Path
from bot.core.records import Party
from bot.counter import count_once
from storage.folder import DataFolder
from storage.keystore import SealedKeystore
from storage.store import open_store
from tests.world import PASSPHRASE, StandingClock

async def main(path, now):
    folder = DataFolder(Path(path))
    with folder.lock(Party.COUNTER):
        keystore = SealedKeystore.open(
            folder.keystore(Party.COUNTER), PASSPHRASE, Party.COUNTER
        )
        store = await open_store(folder.database)
        try:
            await count_once(
                store=store,
                keystore=keystore,
                clock=StandingClock(now),
                randomness=secrets.token_bytes,
            )
        finally:
            await store.close()

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""
ROOT = Path(__file__).parent.parent


async def start_counter(world: World) -> asyncio.subprocess.Process:
    """Start the counter as a process of its own."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _PROGRAM,
        str(world.folder.path),
        str(world.clock.now()),
        cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


async def count_apart(world: World) -> None:
    """Run the counter in a process of its own, and wait for it."""
    process = await start_counter(world)
    _, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
