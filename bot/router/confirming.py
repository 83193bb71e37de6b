"""Organizers' pages for what waits for a second organizer."""

from bot.core.drives import State
from bot.core.errors import CannotClose, NothingToConfirm, OwnProposal
from bot.core.records import Drive, DropProposal, OrganizerTag, Proposal, ProposalKind
from bot.core.roles import Act
from bot.router.asked import Asked, Page, View
from bot.router.office import Office
from bot.views import cards, organizer_text, organizing


class ConfirmPages:
    """Answers organizers who look at what another one asks for."""

    def __init__(self, office: Office) -> None:
        """Join the parts."""
        self._office = office

    def commands(self) -> dict[str, Page]:
        """Return the page of each word that may stand behind the root command."""
        return {"confirm": self.confirm}

    def actions(self) -> dict[tuple[str, int], Page]:
        """Return the page of each button, by its verb and number of arguments."""
        return {
            ("confirm", 0): self.confirm,
            ("review", 2): self.review,
            ("proposal", 1): self.proposal,
            ("confirm", 1): self.agree,
        }

    def forms(self) -> dict[tuple[str, int], Page]:
        """Return what becomes of each form: there is none."""
        return {}

    async def confirm(self, asked: Asked) -> View:
        """What waits for this organizer: a page if it is one thing, else a list."""
        tag = (await self._office.require(asked, Act.CONFIRM)).tag
        if asked.name:
            return await self._named(tag, self._office.drive(asked))
        drives = [
            each
            for each in self._office.gate.drives()
            if each.state is State.AWAITING and await self._may_start(tag, each)
        ]
        proposals = [
            each
            for each in await self._office.desk.waiting(tag)
            if await self._subject(each)
        ]
        if len(drives) == 1 and not proposals:
            return self._start_page(drives[0])
        if len(proposals) == 1 and not drives:
            return await self._proposal_page(proposals[0])
        named = [
            (each.proposal_id, each.kind, await self._subject(each))
            for each in proposals
        ]
        return organizing.confirm_list(drives, named)

    async def review(self, asked: Asked) -> View:
        """One poll that waits."""
        tag = (await self._office.require(asked, Act.CONFIRM)).tag
        drive = self._office.draft(asked)
        if drive.state is not State.AWAITING:
            raise NothingToConfirm
        return await self._named(tag, drive)

    async def proposal(self, asked: Asked) -> View:
        """One early close or removal that waits."""
        tag = (await self._office.require(asked, Act.CONFIRM)).tag
        return await self._proposal_page(
            await self._office.desk.proposal(tag, asked.name)
        )

    async def agree(self, asked: Asked) -> View:
        """A second organizer agrees, and it is done."""
        office = self._office
        async with office.lock:
            tag = (await office.require(asked, Act.CONFIRM)).tag
            proposal = await office.desk.proposal(tag, asked.name)
            if proposal.kind is ProposalKind.REMOVE:
                return await self._remove(proposal)
            drive = office.drive_of(proposal.target)
            if drive is None or drive.state is not State.OPEN:
                raise CannotClose
            drop = DropProposal(proposal_id=proposal.proposal_id)
            await office.gate.close_early(drive, [drop])
        await office.gate.settle()
        return cards.notice(organizer_text.CLOSED_NOW)

    # Private -----------------------------------------------------------------

    async def _named(self, tag: OrganizerTag, drive: Drive) -> View:
        """Return the page of what waits about a poll, or raise if nothing does."""
        if drive.state is State.AWAITING:
            if not await self._may_start(tag, drive):
                raise OwnProposal
            return self._start_page(drive)
        about = [
            each
            for each in await self._office.desk.proposals()
            if each.target == drive.drive_id
        ]
        others = [each for each in about if each.author != tag]
        if others:
            return await self._proposal_page(others[0])
        raise OwnProposal if about else NothingToConfirm

    async def _may_start(self, tag: OrganizerTag, drive: Drive) -> bool:
        return drive.author != tag or await self._office.desk.is_alone()

    async def _subject(self, proposal: Proposal) -> str:
        """Return a poll's question or an organizer's label; nothing if it is over."""
        if proposal.kind is ProposalKind.CLOSE:
            drive = self._office.drive_of(proposal.target)
            is_open = drive is not None and drive.state is State.OPEN
            return drive.title if drive is not None and is_open else ""
        target = await self._office.desk.find(OrganizerTag(proposal.target))
        return target.label if target else ""

    def _start_page(self, drive: Drive) -> View:
        return organizing.confirm_start(drive, self._office.schedule(drive))

    async def _proposal_page(self, proposal: Proposal) -> View:
        action = f"confirm:{proposal.proposal_id}"
        subject = await self._subject(proposal)
        if not subject:
            raise NothingToConfirm
        if proposal.kind is ProposalKind.REMOVE:
            return organizing.confirm_remove(subject, action, second=False)
        drive = self._office.drive_of(proposal.target)
        assert drive is not None
        return organizing.confirm_close(drive, action, proposed=True, second=False)

    async def _remove(self, proposal: Proposal) -> View:
        target = await self._office.desk.find(OrganizerTag(proposal.target))
        if target is None:
            raise NothingToConfirm
        changes = await self._office.desk.removal(target)
        await self._office.commit(changes, NothingToConfirm)
        return cards.notice(organizer_text.REMOVED.format(label=target.label))
