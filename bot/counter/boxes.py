"""Counting a report box: rounds of five people, batches, tables, mutes (§12, R8)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from bot.core.ballots import Kind
from bot.core.canonical import Malformed
from bot.core.letters import Closed, Mute
from bot.core.pending import (
    Pending,
    add_reports,
    decode_pending,
    encode_pending,
    start_pending,
    take_batch,
    take_tables,
    without_texts,
)
from bot.core.releases import (
    BATCH_SUBMITTERS_MIN,
    Released,
    Waiting,
    people_of,
    shared_labels,
    split_release,
)
from bot.core.reports import decode_report
from bot.core.terms import BoxTerms
from bot.counter.outcomes import Outcome, sealed_state
from bot.counter.posted import MuteSealer, is_muted, open_ballots
from bot.counter.step import Step, open_kept
from bot.crypto.cascade import make_second_tag
from bot.crypto.counter_secrets import (
    ENDED_BOXES_MAX,
    MUTED_MAX,
    MUTES_MAX,
    CounterDrive,
    CounterSecrets,
    EndedBox,
    LastStep,
    MuteKey,
)
from bot.crypto.mutes import open_mute
from bot.log import event
from bot.ports import Randomness, Tampered

ORDER_BYTES = 16
_Item = TypeVar("_Item")


async def count_box(step: Step) -> Outcome:
    """Carry the ended slot, or count it with those carried, and release what may be."""
    terms = step.manifest.terms
    assert isinstance(terms, BoxTerms)
    step = replace(step, drive=_without_old(step, terms))
    reports = await _open_reports(step, terms)
    pending = await _load(step, terms)
    few = len(people_of(reports)) < BATCH_SUBMITTERS_MIN
    if few and not step.ended.final:
        return _carry(step, pending, _left(step, terms, pending))
    pending = _left(step, terms, add_reports(pending, reports))
    pending, released, mutes = _release(step, terms, pending)
    kept_mutes = add_mutes(step, mutes)
    if step.ended.final:
        return _close(step, released, kept_mutes)
    slots = (*(end.slot for end in step.drive.waiting), *_dropped(step))
    drive, state = sealed_state(
        replace(step.drive, floor=step.drive.floor + len(released)),
        step.manifest.drive_id,
        generation=pending.generation,
        plain=encode_pending(pending),
        randomness=step.randomness,
    )
    event("round_counted", slot=step.slot)
    return Outcome(
        drive_id=step.manifest.drive_id,
        drive=drive,
        letters=tuple(released),
        state=state,
        last=LastStep(
            drive_id=step.manifest.drive_id, keep=pending.generation, slots=slots
        ),
        mutes=kept_mutes,
    )


def mute_author(mute: Mute, secrets: CounterSecrets, now: int) -> Outcome:
    """Mute the author whose tag is in a mute box, until the box's key dies.

    The gate hears nothing of whether it opened: a box that is too old mutes nobody, and
    keys whose time is over end here too.
    """
    changed: list[MuteKey] = []
    for each in secrets.mutes:
        if each.until <= now:
            continue
        tag = None
        if each.drive_id == mute.drive_id:
            tag = open_mute(each.secret, mute.box, box=mute.drive_id)
        room = len(each.muted) < MUTED_MAX and tag not in each.muted
        changed.append(
            replace(each, muted=(*each.muted, tag)) if tag and room else each
        )
    return Outcome(
        drive_id=mute.drive_id,
        drive=secrets.drives.get(mute.drive_id),
        mutes=tuple(changed),
    )


def add_mutes(step: Step, new: Sequence[MuteKey]) -> tuple[MuteKey, ...]:
    """Return the mute keys that live on, with those of a release."""
    living = [mute for mute in step.secrets.mutes if mute.until > step.now]
    return (*living, *new)[-MUTES_MAX:]


async def _load(step: Step, terms: BoxTerms) -> Pending:
    """Return what waits since the last round."""
    if not step.drive.generation:
        return start_pending(terms)
    try:
        return decode_pending(await open_kept(step), terms)
    except Malformed:
        raise Tampered("What waits in a box cannot be read.") from None


def _left(step: Step, terms: BoxTerms, pending: Pending) -> Pending:
    """Return what waits without what was taken back or waited too long."""
    back = {each.case_id for each in step.secrets.taken_back}
    return without_texts(pending, back, _old_slots(step, terms))


async def _open_reports(step: Step, terms: BoxTerms) -> list[Waiting]:
    """Return the reports of all slots that wait; those of the muted are passed over."""
    back = {each.case_id for each in step.secrets.taken_back}
    found: list[Waiting] = []
    for ballot in await open_ballots(step, {Kind.REPORT}):
        tag = make_second_tag(step.drive.k_ctr, ballot.tag)
        try:
            report = decode_report(ballot.payload, terms)
        except Malformed:
            continue
        if report.case_id not in back:
            found.append(
                Waiting(
                    tag=tag,
                    slot=ballot.slot,
                    report=report,
                    passed_over=is_muted(step, step.manifest.drive_id, tag),
                )
            )
    return found


def _release(
    step: Step, terms: BoxTerms, pending: Pending
) -> tuple[Pending, list[Released], Sequence[MuteKey]]:
    """Return what still waits, the letters that say the rest, and their mute keys."""
    box = step.manifest.drive_id
    pending, texts = take_batch(pending)
    pending, tables = take_tables(pending, terms)
    sealer = MuteSealer(step.now, step.randomness)
    reports = [
        # Nobody reads what is passed over, so nobody mutes its author for it.
        replace(
            shown,
            box=box,
            mute_box=b"" if each.passed_over else sealer.seal(box, each.tag),
        )
        for shown, each in zip(shared_labels(texts, terms), texts, strict=True)
    ]
    whole = Released(
        drive_id=box,
        number=step.drive.floor + 1,
        reports=tuple(shuffled(reports, step.randomness)),
        tables=tables,
    )
    return pending, list(split_release(whole)), sealer.keys


def shuffled(items: Sequence[_Item], randomness: Randomness) -> list[_Item]:
    """Return the items in an order that says nothing."""
    return sorted(items, key=lambda _: randomness(ORDER_BYTES))


def _carry(step: Step, before: Pending, pending: Pending) -> Outcome:
    """Let the slots wait; what waited too long is gone, unread, with its keys."""
    drive_id, drive, dropped = step.manifest.drive_id, step.drive, _dropped(step)
    state = None
    if pending != before:
        moved, state = sealed_state(
            drive,
            drive_id,
            generation=drive.generation + 1,
            plain=encode_pending(replace(pending, generation=drive.generation + 1)),
            randomness=step.randomness,
        )
        drive = replace(moved, waiting=drive.waiting, slot_keys=drive.slot_keys)
    last = LastStep(drive_id=drive_id, keep=drive.generation, slots=dropped)
    is_gone = bool(dropped or state)
    return Outcome(
        drive_id=drive_id, drive=drive, state=state, last=last if is_gone else None
    )


def _close(
    step: Step, released: Sequence[Released], mutes: tuple[MuteKey, ...]
) -> Outcome:
    """End the box: a last batch under five is destroyed unread, with all its keys."""
    drive_id = step.manifest.drive_id
    closed = Closed(drive_id=drive_id, certificate=b"", signature=b"")
    slots = (*(end.slot for end in step.drive.waiting), *_dropped(step))
    event("drive_closed")
    return Outcome(
        drive_id=drive_id,
        drive=None,
        letters=(*released, closed),
        last=LastStep(drive_id=drive_id, keep=-1, slots=slots),
        mutes=mutes,
        ended_boxes=(*step.secrets.ended_boxes, _ended_box(step))[-ENDED_BOXES_MAX:],
    )


def _ended_box(step: Step) -> EndedBox:
    """Return what the lane still needs: somebody may have sent an urgent report."""
    return EndedBox(manifest=step.drive.manifest, ended_at=step.ended.ended_at)


def _old_slots(step: Step, terms: BoxTerms) -> set[int]:
    """Return the slots that ended longer ago than anything may wait."""
    schedule = step.manifest.schedule
    ends = range(schedule.first_slot, step.slot + 1)
    before = step.ended.ended_at - terms.retention_seconds
    return {slot for slot in ends if schedule.ends_at(slot) <= before}


def _without_old(step: Step, terms: BoxTerms) -> CounterDrive:
    old = _old_slots(step, terms)
    drive = step.drive
    kept = {slot: key for slot, key in drive.slot_keys.items() if slot not in old}
    waiting = tuple(end for end in drive.waiting if end.slot not in old)
    return replace(drive, slot_keys=kept, waiting=waiting)


def _dropped(step: Step) -> tuple[int, ...]:
    """Return the slots that waited too long, and were taken out of `step.drive`."""
    before = step.secrets.drives[step.manifest.drive_id].waiting
    kept = {end.slot for end in step.drive.waiting}
    return tuple(end.slot for end in before if end.slot not in kept)
