"""What organizers may do, decided on tags alone, with a real store."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.core.drives import State
from bot.core.errors import (
    AboutYou,
    CannotClose,
    InviteUnknown,
    LastLead,
    LeadOnly,
    NotAnOrganizer,
    NothingToConfirm,
    OwnProposal,
    SecondNeeded,
    TooLateToStart,
    TooManyDrives,
    TooManyOrganizers,
    UnknownOrganizer,
)
from bot.core.manifest import DriveId
from bot.core.polls import Span
from bot.core.records import (
    Drive,
    DropOrganizer,
    DropProposal,
    Invite,
    Organizer,
    OrganizerTag,
    ProposalKind,
    Role,
    SaveDrive,
    SaveInvite,
    SaveOrganizer,
)
from bot.core.roles import LABELS, Act
from bot.core.tallies import Choice
from bot.core.terms import PollTerms
from bot.desk import DRIVES_MAX, Desk
from bot.ports import Stale
from storage.store import SqlStore, create_store
from tests.fakes.workplace import DAY, NOON, SetClock

MEI, SAM, ANA, JO = (OrganizerTag(bytes([number]) * 32) for number in range(1, 5))
TERMS = PollTerms(
    name="lunch",
    question="Should we ask for paid lunch breaks?",
    choice=Choice.SINGLE,
    options=("Yes", "No"),
    place="general",
    audience=60,
)
SPAN = Span(length=DAY)


@dataclass
class Office:
    """A desk with its store; `organizers` are lead first."""

    desk: Desk
    store: SqlStore
    clock: SetClock

    async def hire(self, *tags: OrganizerTag) -> None:
        for tag in tags:
            first = not await self.desk.organizers()
            organizer = Organizer(
                tag=tag,
                role=Role.LEAD if first else Role.ORGANIZER,
                label=LABELS[tag[0]],
            )
            await self.store.commit([SaveOrganizer(organizer=organizer)])

    async def find(self, tag: OrganizerTag) -> Organizer:
        organizer = await self.desk.find(tag)
        assert organizer is not None
        return organizer

    async def draft(self, author: OrganizerTag = MEI, span: Span = SPAN) -> Drive:
        drive = await self.desk.draft(author, TERMS, span)
        await self.store.commit([SaveDrive(drive=drive)])
        return drive


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """A desk with nobody at it."""
    clock = SetClock()
    store = await create_store(tmp_path / "shared.sqlite")
    desk = Desk(roll=store, clock=clock, randomness=secrets.token_bytes)
    yield Office(desk, store, clock)
    await store.close()


async def test_role_decides_what_somebody_may_do(office: Office) -> None:
    """Leads invite, organizers do not, and nobody else sees anything."""
    await office.hire(MEI, SAM)

    assert (await office.desk.require(MEI, Act.INVITE)).tag == MEI
    with pytest.raises(LeadOnly):
        await office.desk.require(SAM, Act.INVITE)
    with pytest.raises(NotAnOrganizer):
        await office.desk.require(ANA, Act.SEE)


async def test_draft_keeps_terms_author_and_span(office: Office) -> None:
    """A draft is all that organizers decide on, and who began."""
    drive = await office.draft()

    assert drive.state is State.DRAFT
    assert (drive.terms, drive.author, drive.length) == (TERMS, MEI, DAY)
    assert drive.drafted_at == NOON
    assert len(drive.drive_id) == 16


async def test_drives_are_bounded(office: Office) -> None:
    """At most two hundred polls are open or wait; closed ones do not count."""
    drive = await office.draft()
    others = [
        replace(
            drive,
            drive_id=DriveId(number.to_bytes(16, "big")),
            state=State.OPEN if number < DRIVES_MAX else State.PUBLISHED,
            terms=replace(TERMS, name=f"poll-{number}"),
        )
        for number in range(1, DRIVES_MAX + 5)
    ]
    await office.store.commit([SaveDrive(drive=other) for other in others])

    with pytest.raises(TooManyDrives) as caught:
        await office.desk.draft(MEI, TERMS, SPAN)

    assert "200 polls" in caught.value.text
    # What is changed takes the room of what it was.
    changed = await office.desk.draft(MEI, TERMS, SPAN, instead_of=drive)
    assert changed.drive_id != drive.drive_id


async def test_author_asks_once(office: Office) -> None:
    """Only the author's own draft begins to wait."""
    drive = await office.draft()

    waiting = office.desk.ask(MEI, drive)

    assert waiting.state is State.AWAITING
    for author, other in ((SAM, drive), (MEI, waiting)):
        with pytest.raises(NothingToConfirm):
            office.desk.ask(author, other)


async def test_author_drops_drafts(office: Office) -> None:
    """Drafts and what waits can be dropped by their author, nothing else."""
    drive = await office.draft()

    office.desk.check_drop(MEI, drive)
    office.desk.check_drop(MEI, office.desk.ask(MEI, drive))
    for author, other in ((SAM, drive), (MEI, replace(drive, state=State.OPEN))):
        with pytest.raises(NothingToConfirm):
            office.desk.check_drop(author, other)


async def test_who_may_start(office: Office) -> None:
    """Alone, the author; with two, the other one, after being asked."""
    await office.hire(MEI)
    drive = await office.draft()
    waiting = office.desk.ask(MEI, drive)
    await office.desk.check_start(MEI, drive)
    await office.hire(SAM)

    await office.desk.check_start(SAM, waiting)
    with pytest.raises(SecondNeeded):
        await office.desk.check_start(MEI, drive)
    with pytest.raises(OwnProposal):
        await office.desk.check_start(MEI, waiting)
    with pytest.raises(NothingToConfirm):
        await office.desk.check_start(SAM, drive)


async def test_what_is_too_old_does_not_start(office: Office) -> None:
    """A week ends what waits, and a date that passed ends a poll before it began."""
    await office.hire(MEI)
    dated = await office.draft(span=Span(closes_at=NOON + DAY))
    office.clock.seconds += DAY - 30
    with pytest.raises(TooLateToStart):
        await office.desk.check_start(MEI, dated)
    office.clock.seconds = NOON + 7 * DAY

    with pytest.raises(NothingToConfirm):
        await office.desk.check_start(MEI, replace(dated, closes_at=0, length=DAY))


async def test_closing_early_alone(office: Office) -> None:
    """One organizer closes at once."""
    await office.hire(MEI)
    drive = replace(await office.draft(), state=State.OPEN)

    decision = await office.desk.close(MEI, drive)

    assert decision.now
    assert not decision.changes


async def test_closing_early_with_two(office: Office) -> None:
    """The first wish is a proposal, a second by the same person nothing more."""
    await office.hire(MEI, SAM)
    drive = replace(await office.draft(), state=State.OPEN)

    first = await office.desk.close(MEI, drive)
    await office.store.commit(first.changes)
    again = await office.desk.close(MEI, drive)
    other = await office.desk.close(SAM, drive)

    [proposal] = await office.desk.proposals()
    assert (proposal.kind, proposal.target) == (ProposalKind.CLOSE, drive.drive_id)
    assert (first.now, again.now, other.now) == (False, False, True)
    assert not again.changes
    assert other.changes == (DropProposal(proposal_id=proposal.proposal_id),)


@pytest.mark.parametrize("state", [s for s in State if s is not State.OPEN])
async def test_only_open_polls_are_closed(office: Office, state: State) -> None:
    """What is not open cannot be closed early."""
    await office.hire(MEI)
    drive = replace(await office.draft(), state=state)

    with pytest.raises(CannotClose):
        await office.desk.close(MEI, drive)


async def test_proposals_are_for_others(office: Office) -> None:
    """Neither who asks nor who is meant can confirm; everybody else can."""
    await office.hire(MEI, SAM, ANA)
    decision = await office.desk.remove(MEI, await office.find(SAM))
    await office.store.commit(decision.changes)
    [proposal] = await office.desk.waiting(ANA)

    assert await office.desk.waiting(MEI) == await office.desk.waiting(SAM) == []
    assert await office.desk.proposal(ANA, proposal.proposal_id) == proposal
    with pytest.raises(OwnProposal):
        await office.desk.proposal(MEI, proposal.proposal_id)
    with pytest.raises(AboutYou):
        await office.desk.proposal(SAM, proposal.proposal_id)
    with pytest.raises(NothingToConfirm):
        await office.desk.proposal(ANA, "00")


async def test_proposals_wait_a_week(office: Office) -> None:
    """After a week a proposal is as if it never was."""
    await office.hire(MEI, SAM, ANA)
    decision = await office.desk.remove(MEI, await office.find(SAM))
    await office.store.commit(decision.changes)

    office.clock.seconds += 7 * DAY

    assert await office.desk.waiting(ANA) == []


async def test_second_lead_agrees_by_removing(office: Office) -> None:
    """Two leads who both want somebody removed agree."""
    await office.hire(MEI, SAM, ANA)
    sam = await office.find(SAM)
    decision = await office.desk.remove(MEI, sam)
    await office.store.commit(decision.changes)

    again = await office.desk.remove(MEI, sam)
    themselves = await office.desk.remove(SAM, sam)
    other = await office.desk.remove(ANA, sam)

    assert (again.now, themselves.now, other.now) == (False, False, True)
    assert other.changes[-1] == DropOrganizer(tag=SAM)


async def test_removal_takes_all_that_waits(office: Office) -> None:
    """Drafts of somebody who is removed go, and so do proposals about them."""
    await office.hire(MEI, SAM, ANA)
    await office.draft(author=SAM)
    kept = await office.draft(author=MEI)
    decision = await office.desk.remove(MEI, await office.find(SAM))
    await office.store.commit(decision.changes)

    await office.store.commit(await office.desk.removal(await office.find(SAM)))

    assert await office.store.proposals() == []
    assert [drive.drive_id for drive in await office.store.drives()] == [kept.drive_id]
    assert await office.desk.find(SAM) is None


async def test_last_lead_is_not_removed(office: Office) -> None:
    """Not at once, and not when a proposal is confirmed later."""
    await office.hire(MEI, SAM, ANA)
    mei = await office.find(MEI)

    for removal in (office.desk.remove(SAM, mei), office.desk.removal(mei)):
        with pytest.raises(LastLead):
            await removal


async def test_invite_makes_an_organizer_once(office: Office) -> None:
    """The label is free, the role is the invite's, and the invite is used up."""
    await office.hire(MEI)
    invite = office.desk.invite(b"d" * 32, Role.LEAD)
    await office.store.commit([SaveInvite(invite=invite)])

    organizer, changes = await office.desk.join(SAM, invite.digest)
    await office.store.commit(changes)

    assert (organizer.tag, organizer.role) == (SAM, Role.LEAD)
    assert organizer.label in LABELS
    assert organizer.label != (await office.find(MEI)).label
    with pytest.raises(InviteUnknown):
        await office.desk.join(ANA, invite.digest)
    with pytest.raises(Stale):
        await office.store.commit(changes)


async def test_invite_ends_after_a_week(office: Office) -> None:
    """An old invite makes nobody an organizer."""
    invite: Invite = office.desk.invite(b"d" * 32, Role.ORGANIZER)
    await office.store.commit([SaveInvite(invite=invite)])

    office.clock.seconds += 7 * DAY

    with pytest.raises(InviteUnknown):
        await office.desk.join(SAM, invite.digest)


async def test_organizers_are_bounded(office: Office) -> None:
    """There are no more organizers than a page can show."""
    await office.hire(*(OrganizerTag(bytes([n]) * 32) for n in range(1, 13)))
    invite = office.desk.invite(b"d" * 32, Role.ORGANIZER)
    await office.store.commit([SaveInvite(invite=invite)])

    with pytest.raises(TooManyOrganizers):
        await office.desk.join(OrganizerTag(b"x" * 32), invite.digest)


async def test_codes_are_fresh(office: Office) -> None:
    """No two invites have one code."""
    assert office.desk.new_invite() != office.desk.new_invite()


async def test_labels_find_organizers(office: Office) -> None:
    """An organizer is found and promoted by label."""
    await office.hire(MEI, SAM)
    sam = await office.find(SAM)

    await office.store.commit(
        [office.desk.promote(await office.desk.labelled(sam.label))]
    )

    assert (await office.find(SAM)).role is Role.LEAD
    with pytest.raises(UnknownOrganizer):
        await office.desk.labelled("Nobody")
