"""What a letter of the gate leads to: keys, a count, an extension or a close (§5, §7).

Nothing here reads or writes: an `Outcome` says what `bot.counter.steps` has to commit.
"""

from dataclasses import dataclass, replace

from bot.core import board
from bot.core.certificates import Certificate
from bot.core.letters import (
    Closed,
    Counted,
    Draft,
    Extended,
    Keyed,
    LetterBody,
)
from bot.core.manifest import DriveId, Manifest
from bot.core.publication import Rules, release_table, turnout_floor
from bot.core.records import SaveState, SlotKey
from bot.core.running import encode_running
from bot.core.slots import Schedule, drive_schedule
from bot.core.terms import PollTerms
from bot.counter.rounds import OpenedRound, add_round
from bot.crypto import signing
from bot.crypto.counter_secrets import (
    CounterDrive,
    EndedBox,
    LastStep,
    MuteKey,
    RoundEnd,
    TakenBack,
)
from bot.crypto.states import NONCE_BYTES, seal_state, state_digest
from bot.log import event
from bot.ports import Randomness

# Fewer new people than this are not counted apart from the next slot's (§5).
NEW_PEOPLE_MIN = 10
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Outcome:
    """What changes, before any of it is written.

    `drive` are the drive's keys from here on, None if it has none any more. `letters`
    go to the gate, `state` is a new sealed count, `last` what the store then drops.
    `mutes`, `taken_back` and `ended_boxes` stand in place of those that were, unless
    None.
    """

    drive_id: DriveId
    drive: CounterDrive | None
    letters: tuple[LetterBody, ...] = ()
    state: SaveState | None = None
    last: LastStep | None = None
    mutes: tuple[MuteKey, ...] | None = None
    taken_back: tuple[TakenBack, ...] | None = None
    ended_boxes: tuple[EndedBox, ...] | None = None


def key_drive(draft: Draft, now: int, randomness: Randomness) -> Outcome:
    """Make the keys of a drive, and the manifest that names them.

    A closing date that has passed leaves nothing to open, and one too far away has no
    keys for all its slots: the drive is closed.
    """
    try:
        schedule = drive_schedule(
            now,
            draft.closes_at or now + draft.length,
            slot_seconds=draft.terms.slot_seconds,
        )
    except ValueError:
        missed = Closed(drive_id=draft.drive_id, certificate=b"", signature=b"")
        return Outcome(drive_id=draft.drive_id, drive=None, letters=(missed,))
    signer = randomness(_KEY_BYTES)
    manifest = Manifest(
        drive_id=draft.drive_id,
        terms=draft.terms,
        schedule=schedule,
        signer=signing.public_of(signer),
        gate_commitment=draft.gate_commitment,
    )
    text = manifest.encode()
    secrets, keys = _slot_keys(draft.drive_id, signer, schedule, randomness)
    drive = CounterDrive(
        signer=signer,
        rk=randomness(_KEY_BYTES),
        k_ctr=randomness(_KEY_BYTES),
        k_mac=draft.k_mac,
        k_state=randomness(_KEY_BYTES),
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
    return Outcome(drive_id=draft.drive_id, drive=drive, letters=(keyed,))


def decide(
    ended: RoundEnd,
    drive: CounterDrive,
    manifest: Manifest,
    votes: OpenedRound,
    randomness: Randomness,
) -> Outcome:
    """Carry the ended slot, count it with those carried, extend the drive or close it.

    `drive` has the ended slot among those waiting; `votes` are all of them, opened.
    """
    people = votes.running.tally.answers + len(votes.folded.new_tags)
    terms = manifest.terms
    assert isinstance(terms, PollTerms)
    rules = terms.rules
    if not ended.final:
        if len(votes.folded.new_tags) < max(NEW_PEOPLE_MIN, rules.answers_min):
            return Outcome(drive_id=manifest.drive_id, drive=drive)
        return _count(drive, manifest, votes, randomness)
    at_its_time = ended.ended_at >= manifest.schedule.closes_at
    may_extend = terms.extend and not drive.extended and at_its_time
    if may_extend and people < rules.answers_min:
        return _extend(drive, manifest, randomness)
    return _close(drive, manifest, votes, rules, randomness)


def sealed_state(
    drive: CounterDrive,
    drive_id: DriveId,
    *,
    generation: int,
    plain: bytes,
    randomness: Randomness,
) -> tuple[CounterDrive, SaveState]:
    """Return a drive whose slots were counted, with its new sealed state.

    The keys of the slots that waited are gone with it.
    """
    key = randomness(_KEY_BYTES)
    box = seal_state(
        key,
        drive_id=drive_id,
        generation=generation,
        nonce=randomness(NONCE_BYTES),
        plain=plain,
    )
    moved = replace(
        without_waiting(drive),
        generation=generation,
        k_state=key,
        state=state_digest(box),
    )
    return moved, SaveState(drive_id=drive_id, generation=generation, box=box)


def without_waiting(drive: CounterDrive) -> CounterDrive:
    """Return a drive with nothing waiting, and without the keys of what waited."""
    counted = {end.slot for end in drive.waiting}
    kept = {at: secret for at, secret in drive.slot_keys.items() if at not in counted}
    return replace(drive, slot_keys=kept, waiting=())


def _count(
    drive: CounterDrive,
    manifest: Manifest,
    votes: OpenedRound,
    randomness: Randomness,
) -> Outcome:
    """Fold a round into a new sealed count; its slots' keys are gone after it."""
    drive_id = manifest.drive_id
    running = add_round(votes, drive, randomness)
    counted = tuple(end.slot for end in drive.waiting)
    floor = turnout_floor(running.tally.answers, before=drive.floor)
    drive, state = sealed_state(
        replace(drive, floor=floor),
        drive_id,
        generation=running.generation,
        plain=encode_running(running),
        randomness=randomness,
    )
    event("round_counted", slot=counted[-1])
    return Outcome(
        drive_id=drive_id,
        drive=drive,
        letters=(Counted(drive_id=drive_id, floor=floor),),
        state=state,
        last=LastStep(drive_id=drive_id, keep=running.generation, slots=counted),
    )


def _extend(drive: CounterDrive, manifest: Manifest, randomness: Randomness) -> Outcome:
    """Publish keys for one equal extension; what is in stays sealed."""
    # Its slots alone matter here: the gate says when it begins.
    schedule = manifest.schedule.extended(manifest.schedule.closes_at)
    secrets, keys = _slot_keys(manifest.drive_id, drive.signer, schedule, randomness)
    drive = replace(drive, slot_keys={**drive.slot_keys, **secrets}, extended=True)
    event("drive_extended")
    extended = Extended(drive_id=manifest.drive_id, keys=keys)
    return Outcome(drive_id=manifest.drive_id, drive=drive, letters=(extended,))


def _close(
    drive: CounterDrive,
    manifest: Manifest,
    votes: OpenedRound,
    rules: Rules,
    randomness: Randomness,
) -> Outcome:
    """Release a table, or nothing; either way all keys of the drive are gone."""
    running = add_round(votes, drive, randomness)
    released = release_table(running.tally, rules)
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
    waiting = tuple(end.slot for end in drive.waiting)
    event("drive_closed")
    return Outcome(
        drive_id=manifest.drive_id,
        drive=None,
        letters=(closed,),
        last=LastStep(drive_id=manifest.drive_id, keep=-1, slots=waiting),
    )


def _slot_keys(
    drive_id: DriveId, signer: bytes, schedule: Schedule, randomness: Randomness
) -> tuple[dict[int, bytes], tuple[SlotKey, ...]]:
    """Make an independent key pair for each slot; DS signs the public halves."""
    slots = range(schedule.first_slot, schedule.last_slot + 1)
    secrets = {slot: randomness(_KEY_BYTES) for slot in slots}
    keys = tuple(
        signing.sign_slot_key(signer, drive_id, slot, secret)
        for slot, secret in secrets.items()
    )
    return secrets, keys
