"""What organizers read about a petition before they decide on it (pure)."""

from bot.core.details import Detail
from bot.core.petitions import Collects, PetitionTerms
from bot.core.records import Drive
from bot.core.slots import Schedule
from bot.views import (
    confirmation_text,
    member_text,
    organizer_text,
    petition_text,
)
from bot.views.names import quoted
from bot.views.petition_words import words_of
from bot.views.petitions import addressed_to, promise, title_and_text
from bot.views.posts import places_of
from bot.views.times import moment
from bot.views.widgets import Line


def decided(drive: Drive) -> list[Line]:
    """Return what another organizer decides on, as the post will say it."""
    terms = drive.petition
    return [*title_and_text(terms), *addressed_to(terms), Line(text=promise(drive))]


def draft_facts(drive: Drive, schedule: Schedule) -> list[Line]:
    """Return what the post does not say, or not as clearly."""
    terms, words = drive.petition, words_of(drive.petition)
    said = words.facts.format(
        name=terms.name,
        place=places_of(terms),
        people=f"{terms.audience:,}",
        closes=moment(schedule.closes_at),
        asked=_asked_words(terms),
    )
    lines = [Line(text=said), *_told(terms), *_interest(terms)]
    if terms.ends_at_threshold:
        ends = words.ends_early.format(threshold=f"{terms.threshold:,}")
        lines.append(Line(text=ends))
    if terms.guests:
        lines.append(Line(text=organizer_text.GUESTS_TOO))
    return lines


def _told(terms: PetitionTerms) -> list[Line]:
    """Return what the organizers themselves say, and nobody checks."""
    lines: list[Line] = []
    if terms.people:
        told = petition_text.FACTS_PEOPLE.format(people=f"{terms.people:,}")
        lines.append(Line(text=told))
    if terms.link:
        lines.append(Line(text=member_text.FACTS_LINK, link=terms.link))
    if terms.trustees:
        line = terms.trustees.line()
        lines.append(Line(text=petition_text.FACTS_HOLDERS.format(line=line)))
    return lines


def _interest(terms: PetitionTerms) -> list[Line]:
    """Return what a showing of interest has besides."""
    if terms.collects is not Collects.INTEREST:
        return []
    offered = confirmation_text.OFFERED
    if not terms.confirms:
        offered = confirmation_text.OFFERED_NOT
    sealed = [quoted(each) for each in (terms.employer, terms.language) if each]
    said = petition_text.FACTS_SEALED.format(details=", ".join(sealed))
    return [Line(text=offered), *([Line(text=said)] if sealed else [])]


def _asked_words(terms: PetitionTerms) -> str:
    if not terms.has_names:
        return petition_text.NO_NAMES
    if not terms.asks:
        return petition_text.NOTHING_ASKED
    return ", ".join(each.value for each in (Detail.NAME, *terms.asks))
