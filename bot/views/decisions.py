"""What organizers read about each kind of drive before they decide on it (pure)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from bot.core.petitions import Collects, PetitionTerms
from bot.core.polls import sample_result
from bot.core.records import Drive
from bot.core.slots import DAY, Schedule
from bot.core.tallies import Choice
from bot.core.terms import BoxTerms, PollTerms
from bot.views import (
    boxes,
    member_text,
    organizer_text,
    petition_drafts,
    petition_text,
    petitions,
    report_text,
    results,
)
from bot.views.names import quoted
from bot.views.posts import closes_of, open_blocks, places_of
from bot.views.scene import Scene
from bot.views.times import length, moment
from bot.views.widgets import Block, Line, Look

# Below this many people the preview says what the rules cannot hide.
SMALL_GROUP_MAX = 24


class _OpenBlocks(Protocol):
    def __call__(
        self, drive: Drive, *, next_count: int, scene: Scene
    ) -> tuple[Block, ...]:
        """Return the post of an open drive."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What organizers read about one kind of drive before they decide."""

    open_blocks: _OpenBlocks
    facts: Callable[[Drive, Schedule], list[Line]]
    decided: Callable[[Drive], list[Line]]
    frozen: str
    fair: str
    confirm: str
    waits: str
    started: str
    close: str


def decision_on(drive: Drive) -> Decision:
    """Return what is decided on a drive of this kind, and in which words."""
    if isinstance(drive.terms, PetitionTerms):
        return _PETITIONS[drive.terms.collects]
    return _KINDS[type(drive.terms)]


def _decided(drive: Drive) -> list[Line]:
    terms = drive.poll
    options = " · ".join(map(quoted, terms.options))
    words = organizer_text.CONFIRM_TERMS.format(
        question=quoted(terms.question), options=options
    )
    many = terms.choice is Choice.MULTI
    return [
        Line(text=words),
        Line(text=organizer_text.CONFIRM_MANY if many else organizer_text.CONFIRM_ONE),
    ]


def _box_decided(drive: Drive) -> list[Line]:
    return [Line(text=quoted(drive.title), look=Look.HEADING)]


def _box_facts(drive: Drive, schedule: Schedule) -> list[Line]:
    terms = drive.box
    said = report_text.BOX_FACTS.format(
        name=terms.name,
        place=places_of(terms),
        people=terms.audience,
        categories=", ".join(map(quoted, terms.categories)),
        severities=", ".join(map(quoted, terms.severities)),
        every=length(schedule.slot_seconds),
        keep=length(terms.retention_seconds),
        closes=moment(schedule.closes_at),
    )
    lines = [Line(text=said)]
    if terms.digest:
        lines.append(Line(text=report_text.BOX_DIGEST.format(place=terms.digest)))
    if terms.areas:
        areas = ", ".join(map(quoted, terms.areas))
        lines.append(Line(text=report_text.BOX_AREAS.format(areas=areas)))
    if terms.guests:
        lines.append(Line(text=organizer_text.GUESTS_TOO))
    return lines


def _facts(drive: Drive, schedule: Schedule) -> list[Line]:
    terms = drive.poll
    once = schedule.count == 1
    words = (
        organizer_text.PREVIEW_FACTS
        if drive.length
        else organizer_text.PREVIEW_FACTS_DATE
    )
    said = words.format(
        name=terms.name,
        place=places_of(terms),
        people=terms.audience,
        length=length(drive.length or DAY),
        closes=moment(closes_of(drive) or schedule.closes_at),
        counted=organizer_text.COUNTED_ONCE if once else organizer_text.COUNTED_DAILY,
    )
    return [Line(text=said), *_more_terms(terms), *_sample(terms)]


def _more_terms(terms: PollTerms) -> list[Line]:
    said: list[str] = []
    if terms.guests:
        said.append(organizer_text.GUESTS_TOO)
    if terms.extend:
        said.append(organizer_text.EXTENDS_ONCE.format(least=terms.rules.answers_min))
    if terms.segments:
        groups = ", ".join(map(quoted, terms.segments))
        said.append(organizer_text.GROUPS_ASKED.format(groups=groups))
    return [Line(text="\n".join(said))] if said else []


def _sample(terms: PollTerms) -> list[Line]:
    people = terms.audience
    lines: list[Line] = []
    sample = sample_result(terms)
    if sample is not None:
        title = organizer_text.SAMPLE.format(people=people)
        lines.append(Line(text=f"{title}\n{results.in_one_line(sample)}"))
    if people <= SMALL_GROUP_MAX:
        least = terms.rules.answers_min
        lines.append(
            Line(text=organizer_text.SMALL_GROUP.format(people=people, least=least))
        )
    return lines


_KINDS: dict[type, Decision] = {
    PollTerms: Decision(
        open_blocks=open_blocks,
        facts=_facts,
        decided=_decided,
        frozen=organizer_text.FROZEN,
        fair=organizer_text.FAIR,
        confirm=organizer_text.CONFIRM_START,
        waits=organizer_text.CONFIRM_DRIVE,
        started=organizer_text.STARTED,
        close=organizer_text.CLOSE_WORDS,
    ),
    BoxTerms: Decision(
        open_blocks=boxes.open_blocks,
        facts=_box_facts,
        decided=_box_decided,
        frozen=report_text.BOX_FROZEN,
        fair=report_text.BOX_FAIR,
        confirm=report_text.BOX_CONFIRM,
        waits=report_text.BOX_WAITS,
        started=report_text.BOX_STARTED,
        close=report_text.BOX_CLOSE_WORDS,
    ),
}
_NAMES = Decision(
    open_blocks=petitions.open_blocks,
    facts=petition_drafts.draft_facts,
    decided=petition_drafts.decided,
    frozen=petition_text.FROZEN,
    fair=petition_text.FAIR,
    confirm=petition_text.CONFIRM,
    waits=petition_text.WAITS,
    started=petition_text.STARTED,
    close=petition_text.CLOSE_WORDS,
)
_COUNT = replace(
    _NAMES, frozen=petition_text.FROZEN_COUNT, close=member_text.CLOSE_WORDS
)
_PETITIONS = {
    Collects.NAMES: _NAMES,
    Collects.INTEREST: _NAMES,
    Collects.COUNT: _COUNT,
    Collects.MEMBERSHIP: replace(
        _COUNT,
        frozen=member_text.FROZEN,
        fair=member_text.FAIR,
        confirm=member_text.CONFIRM,
        waits=member_text.WAITS,
        started=member_text.STARTED,
    ),
}
