"""Rows about organizers have a MAC over all that they say."""

from dataclasses import fields, replace
from typing import Any

import pytest

from bot.core.drives import State
from bot.core.manifest import DriveId
from bot.core.records import (
    Drive,
    DropDrive,
    Invite,
    Organizer,
    OrganizerTag,
    Proposal,
    ProposalKind,
    Role,
    SaveDrive,
    SaveInvite,
    SaveOrganizer,
    SaveProposal,
)
from bot.core.terms import terms_of
from bot.crypto.vouching import Row, is_vouched, row_mac, vouch, vouched
from bot.gate.checks import pin_of
from tests.core.lunch import DRIVE, LUNCH
from tests.vectors.reading import Vector, vectors

K_ORG = b"\x05" * 32
MEI = OrganizerTag(b"\x47" * 32)
DRAFT = Drive(
    drive_id=DRIVE,
    state=State.DRAFT,
    terms=LUNCH,
    author=MEI,
    drafted_at=9,
    length=60,
)
ROWS: tuple[Row, ...] = (
    Organizer(tag=MEI, role=Role.LEAD, label="Birch"),
    Invite(digest=b"\x48" * 32, role=Role.LEAD, expires_at=9),
    Proposal(
        proposal_id="p",
        kind=ProposalKind.CLOSE,
        target=DRIVE,
        author=MEI,
        expires_at=9,
    ),
    DRAFT,
)
# What a draft's row says that is not a draft's: the gate refuses it there at once.
NOT_OF_A_DRAFT = {
    *("schedule", "next_slot", "floor", "extended", "closed_early_at"),
    *("manifest", "signature", "certificate", "mac"),
}


def made_of(vector: Vector) -> bytes:
    """Return what the product makes of a vector's row."""
    row: dict[str, Any] = vector.get("row", {})
    match vector["of"]:
        case "organizer":
            made: Row = Organizer(
                tag=_tag(row["tag"]), role=Role(row["role"]), label=row["label"]
            )
        case "invite":
            made = Invite(
                digest=bytes.fromhex(row["digest"]),
                role=Role(row["role"]),
                expires_at=row["expires_at"],
            )
        case "proposal":
            made = Proposal(
                proposal_id=row["proposal"],
                kind=ProposalKind(row["kind"]),
                target=bytes.fromhex(row["target"]),
                author=_tag(row["author"]),
                expires_at=row["expires_at"],
            )
        case "draft":
            made = Drive(
                drive_id=DriveId(bytes.fromhex(row["drive"])),
                state=State(row["state"]),
                terms=terms_of(row["terms"]),
                author=_tag(row["author"]),
                drafted_at=row["drafted_at"],
                length=row["length"],
                closes_at=row["closes_at"],
            )
        case _:
            return pin_of(
                replace(
                    DRAFT,
                    drive_id=DriveId(bytes.fromhex(vector["drive"])),
                    terms=terms_of(vector["terms"]),
                    manifest=bytes.fromhex(vector["manifest"]),
                    certificate=bytes.fromhex(vector["certificate"]),
                )
            )
    return row_mac(bytes.fromhex(vector["key"]), made)


def _tag(text: str) -> OrganizerTag:
    return OrganizerTag(bytes.fromhex(text))


@pytest.mark.parametrize("vector", vectors("rows"))
def test_vectors(vector: Vector) -> None:
    """Each MAC and each pin has these bytes."""
    assert made_of(vector).hex() == vector["expect"]


@pytest.mark.parametrize("row", ROWS)
def test_every_field_of_a_row_is_vouched_for(row: Any) -> None:
    """No value of a row can be another one, and no other key makes its MAC."""
    ours = vouch(K_ORG, row)

    assert is_vouched(K_ORG, ours)
    assert not is_vouched(b"\x06" * 32, ours)
    assert not is_vouched(K_ORG, row)
    for field in fields(row):
        if field.name not in NOT_OF_A_DRAFT:
            altered = replace(ours, **{field.name: _another(getattr(ours, field.name))})
            assert not is_vouched(K_ORG, altered), field.name


def _another(value: Any) -> Any:
    others: dict[type, Any] = {
        Role: Role.ORGANIZER,
        ProposalKind: ProposalKind.REMOVE,
        State: State.AWAITING,
    }
    match value:
        case Role() | ProposalKind() | State():
            return others[type(value)]
        case bytes():
            return value[:-1] + b"\x00"
        case str():
            return value + "s"
        case int():
            return value + 1
        case _:
            return replace(value, question="Who sits where?")


def test_rows_of_one_kind_are_none_of_another() -> None:
    """Each kind of row says which it is."""
    assert len({row_mac(K_ORG, row) for row in ROWS}) == len(ROWS)


def test_changes_are_vouched_for_where_rows_have_a_mac() -> None:
    """What is committed about organizers has its MAC; a drive that started has none."""
    organizer, invite, proposal, draft = ROWS
    assert isinstance(organizer, Organizer)
    assert isinstance(invite, Invite)
    assert isinstance(proposal, Proposal)
    assert isinstance(draft, Drive)
    changes = (
        SaveOrganizer(organizer=organizer),
        SaveInvite(invite=invite),
        SaveProposal(proposal=proposal),
        SaveDrive(drive=draft),
    )
    macs = [
        row.mac
        for change in changes
        for made in [vouched(K_ORG, change)]
        for row in [getattr(made, fields(made)[0].name)]
    ]
    started = replace(vouch(K_ORG, draft), state=State.CONFIRMED)
    kept = vouched(K_ORG, SaveDrive(drive=started))
    drop = DropDrive(drive_id=DRIVE)

    assert macs == [row_mac(K_ORG, row) for row in ROWS]
    assert isinstance(kept, SaveDrive)
    assert kept.drive.mac == b""
    assert vouched(K_ORG, drop) is drop
