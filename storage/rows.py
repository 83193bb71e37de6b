"""Records as rows and rows as records, one pair for each table.

What no record can be raises `ValueError`: stored by nobody, hence damage.
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import Row

from bot.core import canonical
from bot.core.drives import State
from bot.core.manifest import DriveId
from bot.core.records import (
    BoxTables,
    CaseRow,
    Drive,
    Invite,
    Mail,
    Organizer,
    OrganizerTag,
    Party,
    Post,
    PostKind,
    Proposal,
    ProposalKind,
    Role,
    SlotEnd,
    SlotKey,
)
from bot.core.released import from_certified, to_certified
from bot.core.reports import CaseId
from bot.core.slots import Schedule
from bot.core.terms import terms_of, terms_to_json

if TYPE_CHECKING:
    from bot.core.canonical import JsonValue

# What SQLAlchemy takes and gives: the driver says which Python type each column has.
Values = dict[str, Any]
StoredRow = Row[Any]


def drive_values(drive: Drive) -> Values:
    """Return a drive as the values of its row."""
    schedule = drive.schedule
    return {
        "drive_id": drive.drive_id,
        "state": drive.state.value,
        "terms": canonical.encode(terms_to_json(drive.terms)).decode("utf-8"),
        "author": drive.author,
        "drafted_at": drive.drafted_at,
        "length": drive.length,
        "closes_at": drive.closes_at,
        "schedule_opens_at": schedule and schedule.opens_at,
        "schedule_closes_at": schedule and schedule.closes_at,
        "schedule_slot_seconds": schedule and schedule.slot_seconds,
        "schedule_first_slot": schedule and schedule.first_slot,
        "next_slot": drive.next_slot,
        "floor": drive.floor,
        "extended": int(drive.extended),
        "closed_early_at": drive.closed_early_at,
        "manifest": drive.manifest,
        "signature": drive.signature,
        "certificate": drive.certificate,
        "mac": drive.mac,
    }


def drive_of(row: StoredRow) -> Drive:
    """Return the drive of a row."""
    return Drive(
        drive_id=DriveId(row.drive_id),
        state=State(row.state),
        terms=terms_of(canonical.decode(row.terms.encode("utf-8"))),
        author=OrganizerTag(row.author),
        drafted_at=row.drafted_at,
        length=row.length,
        closes_at=row.closes_at,
        schedule=_schedule_of(row),
        next_slot=row.next_slot,
        floor=row.floor,
        extended=bool(row.extended),
        closed_early_at=row.closed_early_at,
        manifest=row.manifest,
        signature=row.signature,
        certificate=row.certificate,
        mac=row.mac,
    )


def slot_key_values(key: SlotKey) -> Values:
    """Return a slot key as the values of its row."""
    return {
        "drive_id": key.drive_id,
        "slot": key.slot,
        "public": key.public,
        "signature": key.signature,
    }


def slot_key_of(row: StoredRow) -> SlotKey:
    """Return the slot key of a row."""
    return SlotKey(
        drive_id=DriveId(row.drive_id),
        slot=row.slot,
        public=row.public,
        signature=row.signature,
    )


def mail_values(mail: Mail) -> Values:
    """Return a message as the values of its row."""
    return {
        "reader": mail.reader.value,
        "number": mail.number,
        "box": mail.box,
        "signature": mail.signature,
    }


def mail_of(row: StoredRow) -> Mail:
    """Return the message of a row."""
    return Mail(
        reader=Party(row.reader),
        number=row.number,
        box=row.box,
        signature=row.signature,
    )


def slot_end_values(end: SlotEnd) -> Values:
    """Return what the board says of a slot as the values of its row."""
    return {
        "drive_id": end.drive_id,
        "slot": end.slot,
        "size": end.size,
        "root": end.root,
    }


def slot_end_of(row: StoredRow) -> SlotEnd:
    """Return what the board says of a slot."""
    return SlotEnd(
        drive_id=DriveId(row.drive_id), slot=row.slot, size=row.size, root=row.root
    )


def organizer_values(organizer: Organizer) -> Values:
    """Return an organizer as the values of their row."""
    return {
        "tag": organizer.tag,
        "role": organizer.role.value,
        "label": organizer.label,
        "mac": organizer.mac,
    }


def organizer_of(row: StoredRow) -> Organizer:
    """Return the organizer of a row."""
    return Organizer(
        tag=OrganizerTag(row.tag),
        role=Role(row.role),
        label=row.label,
        mac=row.mac,
    )


def invite_values(invite: Invite) -> Values:
    """Return an invite as the values of its row."""
    return {
        "digest": invite.digest,
        "role": invite.role.value,
        "expires_at": invite.expires_at,
        "mac": invite.mac,
    }


def invite_of(row: StoredRow) -> Invite:
    """Return the invite of a row."""
    return Invite(
        digest=row.digest,
        role=Role(row.role),
        expires_at=row.expires_at,
        mac=row.mac,
    )


def proposal_values(proposal: Proposal) -> Values:
    """Return a proposal as the values of its row."""
    return {
        "proposal_id": proposal.proposal_id,
        "kind": proposal.kind.value,
        "target": proposal.target,
        "author": proposal.author,
        "expires_at": proposal.expires_at,
        "mac": proposal.mac,
    }


def proposal_of(row: StoredRow) -> Proposal:
    """Return the proposal of a row."""
    return Proposal(
        proposal_id=row.proposal_id,
        kind=ProposalKind(row.kind),
        target=row.target,
        author=OrganizerTag(row.author),
        expires_at=row.expires_at,
        mac=row.mac,
    )


def post_of(row: StoredRow) -> Post:
    """Return the post of a row."""
    return Post(
        drive_id=DriveId(row.drive_id),
        kind=PostKind(row.kind),
        place=row.place,
        wanted=row.wanted,
        shown=row.shown,
        reference=row.reference,
    )


def case_values(case: CaseRow) -> Values:
    """Return a case as the values of its row."""
    return {
        "case_id": case.case_id,
        "drive_id": case.drive_id,
        "ends_at": case.ends_at,
        "sealed": case.sealed,
    }


def case_of(row: StoredRow) -> CaseRow:
    """Return the case of a row."""
    return CaseRow(
        case_id=CaseId(row.case_id),
        drive_id=DriveId(row.drive_id),
        ends_at=row.ends_at,
        sealed=row.sealed,
    )


def tables_values(tables: BoxTables) -> Values:
    """Return a release's tables as the values of their row."""
    found: list[JsonValue] = [to_certified(table) for table in tables.tables]
    return {
        "drive_id": tables.drive_id,
        "number": tables.number,
        "tables": canonical.encode(found).decode("utf-8"),
    }


def tables_of(row: StoredRow) -> BoxTables:
    """Return the tables of a row."""
    found = canonical.list_of(canonical.decode(row.tables.encode("utf-8")), 2)
    return BoxTables(
        drive_id=DriveId(row.drive_id),
        number=row.number,
        tables=tuple(from_certified(table) for table in found),
    )


def _schedule_of(row: StoredRow) -> Schedule | None:
    if row.schedule_opens_at is None:
        return None
    return Schedule(
        opens_at=row.schedule_opens_at,
        closes_at=row.schedule_closes_at,
        slot_seconds=row.schedule_slot_seconds,
        first_slot=row.schedule_first_slot,
    )
