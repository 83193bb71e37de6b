"""What organizers read about a petition before they decide on it (pure)."""

from bot.core.details import Detail
from bot.core.petitions import Collects, PetitionTerms
from bot.core.records import Drive
from bot.core.slots import Schedule
from bot.views import confirmation_text, member_text, petition_text, text
from bot.views.petition_words import words_of
from bot.views.petitions import title_and_text
from bot.views.posts import places_of
from bot.views.times import moment
from bot.views.widgets import Line


def decided(drive: Drive) -> list[Line]:
    """Return what another organizer decides on: title, text, and where people join."""
    return title_and_text(drive.petition)


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
    lines = [Line(text=said)]
    if terms.people:
        told = petition_text.FACTS_PEOPLE.format(people=f"{terms.people:,}")
        lines.append(Line(text=told))
    if terms.link:
        lines.append(Line(text=member_text.FACTS_LINK, link=terms.link))
    if terms.collects is Collects.INTEREST:
        offered = confirmation_text.OFFERED
        if not terms.confirms:
            offered = confirmation_text.OFFERED_NOT
        lines.append(Line(text=offered))
    if terms.ends_at_threshold:
        ends = words.ends_early.format(threshold=f"{terms.threshold:,}")
        lines.append(Line(text=ends))
    if terms.guests:
        lines.append(Line(text=text.GUESTS_TOO))
    return lines


def _asked_words(terms: PetitionTerms) -> str:
    if not terms.has_names:
        return petition_text.NO_NAMES
    if not terms.asks:
        return petition_text.NOTHING_ASKED
    return ", ".join(each.value for each in (Detail.NAME, *terms.asks))
