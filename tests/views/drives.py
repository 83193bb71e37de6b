"""Drives in every state, as the views meet them."""

from dataclasses import replace

from bot.core.board import EMPTY_HEAD
from bot.core.certificates import Certificate
from bot.core.drives import State
from bot.core.manifest import DriveId
from bot.core.publication import release_table
from bot.core.records import Drive, OrganizerTag
from bot.core.slots import Schedule, poll_schedule
from bot.core.tallies import (
    Choice,
    SegmentTally,
    empty_tally,
    tally_from_counts,
)
from bot.core.terms import PollTerms, Terms
from bot.views.scene import Scene

# 2026-11-24 12:00 UTC
NOON = 1_795_521_600
DAY = 24 * 60 * 60
WEEK: Schedule = poll_schedule(NOON, NOON + 7 * DAY)

CONSOLE = Scene(platform="console")
SLACK = Scene(platform="slack", owner="Acme", keeper="Robin's union")
DISCORD = Scene(platform="discord", owner="Sam", level=2)
SCENES = (CONSOLE, SLACK, DISCORD)

LUNCH = PollTerms(
    name="lunch",
    question="Should we ask for paid lunch breaks?",
    choice=Choice.SINGLE,
    options=("Yes", "No", "Unsure"),
    place="general",
    audience=60,
)
LONG = replace(
    LUNCH,
    name="x" * 24,
    question="Q" * 150,
    options=tuple("o" * 73 + f"{number:02}" for number in range(20)),
)
SCALE = replace(LUNCH, choice=Choice.SCALE, options=tuple(str(n) for n in range(1, 6)))
NPS = replace(LUNCH, choice=Choice.NPS, options=tuple(str(n) for n in range(11)))
MULTI = replace(LUNCH, choice=Choice.MULTI)
GROUPS = replace(LUNCH, segments=("Day", "Night"))
ALL_TERMS = (LUNCH, LONG, SCALE, NPS, MULTI, GROUPS)


def a_drive(terms: Terms = LUNCH, state: State = State.OPEN, floor: int = 0) -> Drive:
    """Return a drive as it is in this state."""
    started = state not in (State.DRAFT, State.AWAITING)
    return Drive(
        drive_id=DriveId(bytes(range(16))),
        state=state,
        terms=terms,
        author=OrganizerTag(b"" if started else b"a" * 32),
        drafted_at=NOON,
        length=7 * DAY,
        schedule=WEEK if started else None,
        floor=floor,
        manifest=b"the manifest" if started else b"",
    )


def published(
    terms: PollTerms,
    *cells: int,
    answers: int = 0,
    segments: tuple[SegmentTally, ...] = (),
) -> Drive:
    """Return a drive that published what the rules make of these counts."""
    empty = empty_tally(
        terms.choice, terms.options, segments=[part.label for part in segments]
    )
    tally = tally_from_counts(
        empty,
        answers=answers or sum(cells),
        cells=cells,
        segments=[(part.answers, part.cells) for part in segments],
    )
    released = release_table(tally, terms.rules)
    assert released is not None
    certificate = Certificate(
        manifest_digest=bytes(32), chain_head=EMPTY_HEAD, slots=1, released=released
    )
    drive = a_drive(terms, State.PUBLISHED)
    return replace(drive, certificate=bytes(64) + certificate.encode())
