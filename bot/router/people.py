"""Organizers' pages about organizers: the list, invites, removals, and joining.

People stand there by labels that were drawn by chance, never by names.
"""

from bot.core.errors import InviteUnknown, MessageTooOld, NothingToConfirm
from bot.core.records import Role, SaveInvite
from bot.core.roles import Act
from bot.router.asked import Asked, Page, View
from bot.router.office import Office
from bot.schedule import PROPOSAL_SECONDS_MAX
from bot.views import cards, forms, organizer_text, organizing


class PeoplePages:
    """Answers organizers about organizers, and people who have an invite."""

    def __init__(self, office: Office) -> None:
        """Join the parts."""
        self._office = office

    def commands(self) -> dict[str, Page]:
        """Return the page of each word that may stand behind the root command."""
        return {
            "organizers": self.organizers,
            "invite": self.join_form,
            "join": self.join_form,
        }

    def actions(self) -> dict[tuple[str, int], Page]:
        """Return the page of each button, by its verb and number of arguments."""
        return {
            ("organizers", 0): self.organizers,
            ("invite", 1): self.invite,
            ("lead", 1): self.promote,
            ("remove", 1): self.ask_remove,
            ("removing", 1): self.remove,
        }

    def forms(self) -> dict[tuple[str, int], Page]:
        """Return what becomes of each form, by its verb and number of arguments."""
        return {("join", 0): self.join}

    async def organizers(self, asked: Asked) -> View:
        """The organizers by their labels."""
        reader = await self._office.require(asked, Act.SEE)
        return organizing.organizer_list(await self._office.desk.organizers(), reader)

    async def join_form(self, asked: Asked) -> View:
        """The form that takes an invite's code. Anybody may open it."""
        del asked
        return forms.join_form(self._office.scene)

    async def join(self, asked: Asked) -> View:
        """An invite makes somebody an organizer, once."""
        office = self._office
        digest = office.gate.invite_digest(asked.required("code"))
        tag = office.gate.organizer_tag(asked.actor)
        async with office.lock:
            if await office.desk.find(tag):
                return cards.notice(organizer_text.JOINED_ALREADY)
            organizer, changes = await office.desk.join(tag, digest)
            await office.commit(changes, InviteUnknown)
        return organizing.joined(organizer.label, office.scene)

    async def invite(self, asked: Asked) -> View:
        """A lead makes an invite; its code is shown once and kept nowhere."""
        office = self._office
        await office.require(asked, Act.INVITE)
        if asked.name not in set(Role):
            raise MessageTooOld
        code = office.desk.new_invite()
        invite = office.desk.invite(office.gate.invite_digest(code), Role(asked.name))
        await office.gate.commit([SaveInvite(invite=invite)])
        return organizing.invite(code, invite.role, invite.expires_at, office.scene)

    async def promote(self, asked: Asked) -> View:
        """A lead makes another organizer a lead."""
        office = self._office
        async with office.lock:
            await office.require(asked, Act.PROMOTE)
            target = await office.desk.labelled(asked.name)
            await office.commit([office.desk.promote(target)], NothingToConfirm)
        return cards.notice(organizer_text.MADE_LEAD.format(label=target.label))

    async def ask_remove(self, asked: Asked) -> View:
        """What a removal means."""
        await self._office.require(asked, Act.REMOVE)
        target = await self._office.desk.labelled(asked.name)
        second = await self._office.desk.check_removal(target)
        return organizing.confirm_remove(
            target.label, f"removing:{target.label}", second=second
        )

    async def remove(self, asked: Asked) -> View:
        """A lead removes an organizer, or asks for another organizer who agrees."""
        office = self._office
        async with office.lock:
            lead = await office.require(asked, Act.REMOVE)
            target = await office.desk.labelled(asked.name)
            decision = await office.desk.remove(lead.tag, target)
            await office.commit(decision.changes, NothingToConfirm)
        if decision.now:
            return cards.notice(organizer_text.REMOVED.format(label=target.label))
        expires_at = office.clock.now() + PROPOSAL_SECONDS_MAX
        return organizing.proposed(expires_at, office.scene)
