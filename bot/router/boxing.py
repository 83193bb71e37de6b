"""Organizers' pages that make a report box; all else goes as with any drive."""

from functools import partial

from bot.core.boxes import CLOSES_DEFAULT, BoxForm, read_box, span_text
from bot.core.errors import SpanWrong
from bot.core.polls import Span, read_span
from bot.core.records import Drive
from bot.core.roles import Act
from bot.core.slots import DAY, SLOTS_MAX
from bot.core.terms import BoxTerms
from bot.router.asked import Asked, Page, View
from bot.router.office import Office, span_of
from bot.views import forms, report_text
from bot.views.widgets import Form

_YEAR = 365 * DAY


class BoxPages:
    """Answers organizers who make a report box."""

    def __init__(self, office: Office) -> None:
        """Join the parts."""
        self._office = office

    def commands(self) -> dict[str, Page]:
        """Return the page of each word that may stand behind the root command."""
        return {"box": self.new_box}

    def actions(self) -> dict[tuple[str, int], Page]:
        """Return the page of each button, by its verb and number of arguments."""
        return {("box", 0): self.new_box, ("box", 1): self.new_box}

    def forms(self) -> dict[tuple[str, int], Page]:
        """Return what becomes of each form, by its verb and number of arguments."""
        return {("box", 0): self.draft, ("box", 1): self.draft}

    async def new_box(self, asked: Asked) -> View:
        """The form of a new report box, with a box's usual words in it."""
        office = self._office
        await office.require(asked, Act.DRAFT)
        place = asked.name if asked.pressed else asked.place
        return self._form(place, _usual())

    async def draft(self, asked: Asked) -> View:
        """The form was sent: a draft, and how the channel would see it."""
        office = self._office
        form = BoxForm(
            name=asked.text("name"),
            categories=asked.text("categories"),
            severities=asked.text("severities"),
            areas=asked.text("areas"),
            every=asked.text("every"),
            keep=asked.text("keep"),
            closes=asked.text("closes"),
            audience=asked.text("audience"),
            digest=office.place(asked.text("digest")),
        )
        return await office.keep_draft(
            asked,
            partial(read_box, form, report_text.DEFAULTS),
            lambda terms: _span(form.closes, terms, office.clock.now()),
            audience=form.audience,
            compares=False,
        )

    def form_of(self, drive: Drive) -> Form:
        """Return the form that leads to this draft."""
        terms = drive.box
        span = span_of(drive)
        value = BoxForm(
            name=terms.title,
            categories="\n".join(terms.categories),
            severities="\n".join(terms.severities),
            areas="\n".join(terms.areas),
            every=span_text(terms.slot_seconds),
            keep=span_text(terms.retention_seconds),
            closes=CLOSES_DEFAULT if span == _longest(terms) else span.typed,
            audience="guests" if terms.guests else "members",
            digest=terms.digest,
        )
        return self._form(terms.places[0], value)

    def _form(self, place: str, value: BoxForm) -> Form:
        office = self._office
        return forms.box_form(office.action("box", place), office.scene, value=value)


def _usual() -> BoxForm:
    defaults = report_text.DEFAULTS
    return BoxForm(
        name=defaults.title,
        categories="\n".join(defaults.categories),
        severities="\n".join(defaults.severities),
        closes=CLOSES_DEFAULT,
    )


def _span(closes: str, terms: BoxTerms, now: int) -> Span:
    """Return how long a box is open: a manifest holds so many slots and no more."""
    if not closes.strip() or closes.strip() == CLOSES_DEFAULT:
        return _longest(terms)
    most = SLOTS_MAX * terms.slot_seconds
    span = read_span(closes, now)
    if (span.length or span.closes_at - now) > most:
        raise SpanWrong(label="closes", example="90d", least="1m", most=span_text(most))
    return span


def _longest(terms: BoxTerms) -> Span:
    """Return how long a box is open if nobody says it."""
    return Span(length=min(_YEAR, SLOTS_MAX * terms.slot_seconds))
