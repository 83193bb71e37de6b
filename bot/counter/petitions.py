"""Counting a petition: signatures in order, a floor, and names at the end (§13)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.ballots import NO_CODE, Ballot, Kind
from bot.core.canonical import Malformed
from bot.core.letters import Closed, Counted
from bot.core.petition_files import NO_BOXES, PetitionCertificate, seal_boxes
from bot.core.petitions import (
    COUNT_SHOWN_MIN,
    NAMES_MAX,
    PetitionTerms,
)
from bot.core.publication import turnout_floor
from bot.core.records import SaveState
from bot.core.roll import (
    NO_CODE_MARK,
    Roll,
    Signed,
    decode_roll,
    encode_roll,
    start_roll,
)
from bot.core.signatures import Act, Signature, decode_signature
from bot.counter.outcomes import NEW_PEOPLE_MIN, Outcome, sealed_state
from bot.counter.posted import open_rows
from bot.counter.step import Step, open_kept
from bot.crypto import signing
from bot.crypto.cascade import make_second_tag
from bot.crypto.counter_secrets import LastStep
from bot.crypto.states import revision_id
from bot.log import event
from bot.ports import Tampered

# Each code is tried on everybody who signed: one account that enters codes all day must
# not stop the counter. Nobody has more than a few codes of one petition.
CODES_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Row:
    """What one person did, under their second tag."""

    tag: bytes
    code_key: bytes
    signature: Signature


async def count_petition(step: Step) -> Outcome:
    """Carry the ended slot, or count it with those carried; at the end, close."""
    terms = step.manifest.terms
    assert isinstance(terms, PetitionTerms)
    rows = await _open(step, terms)
    roll = await _load(step, terms)
    new = {row.tag for row in rows} - roll.seen
    if len(new) < NEW_PEOPLE_MIN and not step.ended.final:
        return Outcome(drive_id=step.manifest.drive_id, drive=step.drive)
    roll = act_in_order(roll, rows)
    if step.ended.final:
        return _close(step, terms, roll)
    return _count(step, terms, roll)


def act_in_order(roll: Roll, rows: Sequence[Row]) -> Roll:
    """Return the next generation, with each row done in the gate's order.

    A code takes off whoever signed with it, from any account; of one account's
    codes, the first `CODES_MAX` of a round act. Once a roll is full, it takes nobody
    new: those who stand on it stay, and can change or leave.
    """
    signed = dict(roll.signed)
    tried: dict[bytes, int] = {}
    for row in rows:
        if row.signature.act is Act.SIGN:
            if row.tag not in signed and len(signed) >= NAMES_MAX:
                continue
            signed[row.tag] = Signed(
                code_mark=_code_mark(row.code_key, row.tag), box=row.signature.box
            )
            continue
        tags = [row.tag]
        if row.code_key != NO_CODE:
            tried[row.tag] = tried.get(row.tag, 0) + 1
            if tried[row.tag] > CODES_MAX:
                continue
            # Only each person's own mark can say whose code it is.
            tags = [
                tag
                for tag, each in signed.items()
                if each.code_mark == _code_mark(row.code_key, tag)
            ]
        for tag in tags:
            signed.pop(tag, None)
    return Roll(
        generation=roll.generation + 1,
        seen=roll.seen | {row.tag for row in rows},
        signed=signed,
    )


async def _open(step: Step, terms: PetitionTerms) -> list[Row]:
    found: list[Row] = []
    for ballot in await open_rows(step, {Kind.SIGNATURE}):
        signature = _read(ballot, terms)
        if signature is not None:
            tag = make_second_tag(step.drive.k_ctr, ballot.tag)
            found.append(Row(tag=tag, code_key=ballot.code_key, signature=signature))
    return found


def _read(ballot: Ballot, terms: PetitionTerms) -> Signature | None:
    try:
        return decode_signature(ballot.payload, terms)
    except Malformed:
        return None


async def _load(step: Step, terms: PetitionTerms) -> Roll:
    if not step.drive.generation:
        return start_roll()
    try:
        return decode_roll(await open_kept(step), terms)
    except Malformed:
        raise Tampered("A petition's running count cannot be read.") from None


def _count(step: Step, terms: PetitionTerms, roll: Roll) -> Outcome:
    drive_id = step.manifest.drive_id
    counted = tuple(end.slot for end in step.drive.waiting)
    floor = _floor(len(roll.signed), terms, before=step.drive.floor)
    drive, state = sealed_state(
        replace(step.drive, floor=floor),
        drive_id,
        generation=roll.generation,
        plain=encode_roll(roll),
        randomness=step.randomness,
    )
    event("round_counted", slot=counted[-1])
    return Outcome(
        drive_id=drive_id,
        drive=drive,
        letters=(Counted(drive_id=drive_id, floor=floor),),
        state=state,
        last=LastStep(drive_id=drive_id, keep=roll.generation, slots=counted),
    )


def _floor(count: int, terms: PetitionTerms, *, before: int) -> int:
    """Return the floor to show: the threshold itself once it is reached (R0)."""
    floor = turnout_floor(count, before=before)
    return max(floor, terms.threshold) if count >= terms.threshold else floor


def _close(step: Step, terms: PetitionTerms, roll: Roll) -> Outcome:
    """Give the names out, or the count, or nothing; all keys of the drive are gone.

    Name boxes are no secret of ours any more: they go into the store as they are, and
    only the trustees open them.
    """
    drive_id, count = step.manifest.drive_id, len(roll.signed)
    reached = count >= terms.threshold
    waiting = tuple(end.slot for end in step.drive.waiting)
    state, root, keep = None, NO_BOXES, -1
    if reached and terms.has_names:
        boxes = [each.box for each in roll.signed.values()]
        root, _, _ = seal_boxes(boxes)
        keep = step.drive.generation + 1
        state = SaveState(
            drive_id=drive_id, generation=keep, box=b"".join(sorted(boxes))
        )
    certificate, signature = b"", b""
    if reached or count >= COUNT_SHOWN_MIN:
        certificate = PetitionCertificate(
            manifest_digest=step.manifest.digest,
            chain_head=step.drive.head,
            slots=step.drive.ended,
            count=count,
            boxes=root,
        ).encode()
        signature = signing.sign(step.drive.signer, signing.CERTIFICATE, certificate)
    event("drive_closed")
    return Outcome(
        drive_id=drive_id,
        drive=None,
        letters=(
            Closed(drive_id=drive_id, certificate=certificate, signature=signature),
        ),
        state=state,
        last=LastStep(drive_id=drive_id, keep=keep, slots=waiting),
    )


def _code_mark(code_key: bytes, tag: bytes) -> bytes:
    return NO_CODE_MARK if code_key == NO_CODE else revision_id(code_key, tag)
