"""What time and the counter do to drives (protocol.md §5, §9)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.core.canonical import Malformed
from bot.core.drives import DRAFTS, Event, IllegalStep, State, step
from bot.core.letters import (
    Closed,
    Counted,
    Extended,
    Keyed,
    LetterBody,
    SlotEnded,
)
from bot.core.manifest import DriveId, Manifest, decode_manifest
from bot.core.records import (
    Change,
    Drive,
    DropDrive,
    DropMail,
    DropProposal,
    Party,
    PostKind,
    SaveDrive,
    SaveSlotKeys,
    SetCursor,
    SlotKey,
    WantPost,
)
from bot.core.releases import Released
from bot.core.slots import Schedule
from bot.core.terms import BoxTerms
from bot.crypto.prf import is_same
from bot.crypto.sealing import commit_to_key
from bot.crypto.signing import (
    CERTIFICATE,
    MANIFEST,
    is_signed,
    is_slot_key,
)
from bot.gate.answers import Answers
from bot.gate.book import Book
from bot.gate.cases import Cases
from bot.gate.files import slots_of
from bot.gate.intake import Intake
from bot.gate.lanes import Lanes
from bot.gate.leftover import clear_left_over
from bot.gate.vault import Vault
from bot.log import event, failure
from bot.ports import Clock, StorageError, Store, Tampered
from bot.schedule import (
    draft_ends_at,
    ends_at_threshold,
    is_expired,
    slot_ends_at,
)

# What one moment can bring is bounded: 400 slots of 200 drives, each ended once.
SETTLE_ROUNDS_MAX = 100_000


class Life:
    """Moves drives along their table, one commit a step."""

    def __init__(  # noqa: PLR0913 - the parts of one gate, joined once
        self,
        *,
        store: Store,
        book: Book,
        vault: Vault,
        intake: Intake,
        answers: Answers,
        lanes: Lanes,
        cases: Cases,
        clock: Clock,
        wake_counter: Callable[[], Awaitable[None]],
    ) -> None:
        """Join the parts."""
        self._store = store
        self._book = book
        self._vault = vault
        self._intake = intake
        self._answers = answers
        self._lanes = lanes
        self._cases = cases
        self._clock = clock
        self._wake_counter = wake_counter
        # Whether the last run's end was rewritten is not known.
        self._must_rewrite = True

    async def recover(self) -> None:
        """Remove what a crash left behind, and open the running slots' inboxes."""
        await clear_left_over(
            self._store, book=self._book, vault=self._vault, intake=self._intake
        )
        # A crash may have left keys of a drive that did not start after all.
        self._vault.forget(*self._vault.never_started())
        for drive in self._book.drives():
            self._try_ready(drive)

    async def settle(self) -> None:
        """Do all that is due now, and wait for the counter where it has work.

        A drive whose files were altered is held until the next start, and one that the
        disk fails is tried again later; the others go on.
        """
        self._book.held.try_again()
        for _ in range(SETTLE_ROUNDS_MAX):
            if await self._read_letter():
                continue
            if await self._keep_time():
                continue
            has_cases = self._cases.next_end() is not None
            if await self._lanes.begin_if_needed(has_cases=has_cases):
                continue
            if not await self._count():
                await self._rewrite()
                return
        failure("settle_never_ended")

    async def end_early(self, drive: Drive, extra: Sequence[Change]) -> None:
        """End a drive now, as organizers asked; `extra` goes into the same commit."""
        drive_id = drive.drive_id
        self._answers.stop(drive_id)
        try:
            # A timer that comes late, or a clock that was set back, may have let
            # answers into later slots: they are ended too, and counted.
            slots = [
                slot for known, slot in self._intake.left_over() if known == drive_id
            ]
            while drive.next_slot < max(slots, default=0):
                drive = await self._end_slot(drive)
            await self._end_slot(drive, final=True, early=True, extra=extra)
        finally:
            self._answers.resume(drive_id)

    async def _end_slot(
        self,
        drive: Drive,
        *,
        final: bool = False,
        early: bool = False,
        extra: Sequence[Change] = (),
    ) -> Drive:
        """Turn a drive's running slot into a bundle that the counter can open.

        `final` ends the drive, `early` says that organizers did. Returns the drive as
        it is then.
        """
        keys = self._vault.drive(drive.drive_id)
        assert keys is not None
        now = self._clock.now()
        slot = drive.next_slot
        key = self._book.slot_key(drive, slot)
        # From here on answers go to the next slot, or are refused after the last one.
        self._answers.leave(drive.drive_id, slot)
        bundle = await self._intake.finish(key, keys, drive.terms.shape)
        moved = replace(
            drive,
            state=step(drive.state, Event.TIME_UP if final else Event.SLOT_ENDED),
            next_slot=slot + 1,
            closed_early_at=now if early else drive.closed_early_at,
        )
        changes: list[Change] = [bundle, SaveDrive(drive=moved), *extra]
        if early:
            changes += _posts(drive, PostKind.CLOSED_EARLY)
        # At every slot's end alike, whether or not a count takes place: the post names
        # the next one.
        changes += _posts(drive, PostKind.DRIVE)
        if early and drive.schedule is not None:
            # At its time a poll may be extended; this one was ended by organizers.
            now = min(now, drive.schedule.closes_at - 1)
        ended = SlotEnded(slot_end=bundle.slot_end, ended_at=now, final=final)
        await self._book.commit(changes, ended)
        self._intake.remove(drive.drive_id, slot)
        self._try_ready(moved)
        event("slot_ended", slot=slot)
        return moved

    async def _rewrite(self) -> None:
        """Leave nothing of a closed drive in the files, now or the next time."""
        if not self._must_rewrite:
            return
        try:
            await self._store.rewrite()
        except StorageError as fault:
            failure("files_not_rewritten", fault)
        else:
            self._must_rewrite = False

    # Time --------------------------------------------------------------------

    async def _keep_time(self) -> bool:
        """Do one thing that is due by the clock; tell whether there was one."""
        now = self._clock.now()
        # What takes the lane may take something back that a box would release.
        for drive in sorted(self._book.drives(), key=lambda each: each.terms.is_listed):
            drive_id = drive.drive_id
            if self._book.held.stands_still(drive_id):
                continue
            try:
                if await self._keep_time_of(drive, now):
                    return True
            except StorageError as fault:
                self._book.held.add(drive_id, fault)
        return await self._cases.expire(now) or await self._drop_expired(now)

    async def _keep_time_of(self, drive: Drive, now: int) -> bool:
        if drive.state in DRAFTS and draft_ends_at(drive) <= now:
            await self._book.commit([DropDrive(drive_id=drive.drive_id)])
            return True
        if drive.state is State.KEYED and _opens_at(drive) <= now:
            await self._open(drive)
            return True
        if ends_at_threshold(drive):
            await self.end_early(drive, ())
            return True
        ends_at = slot_ends_at(drive)
        if ends_at is None or ends_at > now:
            return False
        schedule = drive.schedule
        final = schedule is not None and drive.next_slot >= schedule.last_slot
        await self._end_slot(drive, final=final)
        return True

    async def _drop_expired(self, now: int) -> bool:
        try:
            proposals = await self._store.proposals()
        except Tampered as fault:
            failure("proposals_unreadable", fault)
            return False
        for proposal in proposals:
            if is_expired(proposal, now):
                await self._book.commit(
                    [DropProposal(proposal_id=proposal.proposal_id)]
                )
                return True
        return False

    async def _open(self, drive: Drive) -> None:
        opened = replace(drive, state=step(drive.state, Event.OPENED))
        await self._book.commit(_saved(opened, PostKind.DRIVE))
        self._try_ready(opened)
        event("drive_opened")

    def _ready(self, drive: Drive) -> None:
        """Open the running slot's inbox now, so that nobody's answer waits for it."""
        keys = self._vault.drive(drive.drive_id)
        if drive.state is State.OPEN and keys is not None:
            key = self._book.slot_key(drive, drive.next_slot)
            self._intake.ready(key, keys, drive.terms.shape)

    def _try_ready(self, drive: Drive) -> None:
        """Do the same; what happens to one inbox is no matter of the others."""
        try:
            self._ready(drive)
        except StorageError as fault:
            self._book.held.add(drive.drive_id, fault)

    # The counter -------------------------------------------------------------

    async def _count(self) -> bool:
        """Wake the counter if a letter waits for it; tell whether it read one."""
        before = await self._store.cursor(Party.COUNTER)
        if not await self._store.mail(Party.COUNTER, before):
            return False
        await self._wake_counter()
        return await self._store.cursor(Party.COUNTER) > before

    async def _read_letter(self) -> bool:
        """Act on the counter's next letter; tell whether there was one."""
        letters = await self._store.mail(Party.GATE, self._vault.received)
        if not letters:
            return False
        body, ack = self._vault.read(letters[0])
        changes = self._acted(body)
        changes.append(SetCursor(reader=Party.GATE, number=letters[0].number))
        changes.append(DropMail(reader=Party.COUNTER, number=ack))
        await self._book.commit(changes, read=(body, ack))
        if isinstance(body, Closed):
            self._must_rewrite = True
        elif isinstance(body, Extended) and (drive := self._book.get(body.drive_id)):
            self._try_ready(drive)
        return True

    def _acted(self, body: LetterBody) -> list[Change]:
        """Return what a letter changes: nothing if its drive has to be held.

        The letter is read all the same, since those behind it are about other drives.
        """
        if not isinstance(body, Keyed | Counted | Released | Extended | Closed):
            raise Tampered("A message from the counter is of the wrong kind.")
        try:
            return self._act(body)
        except (IllegalStep, Malformed):
            fault = Tampered("A poll is not where the counter left it.")
        except Tampered as altered:
            fault = altered
        self._book.held.add(body.drive_id, fault)
        self._vault.pass_over()
        return []

    def _act(
        self, body: Keyed | Counted | Released | Extended | Closed
    ) -> list[Change]:
        match body:
            case Keyed():
                return self._keyed(self._drive(body.drive_id), body)
            case Counted():
                drive = self._drive(body.drive_id)
                counted = replace(
                    drive,
                    state=step(drive.state, Event.COUNTED),
                    floor=max(drive.floor, body.floor),
                )
                # Revised for a count alone, a post would say that one took place.
                rose = counted.floor > drive.floor
                return _saved(counted, *([PostKind.DRIVE] if rose else []))
            case Released():
                return self._released(body)
            case Extended():
                return self._extended(self._drive(body.drive_id), body)
            case Closed():
                return self._closed(self._drive(body.drive_id), body)

    def _drive(self, drive_id: DriveId) -> Drive:
        drive = self._book.get(drive_id)
        if drive is None:
            raise Tampered("A message from the counter names no drive of ours.")
        return drive

    def _keyed(self, drive: Drive, body: Keyed) -> list[Change]:
        """Pin the terms, if they are ours, with the schedule and all slot keys."""
        manifest = self._checked_manifest(drive, body)
        self._vault.pin(drive.drive_id, manifest.digest)
        keyed = replace(
            drive,
            state=step(drive.state, Event.KEYED),
            schedule=manifest.schedule,
            manifest=body.manifest,
            signature=body.signature,
        )
        return [SaveDrive(drive=keyed), SaveSlotKeys(keys=body.keys)]

    def _checked_manifest(self, drive: Drive, body: Keyed) -> Manifest:
        keys = self._vault.drive(drive.drive_id)
        try:
            manifest = decode_manifest(body.manifest)
        except Malformed:
            raise Tampered("The counter sent terms that cannot be read.") from None
        schedule = manifest.schedule
        is_ours = (
            keys is not None
            and manifest.drive_id == drive.drive_id
            and manifest.terms == drive.terms
            and is_same(manifest.gate_commitment, commit_to_key(keys.k_gate))
            and is_signed(manifest.signer, MANIFEST, body.manifest, body.signature)
            and _is_asked(schedule, drive)
        )
        if not is_ours:
            raise Tampered("The counter sent other terms than the organizers'.")
        _check_keys(manifest.signer, body.keys, schedule)
        return manifest

    def _released(self, body: Released) -> list[Change]:
        """Take what organizers may read, also where its drive has to be held."""
        changes = self._cases.take(body)
        drive = self._book.get(body.drive_id)
        if drive is None or self._book.held.stands_still(body.drive_id):
            self._vault.pass_over()
            return changes
        changes.append(SaveDrive(drive=replace(drive, floor=body.number)))
        digest = drive.terms.digest if isinstance(drive.terms, BoxTerms) else ""
        if digest and body.tables:
            changes.append(
                WantPost(drive_id=drive.drive_id, kind=PostKind.DIGEST, place=digest)
            )
        return changes

    def _extended(self, drive: Drive, body: Extended) -> list[Change]:
        manifest = decode_manifest(drive.manifest)
        if not drive.poll.extend or drive.extended or drive.schedule is None:
            raise Tampered("The counter extended a drive against its terms.")
        schedule = manifest.schedule.extended(self._clock.now())
        _check_keys(manifest.signer, body.keys, schedule)
        extended = replace(
            drive,
            state=step(drive.state, Event.EXTENDED),
            schedule=schedule,
            next_slot=schedule.first_slot,
            extended=True,
        )
        changes = _saved(extended, PostKind.DRIVE)
        changes.append(SaveSlotKeys(keys=body.keys))
        return [*changes, *_posts(drive, PostKind.EXTENDED)]

    def _closed(self, drive: Drive, body: Closed) -> list[Change]:
        closed = replace(drive, state=step(drive.state, Event.COUNT_CLOSED))
        if not body.certificate:
            results = [PostKind.RESULT] if drive.terms.has_result else []
            return _saved(closed, PostKind.DRIVE, *results)
        manifest = decode_manifest(drive.manifest)
        if not is_signed(
            manifest.signer, CERTIFICATE, body.certificate, body.signature
        ) or not slots_of(body.certificate, manifest):
            raise Tampered("The counter sent a certificate that is not genuine.")
        published = replace(
            closed,
            state=step(closed.state, Event.RELEASED),
            certificate=body.signature + body.certificate,
        )
        return _saved(published, PostKind.DRIVE, PostKind.RESULT, PostKind.CERTIFICATE)


def _saved(drive: Drive, *posts: PostKind) -> list[Change]:
    return [SaveDrive(drive=drive), *_posts(drive, *posts)]


def _posts(drive: Drive, *kinds: PostKind) -> list[Change]:
    """Ask for posts in every place of a drive."""
    return [
        WantPost(drive_id=drive.drive_id, kind=kind, place=place)
        for kind in kinds
        for place in drive.terms.places
    ]


def _opens_at(drive: Drive) -> int:
    assert drive.schedule is not None
    return drive.schedule.opens_at


def _is_asked(schedule: Schedule, drive: Drive) -> bool:
    """Tell whether a schedule lasts as long as the organizers agreed to."""
    if drive.closes_at:
        return schedule.closes_at == drive.closes_at
    return schedule.closes_at - schedule.opens_at == drive.length


def _check_keys(signer: bytes, keys: tuple[SlotKey, ...], schedule: Schedule) -> None:
    slots = range(schedule.first_slot, schedule.last_slot + 1)
    if [key.slot for key in keys] != list(slots):
        raise Tampered("The counter sent keys for other slots.")
    if not all(is_slot_key(signer, key) for key in keys):
        raise Tampered("The counter sent a slot key that is not signed.")
