"""MACs over the rows about organizers, so that no other writer makes one (§9.4)."""

from dataclasses import replace
from typing import TypeAlias, TypeVar

from bot.core import canonical
from bot.core.canonical import JsonObject
from bot.core.drives import DRAFTS
from bot.core.records import (
    Change,
    Drive,
    Invite,
    Organizer,
    Proposal,
    SaveDrive,
    SaveInvite,
    SaveOrganizer,
    SaveProposal,
)
from bot.core.terms import terms_to_json
from bot.crypto.prf import ROW, is_same, prf

Row: TypeAlias = Organizer | Invite | Proposal | Drive
_R = TypeVar("_R", Organizer, Invite, Proposal, Drive)


def row_mac(k_org: bytes, row: Row) -> bytes:
    """Return the MAC (32 B) of all that a row says. Of drives, drafts have one."""
    return prf(k_org, ROW, canonical.encode(_fields(row)))


def vouch(k_org: bytes, row: _R) -> _R:
    """Return the row with its MAC."""
    return replace(row, mac=row_mac(k_org, row))


def is_vouched(k_org: bytes, row: Row) -> bool:
    """Tell whether a stored row is one that was written with this key."""
    return is_same(row.mac, row_mac(k_org, row))


def vouched(k_org: bytes, change: Change) -> Change:
    """Return a change whose row has its MAC, where rows of its kind have one."""
    match change:
        case SaveOrganizer():
            return SaveOrganizer(organizer=vouch(k_org, change.organizer))
        case SaveInvite():
            return SaveInvite(invite=vouch(k_org, change.invite))
        case SaveProposal():
            return SaveProposal(proposal=vouch(k_org, change.proposal))
        case SaveDrive() if change.drive.state in DRAFTS:
            return SaveDrive(drive=vouch(k_org, change.drive))
        case SaveDrive():
            # Its keystore and its signatures vouch for a drive that started.
            return SaveDrive(drive=replace(change.drive, mac=b""))
        case _:
            return change


def _fields(row: Row) -> JsonObject:
    match row:
        case Organizer():
            return _organizer(row)
        case Invite():
            return _invite(row)
        case Proposal():
            return _proposal(row)
        case _:
            return _draft(row)


def _organizer(row: Organizer) -> JsonObject:
    return {
        "row": "organizer",
        "tag": row.tag.hex(),
        "role": row.role.value,
        "label": row.label,
    }


def _invite(row: Invite) -> JsonObject:
    return {
        "row": "invite",
        "digest": row.digest.hex(),
        "role": row.role.value,
        "expires_at": row.expires_at,
    }


def _proposal(row: Proposal) -> JsonObject:
    return {
        "row": "proposal",
        "proposal": row.proposal_id,
        "kind": row.kind.value,
        "target": row.target.hex(),
        "author": row.author.hex(),
        "expires_at": row.expires_at,
    }


def _draft(row: Drive) -> JsonObject:
    return {
        "row": "draft",
        "drive": row.drive_id.hex(),
        "state": row.state.value,
        "terms": terms_to_json(row.terms),
        "author": row.author.hex(),
        "drafted_at": row.drafted_at,
        "length": row.length,
        "closes_at": row.closes_at,
    }
