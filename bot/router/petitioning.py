"""Organizers' pages that make a petition; all else goes as with any drive."""

from functools import partial

from bot.core.errors import SpanWrong
from bot.core.petitions import PetitionTerms
from bot.core.polls import Span, read_span
from bot.core.records import Drive
from bot.core.roles import Act
from bot.core.signing_forms import ENDS, PetitionForm, read_petition
from bot.core.slots import DAY, SLOTS_MAX
from bot.router.asked import Asked, Page, View
from bot.router.office import Office
from bot.views import petitions

# All slot keys are made at the start: 400 slots of six hours.
SECONDS_MAX = SLOTS_MAX * PetitionTerms.slot_seconds


class PetitionPages:
    """Answers organizers who make a petition."""

    def __init__(self, office: Office) -> None:
        """Join the parts."""
        self._office = office

    def commands(self) -> dict[str, Page]:
        """Return the page of each word that may stand behind the root command."""
        return {"petition": self.new_petition}

    def actions(self) -> dict[tuple[str, int], Page]:
        """Return the page of each button, by its verb and number of arguments."""
        return {
            ("petition", 0): self.new_petition,
            ("petition", 1): self.new_petition,
        }

    def forms(self) -> dict[tuple[str, int], Page]:
        """Return what becomes of each form, by its verb and number of arguments."""
        return {("petition", 0): self.draft, ("petition", 1): self.draft}

    async def new_petition(self, asked: Asked) -> View:
        """The form of a new petition."""
        await self._office.require(asked, Act.DRAFT)
        place = asked.name if asked.pressed else asked.place
        return self.form(place, PetitionForm())

    async def draft(self, asked: Asked) -> View:
        """The form was sent: a draft, and how the channel would see it."""
        office = self._office
        form = PetitionForm(
            title=asked.text("title"),
            text=asked.text("text"),
            addressee=asked.text("addressee"),
            threshold=asked.text("threshold"),
            kind=asked.text("kind"),
            ask=asked.texts("ask"),
            trustees=asked.text("trustees"),
            employer=asked.text("employer"),
            language=asked.text("language"),
            ends=asked.text("ends"),
            closes=asked.text("closes"),
            audience=asked.text("audience"),
            name=asked.text("name"),
        )
        return await office.keep_draft(
            asked,
            partial(read_petition, form),
            lambda _: _span(form.closes, office.clock.now()),
            audience=form.audience,
        )

    def form(self, place: str, value: PetitionForm) -> View:
        """Return the form of a petition; its id carries the channel."""
        office = self._office
        action = office.action("petition", place)
        return petitions.petition_form(action, office.scene, value=value)

    def again(self, drive: Drive) -> View:
        """Return the form with the words of a draft that was dropped."""
        terms = drive.petition
        value = PetitionForm(
            title=terms.title,
            text=terms.text,
            addressee=terms.addressee,
            threshold=str(terms.threshold),
            kind=terms.collects.value,
            ask=tuple(each.value for each in terms.asks),
            trustees=terms.trustees.line() if terms.trustees else "",
            employer=terms.employer,
            language=terms.language,
            ends=ENDS[terms.ends_at_threshold],
            audience="guests" if terms.guests else "members",
            name=terms.name,
        )
        return self.form(terms.places[0], value)


def _span(closes: str, now: int) -> Span:
    """Return how long a petition is open: a manifest holds so many slots, no more."""
    span = read_span(closes or "30d", now)
    if (span.length or span.closes_at - now) > SECONDS_MAX:
        most = f"{SECONDS_MAX // DAY}d"
        raise SpanWrong(label="closes", example="30d", least="1m", most=most)
    return span
