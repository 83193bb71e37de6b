"""Organizers' pages about polls: make one, look at it, start, close early."""

from functools import partial

from bot.core.drives import State
from bot.core.errors import CannotClose, NothingToConfirm
from bot.core.petitions import PetitionTerms
from bot.core.polls import (
    PollForm,
    quoted_words,
    read_span,
    read_terms,
)
from bot.core.records import Drive, DropDrive, SaveDrive
from bot.core.roles import Act
from bot.core.terms import BoxTerms
from bot.router.asked import Asked, Page, View
from bot.router.boxing import BoxPages
from bot.router.office import Office
from bot.router.petitioning import PetitionPages
from bot.schedule import PROPOSAL_SECONDS_MAX, draft_ends_at
from bot.views import cards, casework, forms, organizing, text
from bot.views.widgets import Form


class DraftPages:
    """Answers organizers who make, start and close polls."""

    def __init__(
        self, office: Office, boxes: BoxPages, petitions: PetitionPages
    ) -> None:
        """Join the parts."""
        self._office = office
        self._boxes = boxes
        self._petitions = petitions

    def commands(self) -> dict[str, Page]:
        """Return the page of each word that may stand behind the root command."""
        return {
            "organize": self.organize,
            "poll": self.new_poll,
            "close": self.ask_close,
        }

    def actions(self) -> dict[tuple[str, int], Page]:
        """Return the page of each button, by its verb and number of arguments."""
        return {
            ("poll", 0): self.new_poll,
            ("poll", 1): self.new_poll,
            ("start", 2): self.start,
            ("ask", 2): self.ask,
            ("cancel", 2): self.cancel,
            ("again", 2): self.again,
            ("later", 0): self.later,
            ("closing", 0): self.ask_close,
            ("closing", 1): self.ask_close,
            ("close", 1): self.close,
        }

    def forms(self) -> dict[tuple[str, int], Page]:
        """Return what becomes of each form, by its verb and number of arguments."""
        return {("poll", 0): self.draft, ("poll", 1): self.draft}

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

    async def new_poll(self, asked: Asked) -> View:
        """The form of a new poll, with quoted words filled in."""
        await self._office.require(asked, Act.DRAFT)
        place = asked.name if asked.pressed else asked.place
        question, *options = quoted_words(asked.words) or ("",)
        value = PollForm(question=question, options="\n".join(options))
        return self._poll_form(place, value)

    async def draft(self, asked: Asked) -> View:
        """The form was sent: a draft, and how the channel would see it."""
        office = self._office
        form = PollForm(
            question=asked.text("question"),
            options=asked.text("options"),
            choice=asked.text("choice"),
            closes=asked.text("closes"),
            segments=asked.text("segments"),
            audience=asked.text("audience"),
            extend=asked.is_checked("extend"),
            name=asked.text("name"),
        )
        return await office.keep_draft(
            asked,
            partial(read_terms, form),
            lambda _: read_span(form.closes, office.clock.now()),
            audience=form.audience,
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
        await self._drop(asked)
        return cards.notice(text.DROPPED)

    async def again(self, asked: Asked) -> View:
        """The author drops a draft and begins anew with the same words."""
        drive = await self._drop(asked)
        if isinstance(drive.terms, BoxTerms):
            return self._boxes.again(drive)
        if isinstance(drive.terms, PetitionTerms):
            return self._petitions.again(drive)
        terms = drive.poll
        value = PollForm(
            question=terms.question,
            options="\n".join(terms.options),
            choice=terms.choice.value,
            segments="\n".join(terms.segments),
            audience="guests" if terms.guests else "members",
            extend=terms.extend,
            name=terms.name,
        )
        return self._poll_form(terms.places[0], value)

    async def later(self, asked: Asked) -> View:
        """Nothing is done now, and what waits goes on waiting."""
        await self._office.require(asked, Act.SEE)
        return cards.notice(text.LEFT_ALONE)

    async def ask_close(self, asked: Asked) -> View:
        """What closing early means, or a list to choose the poll from."""
        office = self._office
        await office.require(asked, Act.CLOSE)
        drives = [each for each in office.gate.drives() if each.state is State.OPEN]
        if asked.name:
            drives = [office.drive(asked)]
        if not drives:
            return cards.notice(text.NOTHING_TO_CLOSE)
        if len(drives) > 1:
            return cards.choose(
                text.WHICH_CLOSE, drives, verb="closing", label=text.CLOSE_EARLY
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
            return cards.notice(text.CLOSED_NOW)
        expires_at = office.clock.now() + PROPOSAL_SECONDS_MAX
        return organizing.proposed(expires_at, office.scene)

    # Private -----------------------------------------------------------------

    async def _drop(self, asked: Asked) -> Drive:
        office = self._office
        async with office.lock:
            author = await office.require(asked, Act.DRAFT)
            drive = office.draft(asked)
            office.desk.check_drop(author.tag, drive)
            await office.commit([DropDrive(drive_id=drive.drive_id)], NothingToConfirm)
        return drive

    def _poll_form(self, place: str, value: PollForm) -> Form:
        return forms.poll_form(
            self._office.action("poll", place), self._office.scene, value=value
        )
