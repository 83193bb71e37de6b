"""When slots begin and end: pure arithmetic on a drive's schedule (protocol.md §5).

All times are whole seconds since 1970-01-01T00:00:00Z.
"""

from dataclasses import dataclass

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# One day for polls, or the whole drive where that is shorter (protocol.md §5).
POLL_SLOT_SECONDS = DAY
# All public halves are published at the opening, and one manifest stays readable.
SLOTS_MAX = 400
# A drive with its one extension has twice as many.
SLOTS_EXTENDED_MAX = 2 * SLOTS_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A drive's opening, closing and slot length; the last slot may be shorter."""

    opens_at: int
    closes_at: int
    slot_seconds: int
    first_slot: int = 0

    def __post_init__(self) -> None:
        """A schedule has at least one second and at most `SLOTS_MAX` slots."""
        if self.slot_seconds < 1 or self.closes_at <= self.opens_at:
            raise ValueError("a schedule needs a length")
        if self.count > SLOTS_MAX:
            raise ValueError("a schedule has too many slots")

    @property
    def count(self) -> int:
        """How many slots there are."""
        return -(-(self.closes_at - self.opens_at) // self.slot_seconds)

    @property
    def last_slot(self) -> int:
        """The slot that the closing time ends."""
        return self.first_slot + self.count - 1

    def slot_at(self, now: int) -> int:
        """Return the slot at `now`; it may lie outside the schedule."""
        return self.first_slot + (now - self.opens_at) // self.slot_seconds

    def ends_at(self, slot: int) -> int:
        """Return the second at which `slot` no longer accepts."""
        after = (slot - self.first_slot + 1) * self.slot_seconds
        return min(self.opens_at + after, self.closes_at)

    def extended(self, opens_at: int) -> "Schedule":
        """Return the one equal extension: as long again, slots numbered on.

        It begins when the gate opens it, never before this one closes, so that a
        counter that comes late takes nothing away from it.
        """
        opens_at = max(opens_at, self.closes_at)
        return Schedule(
            opens_at=opens_at,
            closes_at=opens_at + self.closes_at - self.opens_at,
            slot_seconds=self.slot_seconds,
            first_slot=self.last_slot + 1,
        )


def poll_schedule(opens_at: int, closes_at: int) -> Schedule:
    """Return a poll's schedule: slots of a day, or one slot if it is shorter."""
    return drive_schedule(opens_at, closes_at, slot_seconds=POLL_SLOT_SECONDS)


def drive_schedule(opens_at: int, closes_at: int, *, slot_seconds: int) -> Schedule:
    """Return a schedule with slots of this length, or one slot if it is shorter."""
    return Schedule(
        opens_at=opens_at,
        closes_at=closes_at,
        slot_seconds=min(slot_seconds, closes_at - opens_at),
    )
