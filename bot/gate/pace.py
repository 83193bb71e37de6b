"""A delay for floods: answers wait longer the faster one account sends them (§11).

Nothing is kept of who: a tag picks one of a few thousand counters, by a mask that lives
as long as the process, and they are emptied every minute. Two people may share a
counter; the price is a moment's delay, or another try.
"""

import asyncio
from array import array

from bot.core.ballots import Tag
from bot.core.errors import TooBusy

COUNTERS = 4096
WINDOW_SECONDS = 60.0
# A person who taps through a poll stays far below this; so does one whose client sends
# the same tap fifty times.
FREE_PER_WINDOW = 60
DELAY_SECONDS_EACH = 0.05
DELAY_SECONDS_MAX = 2.0
# Platforms give up on an answer after three seconds. What would wait for longer, behind
# others of the same account, is refused.
WAIT_SECONDS_MAX = 2.5


class Pace:
    """How long an answer waits before it is sealed."""

    def __init__(self, mask: bytes) -> None:
        """Start with empty counters; `mask` is 4 random bytes, kept in memory only."""
        self._mask = int.from_bytes(mask, "big")
        self._window = 0
        self._empty()

    def delay(self, tag: Tag) -> float:
        """Count one answer and return the seconds that it has to wait, mostly 0.

        Answers that are sent beside each other wait one after the other. Raises
        `TooBusy` if so many wait that this one would have to for too long: it is
        refused before it is acknowledged.
        """
        now = asyncio.get_running_loop().time()
        window = int(now / WINDOW_SECONDS)
        if window != self._window:
            self._window = window
            self._empty()
        at = (int.from_bytes(tag[:4], "big") ^ self._mask) % COUNTERS
        self._counts[at] += 1
        excess = self._counts[at] - FREE_PER_WINDOW
        if excess <= 0:
            return 0.0
        own = min(excess * DELAY_SECONDS_EACH, DELAY_SECONDS_MAX)
        wait = max(self._turns[at] - now, 0.0) + own
        if wait > WAIT_SECONDS_MAX:
            raise TooBusy
        self._turns[at] = now + wait
        return wait

    def _empty(self) -> None:
        self._counts: array[int] = array("L", bytes(8 * COUNTERS))
        # When the last answer that waits on a counter has its turn.
        self._turns: array[float] = array("d", bytes(8 * COUNTERS))
