"""The counter: opens what slots have left, counts it, and releases tables (§5, §7).

It runs for moments at a time, in a process of its own, and acts on one letter of the
gate after another. A step is: write the sealed count beside the old one, replace the
keystore (the commit point), then publish and clean up. A crash before the commit
point leaves the step undone; one after it leaves only repeatable work.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.core import board
from bot.core.canonical import Malformed
from bot.core.certificates import Certificate
from bot.core.letters import (
    Closed,
    Counted,
    Draft,
    Extended,
    Keyed,
    LetterBody,
    SlotEnded,
    letter_of,
    letter_to_json,
)
from bot.core.manifest import DriveId, Manifest, decode_manifest
from bot.core.publication import release_table, turnout_floor
from bot.core.records import (
    Change,
    DropBundle,
    DropMail,
    DropStates,
    Mail,
    Party,
    SaveMail,
    SaveState,
    SetCursor,
    SlotKey,
)
from bot.core.running import (
    Running,
    decode_running,
    encode_running,
    start_running,
)
from bot.core.slots import Schedule, poll_schedule
from bot.counter.rounds import OpenedRound, add_round, open_round
from bot.crypto import signing
from bot.crypto.counter_secrets import (
    CounterDrive,
    LastStep,
    decode_counter_secrets,
)
from bot.crypto.mail import Letter, read_mail, write_mail
from bot.crypto.states import NONCE_BYTES, open_state, seal_state, state_digest
from bot.log import event, failure
from bot.ports import Clock, Keystore, Randomness, StorageError, Store, Tampered

# Fewer new people than this are not counted apart from the next slot's (§5).
NEW_PEOPLE_MIN = 10
# A gate whose clock runs ahead could end slots before their time.
AHEAD_SECONDS_MAX = 300
_KEY_BYTES = 32


async def count_once(
    *, store: Store, keystore: Keystore, clock: Clock, randomness: Randomness
) -> int:
    """Act on every letter that the gate has sent; return how many there were.

    Raises `Tampered` if the store was altered or is older than the keystore; then
    nothing is counted, no key is destroyed, and nothing is lost.
    """
    counter = _Counter(store, keystore, clock, randomness)
    await counter.recover()
    handled = 0
    while await counter.step():
        handled += 1
    return handled


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Step:
    """What a letter leads to, before any of it is written."""

    drives: Mapping[DriveId, CounterDrive]
    letters: tuple[LetterBody, ...] = ()
    state: SaveState | None = None
    last: LastStep | None = None


class _Counter:
    def __init__(
        self, store: Store, keystore: Keystore, clock: Clock, randomness: Randomness
    ) -> None:
        self._store = store
        self._keystore = keystore
        self._clock = clock
        self._random = randomness
        self._secrets = decode_counter_secrets(keystore.content)

    async def recover(self) -> None:
        """Repeat what a crash may have left out; notice an older store."""
        cursor = await self._store.cursor(Party.COUNTER)
        if not self._secrets.received - 1 <= cursor <= self._secrets.received:
            raise Tampered("The database is older than the counter's keystore.")
        await self._publish()

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
        step = await self._act(body)
        if step is None:
            return False
        await self._commit(step, letter)
        return True

    async def _act(self, body: LetterBody) -> _Step | None:
        match body:
            case Draft():
                return self._key(body)
            case SlotEnded():
                if body.ended_at > self._clock.now() + AHEAD_SECONDS_MAX:
                    event("slot_ended_ahead_of_clock", slot=body.slot_end.slot)
                    return None
                return await self._end_slot(body)
            case _:
                raise Tampered("A message from the gate is of the wrong kind.")

    # Keys --------------------------------------------------------------------

    def _key(self, draft: Draft) -> _Step:
        """Make the keys of a drive, and the manifest that names them."""
        now = self._clock.now()
        closes_at = draft.closes_at or now + draft.length
        if closes_at <= now:
            missed = Closed(drive_id=draft.drive_id, certificate=b"", signature=b"")
            return _Step(drives=self._secrets.drives, letters=(missed,))
        signer = self._random(_KEY_BYTES)
        manifest = Manifest(
            drive_id=draft.drive_id,
            terms=draft.terms,
            schedule=poll_schedule(now, closes_at),
            signer=signing.public_of(signer),
            gate_commitment=draft.gate_commitment,
        )
        secrets, keys = self._slot_keys(draft.drive_id, signer, manifest.schedule)
        text = manifest.encode()
        drive = CounterDrive(
            signer=signer,
            rk=self._random(_KEY_BYTES),
            k_ctr=self._random(_KEY_BYTES),
            k_mac=draft.k_mac,
            k_state=self._random(_KEY_BYTES),
            generation=0,
            state=b"",
            manifest=text,
            slot_keys=secrets,
            waiting=(),
            head=board.EMPTY_HEAD,
            ended=0,
        )
        keyed = Keyed(
            drive_id=draft.drive_id,
            manifest=text,
            signature=signing.sign(signer, signing.MANIFEST, text),
            keys=keys,
        )
        event("drive_keyed")
        return _Step(drives=self._with(draft.drive_id, drive), letters=(keyed,))

    def _slot_keys(
        self, drive_id: DriveId, signer: bytes, schedule: Schedule
    ) -> tuple[dict[int, bytes], tuple[SlotKey, ...]]:
        """Make an independent key pair for each slot; DS signs the public halves."""
        slots = range(schedule.first_slot, schedule.last_slot + 1)
        secrets = {slot: self._random(_KEY_BYTES) for slot in slots}
        keys = tuple(
            signing.sign_slot_key(signer, drive_id, slot, secret)
            for slot, secret in secrets.items()
        )
        return secrets, keys

    # Slots -------------------------------------------------------------------

    async def _end_slot(self, ended: SlotEnded) -> _Step:
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
        manifest = decode_manifest(drive.manifest)
        running = await self._load(end.drive_id, drive, manifest)
        votes = await open_round(self._store, drive, manifest, running)
        if votes.refused:
            event("answers_refused", slot=end.slot)
        return self._decide(ended, drive, manifest, votes)

    def _decide(
        self,
        ended: SlotEnded,
        drive: CounterDrive,
        manifest: Manifest,
        votes: OpenedRound,
    ) -> _Step:
        people = votes.running.tally.answers + len(votes.folded.new_tags)
        rules = manifest.terms.rules
        if not ended.final:
            if len(votes.folded.new_tags) < max(NEW_PEOPLE_MIN, rules.answers_min):
                return _Step(drives=self._with(manifest.drive_id, drive))
            return self._count(drive, manifest, votes)
        at_its_time = ended.ended_at >= manifest.schedule.closes_at
        may_extend = manifest.terms.extend and not drive.extended and at_its_time
        if may_extend and people < rules.answers_min:
            return self._extend(drive, manifest)
        return self._close(drive, manifest, votes)

    def _count(
        self, drive: CounterDrive, manifest: Manifest, votes: OpenedRound
    ) -> _Step:
        """Fold a round into a new sealed count; its slots' keys are gone after it."""
        running = add_round(votes, drive, self._random)
        key = self._random(_KEY_BYTES)
        box = seal_state(
            key,
            drive_id=manifest.drive_id,
            generation=running.generation,
            nonce=self._random(NONCE_BYTES),
            plain=encode_running(running),
        )
        counted = tuple(end.slot for end in drive.waiting)
        floor = turnout_floor(running.tally.answers, before=drive.floor)
        drive = replace(
            drive,
            generation=running.generation,
            k_state=key,
            state=state_digest(box),
            slot_keys={
                slot: secret
                for slot, secret in drive.slot_keys.items()
                if slot not in counted
            },
            waiting=(),
            floor=floor,
        )
        event("round_counted", slot=counted[-1])
        return _Step(
            drives=self._with(manifest.drive_id, drive),
            letters=(Counted(drive_id=manifest.drive_id, floor=floor),),
            state=SaveState(
                drive_id=manifest.drive_id, generation=running.generation, box=box
            ),
            last=LastStep(
                drive_id=manifest.drive_id, keep=running.generation, slots=counted
            ),
        )

    def _extend(self, drive: CounterDrive, manifest: Manifest) -> _Step:
        """Publish keys for one equal extension; what is in stays sealed."""
        schedule = manifest.schedule.extended()
        secrets, keys = self._slot_keys(manifest.drive_id, drive.signer, schedule)
        drive = replace(drive, slot_keys={**drive.slot_keys, **secrets}, extended=True)
        event("drive_extended")
        return _Step(
            drives=self._with(manifest.drive_id, drive),
            letters=(Extended(drive_id=manifest.drive_id, keys=keys),),
        )

    def _close(
        self, drive: CounterDrive, manifest: Manifest, votes: OpenedRound
    ) -> _Step:
        """Release a table, or nothing; either way all keys of the drive are gone."""
        running = add_round(votes, drive, self._random)
        released = release_table(running.tally, manifest.terms.rules)
        certificate, signature = b"", b""
        if released is not None:
            certificate = Certificate(
                manifest_digest=manifest.digest,
                chain_head=drive.head,
                slots=drive.ended,
                released=released,
            ).encode()
            signature = signing.sign(drive.signer, signing.CERTIFICATE, certificate)
        closed = Closed(
            drive_id=manifest.drive_id, certificate=certificate, signature=signature
        )
        rest = dict(self._secrets.drives)
        del rest[manifest.drive_id]
        event("drive_closed")
        return _Step(
            drives=rest,
            letters=(closed,),
            last=LastStep(
                drive_id=manifest.drive_id,
                keep=-1,
                slots=tuple(end.slot for end in drive.waiting),
            ),
        )

    async def _load(
        self, drive_id: DriveId, drive: CounterDrive, manifest: Manifest
    ) -> Running:
        """Return the count so far, which is the one that the keystore remembers."""
        if drive.generation == 0:
            return start_running(manifest.terms)
        box = await self._store.state(drive_id, drive.generation)
        if box is None or state_digest(box) != drive.state:
            raise Tampered("A running count is missing or was altered.")
        try:
            plain = open_state(
                drive.k_state, drive_id=drive_id, generation=drive.generation, box=box
            )
            return decode_running(plain, manifest.terms)
        except Malformed:
            raise Tampered("A running count cannot be read.") from None

    def _with(
        self, drive_id: DriveId, drive: CounterDrive
    ) -> Mapping[DriveId, CounterDrive]:
        return {**self._secrets.drives, drive_id: drive}

    # The commit point --------------------------------------------------------

    async def _commit(self, step: _Step, letter: Letter) -> None:
        if step.state is not None:
            # A crash may have left a count of this generation behind.
            stale = DropStates(
                drive_id=step.state.drive_id, keep=step.state.generation - 1
            )
            await self._store.commit([stale, step.state])
        received = self._secrets.received + 1
        out = tuple(mail for mail in self._secrets.out if mail.number > letter.ack)
        sent = self._secrets.sent
        for body in step.letters:
            sent += 1
            out = (*out, self._write(body, number=sent, ack=received))
        self._secrets = replace(
            self._secrets,
            drives=step.drives,
            received=received,
            sent=sent,
            out=out,
            last=step.last,
        )
        self._keystore.replace(self._secrets.encode())
        await self._publish(acked=letter.ack)
        if step.last is not None:
            await self._rewrite()

    async def _rewrite(self) -> None:
        """Leave nothing of a counted round in the files; the gate may be reading."""
        try:
            await self._store.rewrite()
        except StorageError as fault:
            failure("files_not_rewritten", fault)

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
