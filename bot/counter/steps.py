"""The counter: opens what slots have left, counts it, and releases tables (§5, §7).

It runs for moments at a time, in a process of its own, and acts on one letter of the
gate after another. A step is: write the sealed count beside the old one, replace the
keystore (the commit point), then publish and clean up. A crash before the commit
point leaves the step undone; one after it leaves only repeatable work.
"""

from dataclasses import replace
from typing import TypeVar

from bot.core import board
from bot.core.canonical import Malformed
from bot.core.letters import (
    Draft,
    LetterBody,
    Mute,
    SlotEnded,
    letter_of,
    letter_to_json,
)
from bot.core.manifest import DriveId, decode_manifest
from bot.core.records import (
    Change,
    DropBundle,
    DropMail,
    DropStates,
    Mail,
    Party,
    SaveMail,
    SetCursor,
)
from bot.counter.boxes import mute_author
from bot.counter.kinds import end_slot
from bot.counter.outcomes import Outcome, key_drive
from bot.counter.step import Step
from bot.crypto.counter_secrets import CounterDrive, RoundEnd, decode_counter_secrets
from bot.crypto.mail import Letter, read_mail, write_mail
from bot.log import event, failure
from bot.ports import (
    Clock,
    Keystore,
    OtherVersion,
    Randomness,
    StorageError,
    Store,
    Tampered,
)

# A gate whose clock runs ahead could end slots before their time.
AHEAD_SECONDS_MAX = 300

_T = TypeVar("_T")


async def count_once(
    *, store: Store, keystore: Keystore, clock: Clock, randomness: Randomness
) -> int:
    """Act on every letter that the gate has sent; return how many there were.

    Raises `Tampered` if a letter was altered or the store is older than the keystore;
    then nothing is counted, no key is destroyed, and nothing is lost. A round whose
    envelopes were altered is held with all its keys, and the others are counted.
    """
    counter = _Counter(store, keystore, clock, randomness)
    await counter.recover()
    held = counter.held()
    handled = 0
    while await counter.step():
        handled += 1
    for drive_id in held:
        await counter.try_again(drive_id)
    await counter.rewrite()
    return handled


class _Counter:
    def __init__(
        self, store: Store, keystore: Keystore, clock: Clock, randomness: Randomness
    ) -> None:
        self._store = store
        self._keystore = keystore
        self._clock = clock
        self._random = randomness
        try:
            self._secrets = decode_counter_secrets(keystore.content)
        except Malformed:
            raise OtherVersion from None

    async def recover(self) -> None:
        """Repeat what a crash may have left out; notice an older store."""
        cursor = await self._store.cursor(Party.COUNTER)
        if not self._secrets.received - 1 <= cursor <= self._secrets.received:
            raise Tampered("The database is older than the counter's keystore.")
        await self._publish()

    def held(self) -> list[DriveId]:
        """Return the drives whose round could not be opened in an earlier run."""
        return [each for each, drive in self._secrets.drives.items() if drive.held]

    async def try_again(self, drive_id: DriveId) -> None:
        """Count a held round after all, if somebody mended what was wrong with it."""
        drive = self._secrets.drives.get(drive_id)
        if drive is None or drive.held is None:
            return
        outcome = await self._count(drive_id, drive, drive.held)
        if outcome.drive is None or outcome.drive.held is None:
            await self._commit(outcome)

    async def step(self) -> bool:
        """Act on the next letter, if there is one and its time has come."""
        waiting = await self._store.mail(Party.COUNTER, self._secrets.received)
        if not waiting:
            return False
        mail = waiting[0]
        if mail.number != self._secrets.received + 1:
            raise Tampered("A message from the gate is missing.")
        try:
            letter = read_mail(mail, own=self._secrets.own, peer=self._secrets.peer)
            body = letter_of(letter.kind, letter.body)
        except Malformed:
            raise Tampered("A message from the gate was altered.") from None
        outcome = await self._act(body)
        if outcome is None:
            return False
        await self._commit(outcome, letter)
        return True

    async def _act(self, body: LetterBody) -> Outcome | None:
        match body:
            case Draft() if body.drive_id not in self._secrets.drives:
                return key_drive(body, self._clock.now(), self._random)
            case SlotEnded():
                if body.ended_at > self._clock.now() + AHEAD_SECONDS_MAX:
                    event("slot_ended_ahead_of_clock", slot=body.slot_end.slot)
                    return None
                return await self._end_slot(body)
            case Mute():
                return mute_author(body, self._secrets, self._clock.now())
            case _:
                raise Tampered("A message from the gate is of the wrong kind.")

    async def _end_slot(self, ended: SlotEnded) -> Outcome:
        """Carry an ended slot, or count it with those that were carried."""
        end = ended.slot_end
        drive = self._secrets.drives.get(end.drive_id)
        if drive is None or end.slot != drive.ended:
            raise Tampered("A message from the gate names the wrong slot.")
        drive = replace(
            drive,
            waiting=(*drive.waiting, end),
            ended=drive.ended + 1,
            head=board.chain(drive.head, end.slot, end.root),
        )
        last = RoundEnd(ended_at=ended.ended_at, final=ended.final)
        return await self._count(end.drive_id, drive, last)

    async def _count(
        self, drive_id: DriveId, drive: CounterDrive, last: RoundEnd
    ) -> Outcome:
        """Decide on all that waits; hold it, with its keys, if it cannot be opened."""
        try:
            return await end_slot(
                Step(
                    ended=last,
                    drive=replace(drive, held=None),
                    manifest=decode_manifest(drive.manifest),
                    secrets=self._secrets,
                    store=self._store,
                    randomness=self._random,
                    now=self._clock.now(),
                )
            )
        except Tampered as fault:
            failure("round_held", fault, drive=drive_id)
            return Outcome(drive_id=drive_id, drive=replace(drive, held=last))

    # The commit point --------------------------------------------------------

    async def _commit(self, outcome: Outcome, letter: Letter | None = None) -> None:
        """Put the step into the keystore, then into the store; `letter` led to it."""
        if outcome.state is not None:
            # A crash may have left a count of this generation behind.
            keep = outcome.state.generation - 1
            stale = DropStates(drive_id=outcome.drive_id, keep=keep)
            await self._store.commit([stale, outcome.state])
        received = self._secrets.received + (letter is not None)
        acked = letter.ack if letter else 0
        out = [mail for mail in self._secrets.out if mail.number > acked]
        sent = self._secrets.sent
        for body in outcome.letters:
            sent += 1
            out.append(self._write(body, number=sent, ack=received))
        drives = dict(self._secrets.drives)
        drives.pop(outcome.drive_id, None)
        if outcome.drive is not None:
            drives[outcome.drive_id] = outcome.drive
        self._secrets = replace(
            self._secrets,
            drives=drives,
            received=received,
            sent=sent,
            out=tuple(out),
            last=outcome.last,
            mutes=_or(outcome.mutes, self._secrets.mutes),
            taken_back=_or(outcome.taken_back, self._secrets.taken_back),
            ended_boxes=_or(outcome.ended_boxes, self._secrets.ended_boxes),
            owes_rewrite=self._secrets.owes_rewrite or outcome.last is not None,
        )
        self._keystore.replace(self._secrets.encode())
        await self._publish(acked=acked)

    async def rewrite(self) -> None:
        """Leave nothing of what was counted in the files, now or in the next run.

        The gate may be reading.
        """
        if not self._secrets.owes_rewrite:
            return
        try:
            await self._store.rewrite()
        except StorageError as fault:
            failure("files_not_rewritten", fault)
            return
        self._secrets = replace(self._secrets, owes_rewrite=False)
        self._keystore.replace(self._secrets.encode())

    def _write(self, body: LetterBody, *, number: int, ack: int) -> Mail:
        kind, fields = letter_to_json(body)
        return write_mail(
            Letter(kind=kind, body=fields, ack=ack),
            reader=Party.GATE,
            number=number,
            own=self._secrets.own,
            peer=self._secrets.peer,
        )

    async def _publish(self, acked: int = 0) -> None:
        """Bring the store up to the keystore. Doing it twice changes nothing."""
        last_mail = await self._store.last_mail(Party.GATE)
        stored = last_mail.number if last_mail else acked
        changes: list[Change] = [
            SaveMail(mail=mail) for mail in self._secrets.out if mail.number > stored
        ]
        changes.append(DropMail(reader=Party.GATE, number=acked))
        changes.append(SetCursor(reader=Party.COUNTER, number=self._secrets.received))
        last = self._secrets.last
        if last is not None:
            changes.append(DropStates(drive_id=last.drive_id, keep=last.keep))
            changes += [
                DropBundle(drive_id=last.drive_id, slot=slot) for slot in last.slots
            ]
        await self._store.commit(changes)


def _or(new: tuple[_T, ...] | None, old: tuple[_T, ...]) -> tuple[_T, ...]:
    return old if new is None else new
