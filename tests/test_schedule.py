"""When something is due: pure rules over records."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.drives import DRAFTS, State
from bot.core.records import OrganizerTag, Proposal, ProposalKind
from bot.core.slots import DAY, Schedule, poll_schedule
from bot.schedule import (
    DRAFT_SECONDS_MAX,
    INVITE_SECONDS_MAX,
    PROPOSAL_SECONDS_MAX,
    draft_ends_at,
    due_at,
    is_expired,
    slot_ends_at,
)
from tests.world import NOON, drafted, poll_terms

SCHEDULE = poll_schedule(NOON, NOON + 3 * DAY)
TIMELESS = set(State) - DRAFTS - {State.KEYED, State.OPEN}


@pytest.mark.parametrize("state", sorted(DRAFTS))
def test_draft_is_due_after_a_week(state: State) -> None:
    """A draft, confirmed by nobody, ends a week after it was made."""
    drive = replace(drafted(poll_terms()), state=state)

    assert due_at(drive) == draft_ends_at(drive) == NOON + DRAFT_SECONDS_MAX


def test_keyed_poll_is_due_at_its_opening() -> None:
    """A poll with keys waits for its opening time."""
    drive = replace(drafted(poll_terms()), state=State.KEYED, schedule=SCHEDULE)

    assert due_at(drive) == NOON


@pytest.mark.parametrize("slot", range(3))
def test_open_poll_is_due_at_its_slots_end(slot: int) -> None:
    """An open poll is due when its running slot ends."""
    drive = replace(
        drafted(poll_terms()), state=State.OPEN, schedule=SCHEDULE, next_slot=slot
    )

    assert due_at(drive) == slot_ends_at(drive) == NOON + (slot + 1) * DAY


@pytest.mark.parametrize("state", sorted(TIMELESS))
def test_time_changes_nothing_about_the_rest(state: State) -> None:
    """Polls that wait for the counter, or are over, have nothing due."""
    drive = replace(drafted(poll_terms()), state=state, schedule=SCHEDULE)

    assert due_at(drive) is None
    assert slot_ends_at(drive) is None


def test_poll_without_a_schedule_is_not_due() -> None:
    """A row that a fault left without its schedule wakes nobody."""
    for state in (State.KEYED, State.OPEN):
        assert due_at(replace(drafted(poll_terms()), state=state)) is None


@pytest.mark.parametrize(("early", "expired"), [(1, False), (0, True), (-1, True)])
def test_proposal_expires_at_its_second(early: int, expired: bool) -> None:  # noqa: FBT001
    """A proposal is gone from the second on that it names."""
    proposal = Proposal(
        proposal_id="p1",
        kind=ProposalKind.CLOSE,
        target=bytes(16),
        author=OrganizerTag(bytes(32)),
        expires_at=NOON + PROPOSAL_SECONDS_MAX,
    )

    assert is_expired(proposal, NOON + PROPOSAL_SECONDS_MAX - early) is expired
    assert INVITE_SECONDS_MAX == PROPOSAL_SECONDS_MAX


@given(st.integers(1, 400 * DAY), st.integers(0, 10**9))
def test_slots_of_a_poll_fill_its_time(length: int, opens_at: int) -> None:
    """Slots follow each other without a gap, the last one ends with the poll."""
    schedule = poll_schedule(opens_at, opens_at + length)
    ends = [schedule.ends_at(slot) for slot in range(schedule.count)]

    assert ends == sorted(set(ends))
    assert ends[-1] == schedule.closes_at
    for slot, end in enumerate(ends):
        assert schedule.slot_at(end - 1) == slot
        assert schedule.slot_at(end) == slot + 1 or end == schedule.closes_at


@given(st.integers(1, 400 * DAY))
def test_extension_is_as_long_again(length: int) -> None:
    """The one extension has the same length, and slots that are numbered on."""
    schedule = poll_schedule(NOON, NOON + length)
    more = schedule.extended(schedule.closes_at)

    assert more.opens_at == schedule.closes_at
    assert more.closes_at - more.opens_at == length
    assert more.first_slot == schedule.last_slot + 1
    assert more.count == schedule.count


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "seconds"),
    [(NOON, NOON, DAY), (NOON, NOON - 1, DAY), (NOON, NOON + DAY, 0)],
)
def test_schedule_without_a_length_is_refused(
    opens_at: int, closes_at: int, seconds: int
) -> None:
    """A schedule that exists has at least one second."""
    with pytest.raises(ValueError, match="length"):
        Schedule(opens_at=opens_at, closes_at=closes_at, slot_seconds=seconds)


def test_schedule_of_too_many_slots_is_refused() -> None:
    """All keys are made at the opening, so their number is bounded."""
    with pytest.raises(ValueError, match="too many"):
        poll_schedule(NOON, NOON + 401 * DAY)
