"""Emptying the lane: urgent reports and the letters of cases, each slot's at its end.

Nothing waits for others here, and the author of an urgent report agreed to that (§12).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.core.ballots import Ballot, Kind
from bot.core.canonical import Malformed
from bot.core.letters import Closed, LetterBody
from bot.core.manifest import decode_manifest
from bot.core.releases import (
    Released,
    ReleasedReport,
    ReleasedWords,
    split_release,
)
from bot.core.reports import (
    Act,
    Address,
    CaseId,
    Consent,
    decode_address,
    decode_letter,
    decode_report,
)
from bot.core.terms import LANE_SLOT_SECONDS, RETENTION_SECONDS_MAX, BoxTerms
from bot.counter.boxes import ORDER_BYTES, add_mutes, shuffled
from bot.counter.outcomes import Outcome, without_waiting
from bot.counter.posted import MuteSealer, is_muted, open_ballots
from bot.counter.step import Step
from bot.crypto.cascade import make_second_tag
from bot.crypto.counter_secrets import TAKEN_BACK_MAX, LastStep, TakenBack
from bot.log import event
from bot.ports import Randomness


async def empty_lane(step: Step) -> Outcome:
    """Release all that a slot of the lane holds; its key is gone with it."""
    sealer = MuteSealer(step.now, step.randomness)
    found = _Found()
    for ballot in await open_ballots(step, {Kind.REPORT, Kind.LETTER}):
        try:
            _read(step, ballot, found, sealer)
        except Malformed:
            continue
    letters = _letters(step, found)
    drive_id, final = step.manifest.drive_id, step.ended.final
    slots = tuple(end.slot for end in step.drive.waiting)
    drive = replace(without_waiting(step.drive), floor=step.drive.floor + len(letters))
    if final:
        letters.append(Closed(drive_id=drive_id, certificate=b"", signature=b""))
        event("drive_closed")
    return Outcome(
        drive_id=drive_id,
        drive=None if final else drive,
        letters=tuple(letters),
        last=LastStep(drive_id=drive_id, keep=-1, slots=slots),
        mutes=add_mutes(step, sealer.keys),
        taken_back=_taken_back(step, found.taken_back),
        ended_boxes=tuple(
            # No report of a later slot can be for a box that ended before it.
            box
            for box in step.secrets.ended_boxes
            if box.ended_at + LANE_SLOT_SECONDS > step.ended.ended_at
        ),
    )


@dataclass(slots=True, kw_only=True, repr=False)
class _Found:
    reports: list[ReleasedReport] = field(default_factory=list[ReleasedReport])
    words: list[ReleasedWords] = field(default_factory=list[ReleasedWords])
    taken_back: list[CaseId] = field(default_factory=list[CaseId])


def _read(step: Step, ballot: Ballot, found: _Found, sealer: MuteSealer) -> None:
    """Put what a row says where it belongs; a muted author's words are passed over."""
    address, payload = decode_address(ballot.payload)
    tag = _tag_in_box(step, address)
    muted = tag is not None and is_muted(step, address.box, tag)
    if ballot.kind is Kind.LETTER:
        letter = decode_letter(payload)
        if letter.act is Act.TAKE_BACK:
            found.taken_back.append(letter.case_id)
        else:
            found.words.append(
                ReleasedWords(
                    case_id=letter.case_id, text=letter.text, passed_over=muted
                )
            )
    else:
        report = _urgent(step, address, payload)
        # A box that ended has no keys any more, and nobody can be muted in it.
        mute_box = b"" if tag is None or muted else sealer.seal(address.box, tag)
        found.reports.append(replace(report, mute_box=mute_box, passed_over=muted))


def _urgent(step: Step, address: Address, payload: bytes) -> ReleasedReport:
    """Return an urgent report with all that its author wrote: they agreed to that."""
    terms = _box_terms(step, address)
    if terms is None:
        raise Malformed("an urgent report to a box that there never was")
    report = decode_report(payload, terms)
    if report.consent is not Consent.TEXT:
        raise Malformed("an urgent report that nobody may read")
    return ReleasedReport(
        case_id=report.case_id,
        box=address.box,
        reply_key=report.reply_key,
        category=terms.categories[report.category],
        severity=terms.severities[report.severity],
        place=report.place,
        text=report.text,
        urgent=True,
        mute_box=b"",
        keep_seconds=terms.retention_seconds,
    )


def _tag_in_box(step: Step, address: Address) -> bytes | None:
    """Return the author's second tag in the box; nothing if the box is not open."""
    drive = step.secrets.drives.get(address.box)
    if drive is None or _box_terms(step, address) is None:
        return None
    return make_second_tag(drive.k_ctr, address.tag)


def _box_terms(step: Step, address: Address) -> BoxTerms | None:
    """Return the terms of a box that is open, or that ended a moment ago."""
    drive = step.secrets.drives.get(address.box)
    manifests = [drive] if drive else step.secrets.ended_boxes
    for each in manifests:
        manifest = decode_manifest(each.manifest)
        if manifest.drive_id == address.box and isinstance(manifest.terms, BoxTerms):
            return manifest.terms
    return None


def _letters(step: Step, found: _Found) -> list[LetterBody]:
    whole = Released(
        drive_id=step.manifest.drive_id,
        number=step.drive.floor + 1,
        reports=tuple(shuffled(found.reports, step.randomness)),
        words=tuple(_by_case(found.words, step.randomness)),
        taken_back=tuple(shuffled(found.taken_back, step.randomness)),
    )
    return list(split_release(whole))


def _by_case(
    words: Sequence[ReleasedWords], randomness: Randomness
) -> list[ReleasedWords]:
    """Return the cases in an order that says nothing, each one's words in theirs."""
    order = {each.case_id: randomness(ORDER_BYTES) for each in words}
    return sorted(words, key=lambda each: order[each.case_id])


def _taken_back(step: Step, new: Sequence[CaseId]) -> tuple[TakenBack, ...]:
    """Return the reports that are not to be read, should they still wait in a box."""
    living = [each for each in step.secrets.taken_back if each.until > step.now]
    until = step.now + RETENTION_SECONDS_MAX
    added = [TakenBack(case_id=case_id, until=until) for case_id in new]
    return (*living, *added)[-TAKEN_BACK_MAX:]
