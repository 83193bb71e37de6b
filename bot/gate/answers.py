"""One answer's way in: the account ends in a tag, the answer in an envelope (§6)."""

import asyncio
from dataclasses import dataclass

from bot.core.actors import Actor
from bot.core.ballots import NO_CODE, Answer, Ballot, Envelope, Kind, is_offered
from bot.core.board import mark_of
from bot.core.drives import State
from bot.core.errors import (
    DriveClosed,
    DriveHeld,
    DriveNotOpen,
    StorageFailed,
    StorageFull,
    TooBusy,
    UnknownOption,
)
from bot.core.manifest import DriveId
from bot.core.receipts import Receipt
from bot.core.records import Drive
from bot.crypto.codes import CODE_RANDOM_BYTES, code_key, make_code, read_code
from bot.crypto.gate_secrets import GateDrive
from bot.crypto.sealing import make_record
from bot.crypto.tags import make_tag
from bot.gate.book import Book
from bot.gate.intake import Intake
from bot.gate.pace import Pace
from bot.gate.vault import Vault
from bot.log import failure
from bot.ports import (
    Clock,
    Inbox,
    QueueFull,
    Randomness,
    StorageError,
    Tampered,
)

# Below this the disk may be full before a slot's bundle is written.
FREE_BYTES_MIN = 64 * 1024 * 1024
# Asking the disk costs a system call; its answer holds for this long.
FREE_CHECK_SECONDS = 1.0

_NOT_YET = frozenset({State.DRAFT, State.AWAITING, State.CONFIRMED, State.KEYED})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Content:
    """What goes into a ballot: its kind, a code's key or zeros, and the payload."""

    kind: Kind
    payload: bytes
    code_key: bytes = NO_CODE


class Answers:
    """Takes answers. Nothing here waits for a commit other than the answer's own."""

    def __init__(
        self,
        *,
        book: Book,
        vault: Vault,
        intake: Intake,
        clock: Clock,
        randomness: Randomness,
    ) -> None:
        """Join the parts."""
        self._book = book
        self._vault = vault
        self._intake = intake
        self._clock = clock
        self._random = randomness
        self._pace = Pace(randomness(4))
        self._ending: set[DriveId] = set()
        self._left: dict[DriveId, int] = {}
        self._free_checked_at = float("-inf")

    def leave(self, drive_id: DriveId, slot: int) -> None:
        """Take nothing for this slot any more, even if the clock is set back to it.

        What came after its envelopes were handed over would be in no bundle.
        """
        self._left[drive_id] = slot

    def stop(self, drive_id: DriveId) -> None:
        """Refuse further answers: the drive's last slot is being ended."""
        self._ending.add(drive_id)

    def resume(self, drive_id: DriveId) -> None:
        """Take answers again, should the drive not have ended."""
        self._ending.discard(drive_id)
        self._left.pop(drive_id, None)

    async def submit(
        self,
        actor: Actor,
        drive: Drive,
        answer: Answer,
        *,
        code: str = "",
        wants_code: bool = False,
    ) -> Receipt:
        """Store an answer durably and return the receipt.

        The receipt is the same for a first answer, a repeat and one that will not
        count. Raises `Refused` if nothing was stored. The account exists as a value
        until the tag is made and is in no message, log or error after it.
        """
        drive, _ = self._open_drive(drive.drive_id)
        if not is_offered(answer.chosen, answer.segment, drive.poll):
            raise UnknownOption
        random = read_code(code) if code else b""
        if wants_code and not code:
            random = self._random(CODE_RANDOM_BYTES)
        content = Content(
            kind=Kind.ANSWER,
            code_key=code_key(random) if random else NO_CODE,
            payload=answer.encode(),
        )
        envelope = await self.put(actor, drive.drive_id, content)
        if wants_code and not code:
            return Receipt(
                next_count=next_count(drive, self._clock.now()),
                code=make_code(random),
                mark=mark_of(envelope),
            )
        return Receipt(next_count=next_count(drive, self._clock.now()))

    def check_open(self, drive_id: DriveId) -> None:
        """Raise unless a drive takes something now."""
        self._open_drive(drive_id)

    async def put(self, actor: Actor, drive_id: DriveId, content: Content) -> Envelope:
        """Seal what somebody sends to a drive, and write it durably.

        Raises `Refused` if nothing was stored. The account exists as a value until the
        tag is made and is in no message, log or error after it.
        """
        drive, keys = self._open_drive(drive_id)
        tag = make_tag(keys.k_gate, drive_id, actor)
        # Waiting comes first: after it, nothing stands between the choice of the slot
        # and its queue.
        delay = self._pace.delay(tag)
        if delay:
            await asyncio.sleep(delay)
            drive, keys = self._open_drive(drive_id)
        self._check_room()
        left = self._left.get(drive_id, -1)
        slot = accepting_slot(drive, self._clock.now(), left=left)
        try:
            ballot = Ballot(
                kind=content.kind,
                drive_id=drive_id,
                slot=slot,
                tag=tag,
                seq=self._vault.next_seq(),
                ballot_id=self._intake.next_id(),
                code_key=content.code_key,
                payload=content.payload,
            )
            record = make_record(ballot, keys.k_mac, drive.terms.shape)
            return await self._inbox(drive, slot, keys).append(record)
        except QueueFull:
            raise TooBusy from None
        except StorageError as fault:
            failure("answer_not_stored", fault)
            raise StorageFailed from None

    def _inbox(self, drive: Drive, slot: int, keys: GateDrive) -> Inbox:
        inbox = self._intake.opened(drive.drive_id, slot)
        if inbox is None:
            try:
                key = self._book.slot_key(drive, slot)
                inbox = self._intake.ready(key, keys, drive.terms.shape)
            except Tampered as fault:
                self._book.held.add(drive.drive_id, fault)
                raise DriveHeld from None
        return inbox

    def _open_drive(self, drive_id: DriveId) -> tuple[Drive, GateDrive]:
        if drive_id in self._book.held:
            raise DriveHeld
        drive = self._book.get(drive_id)
        keys = self._vault.drive(drive_id)
        if drive is None or drive.state is not State.OPEN:
            is_to_come = drive is not None and drive.state in _NOT_YET
            raise DriveNotOpen if is_to_come else DriveClosed
        if keys is None or drive_id in self._ending:
            raise DriveClosed
        return drive, keys

    def _check_room(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._free_checked_at < FREE_CHECK_SECONDS:
            return
        if self._intake.free_bytes() < FREE_BYTES_MIN:
            raise StorageFull
        self._free_checked_at = now


def accepting_slot(drive: Drive, now: int, *, left: int = -1) -> int:
    """Return the slot that takes an answer at `now`, or raise `DriveClosed`.

    A slot that has ended takes none, even if the clock was set back; nor does `left`,
    the slot that is being ended.
    """
    schedule = drive.schedule
    assert schedule is not None
    slot = max(schedule.slot_at(now), drive.next_slot, left + 1)
    if slot > schedule.last_slot:
        raise DriveClosed
    return slot


def next_count(drive: Drive, now: int) -> int:
    """Return the end of the running slot, whether or not a count will take place."""
    schedule = drive.schedule
    if schedule is None:
        return drive.closes_at
    slot = min(max(schedule.slot_at(now), drive.next_slot), schedule.last_slot)
    return schedule.ends_at(slot)
