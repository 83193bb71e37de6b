"""Organizers' pages that make a petition; all else goes as with any drive."""

from dataclasses import dataclass
from functools import partial
from typing import Protocol

from bot.core.errors import SpanWrong
from bot.core.petitions import Collects, PetitionTerms
from bot.core.polls import Span, quoted_words, read_span
from bot.core.records import Drive
from bot.core.roles import Act
from bot.core.signing_forms import (
    CONFIRMATION,
    ENDS,
    LENGTH_DEFAULT,
    PetitionForm,
    read_petition,
    typed_title,
)
from bot.core.slots import DAY, SLOTS_MAX
from bot.router.asked import Asked, Page, View
from bot.router.office import Office, span_of
from bot.views import petition_forms
from bot.views.scene import Scene
from bot.views.widgets import Form

# All slot keys are made at the start: 400 slots of six hours.
SECONDS_MAX = SLOTS_MAX * PetitionTerms.slot_seconds


class _Form(Protocol):
    def __call__(self, form: str, scene: Scene, *, value: PetitionForm) -> Form:
        """Return the form with `value` filled in; `form` is its id."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to make a petition: the word for it, its form, what it is always for.

    `quoted` are the fields that words in quotes behind the command fill in.
    """

    verb: str
    form: _Form
    kind: str = ""
    quoted: tuple[str, ...] = ("text", "threshold")


WAYS = (
    Way(verb="petition", form=petition_forms.petition_form),
    Way(
        verb="interest",
        form=petition_forms.interest_form,
        kind=Collects.INTEREST.value,
    ),
    Way(
        verb="membership",
        form=petition_forms.meter_form,
        kind=Collects.MEMBERSHIP.value,
        quoted=("text", "link", "threshold"),
    ),
)


class PetitionPages:
    """Answers organizers who make a petition."""

    def __init__(self, office: Office) -> None:
        """Join the parts."""
        self._office = office

    def commands(self) -> dict[str, Page]:
        """Return the page of each word that may stand behind the root command."""
        return {way.verb: partial(self.new_petition, way) for way in WAYS}

    def actions(self) -> dict[tuple[str, int], Page]:
        """Return the page of each button, by its verb and number of arguments."""
        return {
            (way.verb, count): partial(self.new_petition, way)
            for way in WAYS
            for count in (0, 1)
        }

    def forms(self) -> dict[tuple[str, int], Page]:
        """Return what becomes of each form, by its verb and number of arguments."""
        return {
            (way.verb, count): partial(self._draft, way)
            for way in WAYS
            for count in (0, 1)
        }

    async def new_petition(self, way: Way, asked: Asked) -> View:
        """The form of a new petition, with quoted words filled in."""
        await self._office.require(asked, Act.DRAFT)
        place = asked.name if asked.pressed else asked.place
        words = dict(zip(way.quoted, quoted_words(asked.words), strict=False))
        value = PetitionForm(
            text=words.get("text", ""),
            threshold=words.get("threshold", ""),
            link=words.get("link", ""),
        )
        return self._form(way, place, value)

    async def draft(self, asked: Asked) -> View:
        """A draft was changed: the new one, and how the channel would see it."""
        assert asked.draft is not None
        return await self._draft(_way_of(asked.draft), asked)

    def form_of(self, drive: Drive) -> Form:
        """Return the form that leads to this draft."""
        terms = drive.petition
        value = PetitionForm(
            title=typed_title(terms),
            text=terms.text,
            addressee=terms.addressee,
            threshold=str(terms.threshold),
            kind=terms.collects.value,
            ask=tuple(each.value for each in terms.asks),
            trustees=terms.trustees.line() if terms.trustees else "",
            employer=terms.employer,
            language=terms.language,
            people=str(terms.people or ""),
            link=terms.link,
            confirmation=CONFIRMATION[terms.confirms],
            ends=ENDS[terms.ends_at_threshold],
            closes=span_of(drive).typed,
            audience="guests" if terms.guests else "members",
            name=terms.name,
        )
        return self._form(_way_of(drive), terms.places[0], value)

    def _form(self, way: Way, place: str, value: PetitionForm) -> Form:
        """Return the form of a petition; its id carries the channel."""
        office = self._office
        action = office.action(way.verb, place)
        return way.form(action, office.scene, value=value)

    async def _draft(self, way: Way, asked: Asked) -> View:
        """The form was sent: a draft, and how the channel would see it."""
        office = self._office
        form = PetitionForm(
            title=asked.text("title"),
            text=asked.text("text"),
            addressee=asked.text("addressee"),
            threshold=asked.text("threshold"),
            kind=way.kind or asked.text("kind"),
            ask=asked.texts("ask"),
            trustees=asked.text("trustees"),
            employer=asked.text("employer"),
            language=asked.text("language"),
            people=asked.text("people"),
            link=asked.text("link"),
            confirmation=asked.text("confirmation"),
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


def _way_of(drive: Drive) -> Way:
    kind = drive.petition.collects.value
    return next((way for way in WAYS if way.kind == kind), WAYS[0])


def _span(closes: str, now: int) -> Span:
    """Return how long a petition is open: a manifest holds so many slots, no more."""
    span = read_span(closes or LENGTH_DEFAULT, now)
    if (span.length or span.closes_at - now) > SECONDS_MAX:
        most = f"{SECONDS_MAX // DAY}d"
        raise SpanWrong(label="closes", example="30d", least="1m", most=most)
    return span
