"""Organizers' pages about drafts: look at one, change it, start it, close early."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from bot.core.drives import State
from bot.core.errors import CannotClose, MessageTooOld, NothingToConfirm
from bot.core.records import Drive, DropDrive, SaveDrive
from bot.core.roles import Act
from bot.core.terms import Terms
from bot.router.asked import Asked, Page, View
from bot.router.office import Office
from bot.schedule import PROPOSAL_SECONDS_MAX, draft_ends_at
from bot.views import cards, casework, changing, organizer_text, organizing, text
from bot.views.widgets import Form

# Buttons about a draft name it, and which of that name it is.
_DRAFT_ARGUMENTS = 2


class Drafts(Protocol):
    """The pages that make drives of one kind."""

    async def draft(self, asked: Asked) -> View:
        """The form was sent: a draft, and how the channel would see it."""
        ...

    def form_of(self, drive: Drive) -> Form:
        """Return the form that leads to this draft."""
        ...


class DraftPages:
    """Answers organizers who look at a draft, change, start and close drives."""

    def __init__(self, office: Office, kinds: Mapping[type[Terms], Drafts]) -> None:
        """Join the parts; `kinds` are the pages of each kind of terms."""
        self._office = office
        self._kinds = kinds

    def commands(self) -> dict[str, Page]:
        """Return the page of each word that may stand behind the root command."""
        return {
            "organize": self.organize,
            "close": self.ask_close,
        }

    def actions(self) -> dict[tuple[str, int], Page]:
        """Return the page of each button, by its verb and number of arguments."""
        return {
            ("start", 2): self.start,
            ("ask", 2): self.ask,
            ("cancel", 2): self.cancel,
            ("again", 2): self.again,
            ("edit", 2): self.change,
            ("edit", 3): self.change,
            ("later", 0): self.later,
            ("closing", 0): self.ask_close,
            ("closing", 1): self.ask_close,
            ("close", 1): self.close,
        }

    def forms(self) -> dict[tuple[str, int], Page]:
        """Return what becomes of each form, by its verb and number of arguments."""
        return {("edit", 2): self.changed}

    async def organize(self, asked: Asked) -> View:
        """The organizers' menu."""
        await self._office.require(asked, Act.SEE)
        office = self._office
        return organizing.organize_menu(
            *(
                office.action(verb, asked.place)
                for verb in ("poll", "petition", "box", "interest", "membership")
            ),
            reminders=casework.reminders(
                office.gate.cases(), scene=office.scene, now=office.clock.now()
            ),
        )

    async def ask(self, asked: Asked) -> View:
        """The author asks for a second organizer."""
        office = self._office
        async with office.lock:
            author = await office.require(asked, Act.DRAFT)
            drive = office.desk.ask(author.tag, office.draft(asked))
            await office.commit([SaveDrive(drive=drive)], NothingToConfirm)
        return organizing.waiting(drive, draft_ends_at(drive), office.scene)

    async def start(self, asked: Asked) -> View:
        """A poll starts, by another organizer, or by its author if alone."""
        office = self._office
        async with office.lock:
            organizer = await office.require(asked, Act.CONFIRM)
            drive = office.draft(asked)
            await office.desk.check_start(organizer.tag, drive)
            await office.check_audience(
                drive.terms.places,
                guests=drive.terms.guests,
                compares=drive.terms.has_result,
            )
            await office.gate.begin(drive)
        await office.gate.settle()
        return organizing.started(office.gate.drive(drive.name) or drive)

    async def cancel(self, asked: Asked) -> View:
        """The author drops a draft."""
        office = self._office
        async with office.lock:
            drive = await self._own_draft(asked)
            await office.commit([DropDrive(drive_id=drive.drive_id)], NothingToConfirm)
        return cards.notice(organizer_text.DROPPED)

    async def again(self, asked: Asked) -> View:
        """The author drops a draft and begins anew with the same words."""
        office = self._office
        async with office.lock:
            drive = await self._own_draft(asked)
            await office.commit([DropDrive(drive_id=drive.drive_id)], NothingToConfirm)
        return self._form(drive)

    async def change(self, asked: Asked) -> View:
        """The form of a draft once more; a list of its parts where it has several."""
        drive = await self._own_draft(asked)
        form = self._form(drive)
        parts = changing.parts_of(form, self._office.scene)
        if len(parts) > 1 and len(asked.arguments) == _DRAFT_ARGUMENTS:
            return changing.choose_part(drive, parts)
        last = asked.arguments[-1] if len(asked.arguments) > _DRAFT_ARGUMENTS else "0"
        if last not in map(str, range(len(parts))):
            raise MessageTooOld
        return changing.change_form(drive, form, parts[int(last)])

    async def changed(self, asked: Asked) -> View:
        """A draft was changed: what stood in none of the form's fields stays."""
        drive = await self._own_draft(asked)
        pages = self._pages(drive)
        before = {field.name: field.value for field in pages.form_of(drive).fields}
        whole = replace(asked, fields=before | dict(asked.fields), draft=drive)
        return await pages.draft(whole)

    async def later(self, asked: Asked) -> View:
        """Nothing is done now, and what waits goes on waiting."""
        await self._office.require(asked, Act.SEE)
        return cards.notice(organizer_text.LEFT_ALONE)

    async def ask_close(self, asked: Asked) -> View:
        """What closing early means, or a list to choose the poll from."""
        office = self._office
        await office.require(asked, Act.CLOSE)
        drives = [each for each in office.gate.drives() if each.state is State.OPEN]
        if asked.name:
            drives = [office.drive(asked)]
        if not drives:
            return cards.notice(organizer_text.NOTHING_TO_CLOSE)
        if len(drives) > 1:
            return cards.choose(
                organizer_text.WHICH_CLOSE,
                drives,
                verb="closing",
                label=text.CLOSE_EARLY,
            )
        if drives[0].state is not State.OPEN:
            raise CannotClose
        return organizing.confirm_close(
            drives[0],
            f"close:{drives[0].name}",
            proposed=False,
            second=not await office.desk.is_alone(),
        )

    async def close(self, asked: Asked) -> View:
        """A poll ends now, or waits for another organizer to agree."""
        office = self._office
        async with office.lock:
            organizer = await office.require(asked, Act.CLOSE)
            drive = office.drive(asked)
            decision = await office.desk.close(organizer.tag, drive)
            if decision.now:
                await office.gate.close_early(drive, decision.changes)
            else:
                await office.commit(decision.changes, NothingToConfirm)
        if decision.now:
            await office.gate.settle()
            return cards.notice(organizer_text.CLOSED_NOW)
        expires_at = office.clock.now() + PROPOSAL_SECONDS_MAX
        return organizing.proposed(expires_at, office.scene)

    # Private -----------------------------------------------------------------

    async def _own_draft(self, asked: Asked) -> Drive:
        author = await self._office.require(asked, Act.DRAFT)
        drive = self._office.draft(asked)
        self._office.desk.check_drop(author.tag, drive)
        return drive

    def _form(self, drive: Drive) -> Form:
        """Return the form that leads to a draft, where the draft is."""
        return changing.at_its_place(self._pages(drive).form_of(drive), drive)

    def _pages(self, drive: Drive) -> Drafts:
        return self._kinds[type(drive.terms)]
