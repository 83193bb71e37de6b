"""How far a petition is, and how it ended, in words and as a bar (pure).

Before the close all of it is made of the floor, which moves in steps and at counts
only (publication.md, R0 and R7). What it is measured against is no secret.
"""

from bot.core.petition_files import decode_petition_certificate
from bot.core.petitions import COUNT_SHOWN_MIN, PetitionTerms
from bot.core.publication import turnout_step
from bot.core.records import Drive
from bot.views import petition_text
from bot.views.names import quoted
from bot.views.petition_words import words_of
from bot.views.posts import closes_of
from bot.views.scene import Scene
from bot.views.times import moment
from bot.views.widgets import Chart, Goal, Line, Look

SIGNATURE_BYTES = 64


def progress(drive: Drive, next_count: int) -> str:
    """Return how far a petition is, in steps and at counts only (R0, R7)."""
    terms = drive.petition
    words = words_of(terms)
    if drive.floor >= terms.threshold:
        return words.reached.format(
            threshold=f"{terms.threshold:,}",
            people=people_of(terms, drive.floor),
            closes=moment(closes_of(drive)),
        )
    if not drive.floor:
        return petition_text.NO_FLOOR.format(next_count=moment(next_count))
    return words.floor.format(
        people=people_of(terms, drive.floor),
        threshold=f"{terms.threshold:,}",
        step=turnout_step(drive.floor),
        next_count=moment(next_count),
    )


def goal(drive: Drive) -> list[Chart]:
    """Return the picture of how far it is, once there is a number to show."""
    threshold = drive.petition.threshold
    if not drive.floor:
        return []
    reached = min(drive.floor, threshold)
    alt_text = words_of(drive.petition).goal_alt.format(
        floor=f"{reached:,}",
        threshold=f"{threshold:,}",
        people=people_of(drive.petition, drive.floor),
    )
    people = drive.petition.could_sign if is_known(drive.petition, reached) else 0
    shown = Goal(reached=reached, wanted=threshold, people=people)
    return [Chart(shown=shown, alt_text=alt_text)]


def audience_words(drive: Drive) -> str:
    """Return until when people can sign, and of how many where no count said it.

    A number that organizers told stands there as theirs at each count too.
    """
    closes = moment(closes_of(drive))
    told = drive.petition.people
    if drive.floor and is_known(drive.petition, drive.floor) and not told:
        return petition_text.OPEN_UNTIL.format(closes=closes)
    said = words_of(drive.petition)
    words = said.audience_told if told else said.audience
    people = f"{drive.petition.could_sign:,}"
    return words.format(people=people, closes=closes)


def people_of(terms: PetitionTerms, count: int) -> str:
    """Return `count` people, of how many who can sign where that is known."""
    words = petition_text.PEOPLE
    if is_known(terms, count):
        words = petition_text.PEOPLE_OF
    return words.format(count=f"{count:,}", people=f"{terms.could_sign:,}")


def is_known(terms: PetitionTerms, count: int) -> bool:
    """Tell whether it is known of how many `count` are: who came later is not in it."""
    return 0 < count <= terms.could_sign


def legal_lines(drive: Drive, scene: Scene) -> list[Line]:
    """Return the lines that laws draw; only the floor says whether one is reached."""
    shown: list[Line] = []
    for line in scene.legal_lines:
        people = drive.petition.could_sign
        needed = line.people(people)
        words = petition_text.LEGAL.format(
            percent=line.percent,
            people=f"{people:,}",
            needed=f"{needed:,}",
            words=quoted(line.words),
        )
        if 0 < needed <= drive.floor:
            reached = words_of(drive.petition).legal_reached
            words += reached.format(needed=f"{needed:,}")
        rule = petition_text.LEGAL_RULE.format(since=line.since)
        shown.append(Line(text=f"{words} {rule}", link=line.link))
    if shown:
        shown.append(Line(text=petition_text.LEGAL_NOTE, look=Look.NOTE))
    return shown


def result_words(drive: Drive) -> list[str]:
    """Return how a petition ended: the count where the certificate says it."""
    terms, title, count = drive.petition, quoted(drive.title), signed_count(drive)
    words = words_of(terms)
    if count is not None and count >= terms.threshold:
        return [
            words.reached_at_end.format(title=title, people=people_of(terms, count))
        ]
    signed = words.failed_few.format(people=people_of(terms, COUNT_SHOWN_MIN))
    if count is not None:
        signed = words.failed_count.format(people=people_of(terms, count))
    failed = words.failed.format(
        title=title, threshold=f"{terms.threshold:,}", signed=signed
    )
    if terms.trustees is None:
        return [failed, words.again]
    destroyed = petition_text.DESTROYED.format(**holders_of(terms))
    return [failed, destroyed, words.again]


def signed_count(drive: Drive) -> int | None:
    """Return how many people signed, where the certificate says so (R7)."""
    if not drive.certificate:
        return None
    return decode_petition_certificate(drive.certificate[SIGNATURE_BYTES:]).count


def holders_of(terms: PetitionTerms) -> dict[str, int]:
    """Return how many key holders there are, and how many of them are needed."""
    trustees = terms.trustees
    if trustees is None:
        return {"needed": 0, "holders": 0}
    return {"needed": trustees.needed, "holders": trustees.count}
