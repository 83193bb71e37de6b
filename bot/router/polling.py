"""Organizers' pages that make a poll; all else goes as with any drive."""

from functools import partial

from bot.core.polls import PollForm, quoted_words, read_span, read_terms
from bot.core.records import Drive
from bot.core.roles import Act
from bot.router.asked import Asked, Page, View
from bot.router.office import Office, span_of
from bot.views import forms
from bot.views.widgets import Form


class PollPages:
    """Answers organizers who make a poll."""

    def __init__(self, office: Office) -> None:
        """Join the parts."""
        self._office = office

    def commands(self) -> dict[str, Page]:
        """Return the page of each word that may stand behind the root command."""
        return {"poll": self.new_poll}

    def actions(self) -> dict[tuple[str, int], Page]:
        """Return the page of each button, by its verb and number of arguments."""
        return {("poll", 0): self.new_poll, ("poll", 1): self.new_poll}

    def forms(self) -> dict[tuple[str, int], Page]:
        """Return what becomes of each form, by its verb and number of arguments."""
        return {("poll", 0): self.draft, ("poll", 1): self.draft}

    async def new_poll(self, asked: Asked) -> View:
        """The form of a new poll, with quoted words filled in."""
        await self._office.require(asked, Act.DRAFT)
        place = asked.name if asked.pressed else asked.place
        question, *options = quoted_words(asked.words) or ("",)
        value = PollForm(question=question, options="\n".join(options))
        return self._form(place, value)

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

    def form_of(self, drive: Drive) -> Form:
        """Return the form that leads to this draft."""
        terms = drive.poll
        value = PollForm(
            question=terms.question,
            options="\n".join(terms.options),
            choice=terms.choice.value,
            closes=span_of(drive).typed,
            segments="\n".join(terms.segments),
            audience="guests" if terms.guests else "members",
            extend=terms.extend,
            name=terms.name,
        )
        return self._form(terms.places[0], value)

    def _form(self, place: str, value: PollForm) -> Form:
        office = self._office
        return forms.poll_form(office.action("poll", place), office.scene, value=value)
