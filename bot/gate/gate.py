"""The gate as the rest of the program sees it: one page over its parts.

Answers never wait for anything but their own inbox. Everything else happens under one
lock, one commit at a time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace

from bot.core.actors import Actor
from bot.core.ballots import Answer
from bot.core.cases import Case, about, with_reply
from bot.core.drives import DRAFTS, LIVE, Event, State, step
from bot.core.errors import (
    CannotClose,
    CannotMute,
    DriveHeld,
    NothingToConfirm,
    UnknownDrive,
)
from bot.core.letters import Draft, Mute
from bot.core.manifest import DriveId
from bot.core.name_boxes import SignedName
from bot.core.receipts import Receipt
from bot.core.records import (
    BoxTables,
    Change,
    Drive,
    DropDrive,
    OrganizerTag,
    SaveDrive,
)
from bot.core.reports import Act, Report
from bot.crypto.cases import seal_reply
from bot.crypto.codes import Code, code_key, read_code
from bot.crypto.prf import INVITE, prf
from bot.crypto.sealing import commit_to_key
from bot.crypto.tags import make_organizer_tag
from bot.gate.answers import Answers, next_count
from bot.gate.book import Book
from bot.gate.cases import Cases
from bot.gate.files import file_of
from bot.gate.held import Held
from bot.gate.intake import Intake
from bot.gate.lanes import Lanes
from bot.gate.life import Life
from bot.gate.petitions import Petitions
from bot.gate.reports import Reports
from bot.gate.roll import Roll
from bot.gate.vault import Vault
from bot.ports import Clock, Inboxes, Keystore, Randomness, Stale, Store
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
        self._cases = Cases(
            store=store,
            book=self._book,
            vault=self._vault,
            clock=clock,
            randomness=randomness,
        )
        self._lanes = Lanes(
            book=self._book, vault=self._vault, clock=clock, randomness=randomness
        )
        self._reports = Reports(
            vault=self._vault,
            answers=self._answers,
            lanes=self._lanes,
            cases=self._cases,
            randomness=randomness,
        )
        self._petitions = Petitions(
            answers=self._answers, clock=clock, randomness=randomness
        )
        self._life = Life(
            store=store,
            book=self._book,
            vault=self._vault,
            intake=self._intake,
            answers=self._answers,
            lanes=self._lanes,
            cases=self._cases,
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
        await gate._cases.load()
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
        """Return all drives that people decide about, oldest first."""
        return [drive for drive in self._book.drives() if drive.terms.is_listed]

    def drive(self, name: str) -> Drive | None:
        """Return the drive with this short name, in any state."""
        found = self._book.named(name)
        return found if found and found.terms.is_listed else None

    def cases(self) -> list[Case]:
        """Return what organizers may read, in an order that says nothing."""
        return self._cases.all()

    def case(self, name: str) -> Case:
        """Return the case that a button names, or raise `CaseGone`."""
        return self._cases.named(name)

    def opened(self, code: str) -> tuple[Case, list[str]] | None:
        """Return the case that a typed code opens and what was said, or nothing."""
        return self._cases.by_code(code_key(read_code(code)))

    async def box_tables(self, box: Drive) -> list[BoxTables]:
        """Return the tables of a box's reports, oldest first."""
        return await self._store.box_tables(box.drive_id)

    def next_letters(self) -> int:
        """Return when what takes the lane is read next."""
        lane = self._lanes.open_lane()
        now = self._clock.now()
        return next_count(lane, now) if lane else now

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
            for drive in self._book.drives()
        ]
        dues.append(self._cases.next_end())
        return min((due for due in dues if due is not None), default=None)

    async def file_of(self, drive: Drive) -> bytes:
        """Return a published drive's certificate file, or raise `UnknownDrive`."""
        if drive.state is not State.PUBLISHED:
            raise UnknownDrive
        return await file_of(drive, self._store)

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

    async def report(
        self, actor: Actor, box: Drive, report: Report, *, urgent: bool
    ) -> Code | None:
        """Store a report durably; see `Reports.submit`."""
        return await self._reports.submit(actor, box, report, urgent=urgent)

    async def sign(
        self, actor: Actor, petition: Drive, signed: SignedName | None
    ) -> Receipt:
        """Store a signature durably; see `Petitions.sign`."""
        return await self._petitions.sign(actor, petition, signed)

    async def withdraw(self, actor: Actor, petition: Drive, code: str = "") -> Receipt:
        """Store that a name is to be taken off; see `Petitions.withdraw`."""
        return await self._petitions.withdraw(actor, petition, code)

    async def write_to_case(
        self, actor: Actor, code: str, act: Act, text: str = ""
    ) -> None:
        """Store what an author says about their case; see `Reports.add`."""
        await self._reports.add(actor, code, act, text)

    async def reply(self, name: str, text: str) -> None:
        """Reply to the author of a case, and to those of all that are joined to it.

        Each reply is sealed so that only its author's code opens it.
        """
        await self.change_cases(
            name,
            lambda case, cases: [
                with_reply(each, seal_reply(text, each.reply_key))
                for each in about(case, cases)
            ],
        )

    async def change_cases(
        self, name: str, change: Callable[[Case, Sequence[Case]], Sequence[Case]]
    ) -> None:
        """Write what `change` makes of a case, given it and all cases as they are now.

        A count may run for minutes and bring an author's words: whoever changed a case
        that they read before would take these away again. Raises `CaseGone`.
        """
        async with self._lock:
            case = self._cases.named(name)
            await self._cases.keep(*change(case, self._cases.all()))

    async def mute(self, case: Case) -> None:
        """Ask the counter to mute a case's author; nobody learns who, or whether.

        Raises `CannotMute` where nothing leads to the author any more: after its time,
        and in a box whose keys are gone with it.
        """
        async with self._lock:
            self._cases.named(case.name)
            box = self._book.get(case.box)
            is_open = box is not None and box.state in LIVE
            if not case.mute_box or not is_open:
                raise CannotMute
            letter = Mute(drive_id=case.box, box=case.mute_box)
            await self._book.commit([], letter)

    async def commit(self, changes: Sequence[Change]) -> None:
        """Write `changes`, all or none. Nothing else writes in the gate's process.

        Raises `Stale` if one is about a draft that has started meanwhile: it runs on.
        """
        async with self._lock:
            for change in changes:
                self._check_draft(change)
            await self._book.commit(changes)

    def _check_draft(self, change: Change) -> None:
        match change:
            case SaveDrive():
                current = self._book.get(change.drive.drive_id)
            case DropDrive():
                current = self._book.get(change.drive_id)
            case _:
                return
        if current is not None and current.state not in DRAFTS:
            raise Stale("the draft has started")

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
