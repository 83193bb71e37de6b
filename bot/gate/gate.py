"""The gate as the rest of the program sees it: one page over its parts.

Answers never wait for anything but their own inbox. Everything else happens under one
lock, one commit at a time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace

from bot.core.actors import Actor
from bot.core.ballots import Answer
from bot.core.certificates import CertificateFile, decode_certificate
from bot.core.drives import DRAFTS, Event, State, step
from bot.core.errors import CannotClose, DriveHeld, NothingToConfirm, UnknownDrive
from bot.core.letters import Draft
from bot.core.manifest import DriveId, decode_manifest
from bot.core.receipts import Receipt
from bot.core.records import Change, Drive, OrganizerTag, SaveDrive
from bot.crypto.codes import read_code
from bot.crypto.prf import INVITE, prf
from bot.crypto.sealing import commit_to_key
from bot.crypto.tags import make_organizer_tag
from bot.gate.answers import Answers, next_count
from bot.gate.book import Book
from bot.gate.checks import split_certificate
from bot.gate.held import Held
from bot.gate.intake import Intake
from bot.gate.life import Life
from bot.gate.roll import Roll
from bot.gate.vault import Vault
from bot.ports import Clock, Inboxes, Keystore, Randomness, Store
from bot.schedule import due_at


class Gate:
    """Takes answers and keeps the drives' time. Made by `Gate.open`."""

    def __init__(
        self,
        *,
        store: Store,
        keystore: Keystore,
        inboxes: Inboxes,
        clock: Clock,
        randomness: Randomness,
        wake_counter: Callable[[], Awaitable[None]],
    ) -> None:
        """Join the parts; `open` reads what is on disk."""
        self._store = store
        self._clock = clock
        self._vault = Vault(keystore, randomness)
        self._book = Book(store, self._vault, Held(clock))
        self._intake = Intake(inboxes, randomness)
        self._answers = Answers(
            book=self._book,
            vault=self._vault,
            intake=self._intake,
            clock=clock,
            randomness=randomness,
        )
        self._life = Life(
            store=store,
            book=self._book,
            vault=self._vault,
            intake=self._intake,
            answers=self._answers,
            clock=clock,
            wake_counter=wake_counter,
        )
        # What the organizers' side reads.
        self.roll = Roll(store, self._vault, self._book)
        self._lock = asyncio.Lock()

    @classmethod
    async def open(
        cls,
        *,
        store: Store,
        keystore: Keystore,
        inboxes: Inboxes,
        clock: Clock,
        randomness: Randomness,
        wake_counter: Callable[[], Awaitable[None]],
    ) -> "Gate":
        """Return a gate that has recovered from whatever ended the last one.

        Raises `Tampered` if the store is older than the keystore or a letter was
        altered, and `StorageError` if it cannot be read. A poll that something
        happened to is held, and the others go on.
        """
        gate = cls(
            store=store,
            keystore=keystore,
            inboxes=inboxes,
            clock=clock,
            randomness=randomness,
            wake_counter=wake_counter,
        )
        await gate._book.load(await gate._vault.recover(store))
        await gate._life.recover()
        return gate

    # Reading -----------------------------------------------------------------

    def organizer_tag(self, actor: Actor) -> OrganizerTag:
        """Return what stands for an account among the organizers."""
        return make_organizer_tag(self._vault.k_org, actor)

    def invite_digest(self, code: str) -> bytes:
        """Return the keyed digest of a typed invite, or raise `CodeMistyped`."""
        random = read_code(code)
        return prf(self._vault.k_org, INVITE, random)

    def drives(self) -> list[Drive]:
        """Return all drives, oldest first."""
        return self._book.drives()

    def drive(self, name: str) -> Drive | None:
        """Return the drive with this short name, in any state."""
        return self._book.named(name)

    def held(self) -> list[DriveId]:
        """Return the drives that stand still: altered ones, and some the disk fails."""
        return self._book.held.all()

    def next_count(self, drive: Drive) -> int:
        """Return the schedule's next count, whether or not it will take place."""
        return next_count(drive, self._clock.now())

    def next_due(self) -> int | None:
        """Return when `settle` next has something to do because of time."""
        dues = [
            self._book.held.due_at(drive.drive_id, due_at(drive))
            for drive in self.drives()
        ]
        return min((due for due in dues if due is not None), default=None)

    async def file_of(self, drive: Drive) -> bytes:
        """Return a published drive's certificate file, or raise `UnknownDrive`."""
        if drive.state is not State.PUBLISHED:
            raise UnknownDrive
        signature, text = split_certificate(drive)
        certificate = decode_certificate(text)
        file = CertificateFile(
            manifest=decode_manifest(drive.manifest),
            manifest_signature=drive.signature,
            certificate=certificate,
            signature=signature,
            board=tuple(
                [
                    await self._store.board_hashes(drive.drive_id, slot)
                    for slot in range(certificate.slots)
                ]
            ),
        )
        return file.encode()

    # Writing -----------------------------------------------------------------

    def submit(
        self,
        actor: Actor,
        drive: Drive,
        answer: Answer,
        *,
        code: str = "",
        wants_code: bool = False,
    ) -> Coroutine[None, None, Receipt]:
        """Store an answer durably; see `Answers.submit`."""
        return self._answers.submit(
            actor, drive, answer, code=code, wants_code=wants_code
        )

    async def commit(self, changes: Sequence[Change]) -> None:
        """Write `changes`, all or none. Nothing else writes in the gate's process."""
        async with self._lock:
            await self._book.commit(changes)

    async def begin(self, drive: Drive, changes: Sequence[Change] = ()) -> None:
        """Start a drive that organizers agreed to: ask the counter for its keys."""
        async with self._lock:
            current = self._book.get(drive.drive_id)
            if current is None or current.state not in DRAFTS:
                raise NothingToConfirm
            keys = self._vault.make_keys(drive.drive_id)
            confirmed = replace(
                drive,
                state=step(drive.state, Event.STARTED),
                author=OrganizerTag(b""),
            )
            draft = Draft(
                drive_id=drive.drive_id,
                terms=drive.terms,
                length=drive.length,
                closes_at=drive.closes_at,
                gate_commitment=commit_to_key(keys.k_gate),
                k_mac=keys.k_mac,
            )
            await self._book.commit([SaveDrive(drive=confirmed), *changes], draft)

    async def close_early(self, drive: Drive, changes: Sequence[Change] = ()) -> None:
        """End an open drive now; the time is posted, and results follow."""
        async with self._lock:
            current = self._book.get(drive.drive_id)
            if current is None or current.state is not State.OPEN:
                raise CannotClose
            if drive.drive_id in self._book.held:
                raise DriveHeld
            schedule = current.schedule
            if schedule is not None and self._clock.now() >= schedule.closes_at:
                # It has ended by itself, and may be extended by its own terms.
                raise CannotClose
            await self._life.end_early(current, changes)

    async def settle(self) -> None:
        """Do all that is due now, and wait for the counter where it has work."""
        async with self._lock:
            await self._life.settle()

    async def close(self) -> None:
        """Stop the inboxes and leave everything as it is on disk."""
        async with self._lock:
            self._intake.close()
