"""When slots begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.slots import (
    DAY,
    HOUR,
    SLOTS_EXTENDED_MAX,
    SLOTS_MAX,
    Schedule,
    poll_schedule,
)
from tests.core.lunch import NOON, schedules


def test_poll_has_slots_of_a_day() -> None:
    """A poll of two days and a half has three slots, the last one shorter."""
    schedule = poll_schedule(NOON, NOON + 2 * DAY + DAY // 2)

    assert schedule.count == 3
    assert [schedule.ends_at(slot) - NOON for slot in range(3)] == [
        DAY,
        2 * DAY,
        2 * DAY + DAY // 2,
    ]


def test_short_poll_has_one_slot() -> None:
    """A poll of an hour is one slot of an hour."""
    schedule = poll_schedule(NOON, NOON + HOUR)

    assert (schedule.count, schedule.slot_seconds) == (1, HOUR)
    assert schedule.ends_at(0) == NOON + HOUR


@given(schedules(), st.data())
def test_every_second_has_one_slot(schedule: Schedule, data: st.DataObject) -> None:
    """Slots follow each other without a gap, and none is empty."""
    second = data.draw(st.integers(schedule.opens_at, schedule.closes_at - 1))
    slot = schedule.slot_at(second)
    begins = schedule.ends_at(slot - 1) if slot else schedule.opens_at

    assert schedule.first_slot <= slot <= schedule.last_slot
    assert begins <= second < schedule.ends_at(slot)


@given(schedules())
def test_last_slot_ends_at_the_close(schedule: Schedule) -> None:
    """The closing time ends the last slot, also a shorter one."""
    assert schedule.ends_at(schedule.last_slot) == schedule.closes_at
    assert schedule.slot_at(schedule.closes_at - 1) == schedule.last_slot


@given(schedules(), st.integers(-DAY, 30 * DAY))
def test_extension_is_as_long_and_numbered_on(schedule: Schedule, late: int) -> None:
    """The extension begins when it opens, in full, and no slot number comes twice."""
    extended = schedule.extended(schedule.closes_at + late)

    assert extended.opens_at == schedule.closes_at + max(late, 0)
    assert extended.closes_at - extended.opens_at == (
        schedule.closes_at - schedule.opens_at
    )
    assert extended.first_slot == schedule.last_slot + 1
    assert extended.slot_at(extended.opens_at) == extended.first_slot
    assert extended.last_slot + 1 == 2 * schedule.count <= SLOTS_EXTENDED_MAX


@pytest.mark.parametrize(
    ("seconds", "slot_seconds"),
    [(0, DAY), (-1, DAY), (DAY, 0), (DAY, -1), (SLOTS_MAX * DAY + 1, DAY)],
)
def test_schedule_that_cannot_be(seconds: int, slot_seconds: int) -> None:
    """A schedule has a length, slots have one, and there are at most 400."""
    with pytest.raises(ValueError, match="a schedule"):
        Schedule(opens_at=NOON, closes_at=NOON + seconds, slot_seconds=slot_seconds)


def test_schedule_of_400_slots() -> None:
    """400 slots are allowed."""
    schedule = poll_schedule(NOON, NOON + SLOTS_MAX * DAY)

    assert schedule.count == SLOTS_MAX
