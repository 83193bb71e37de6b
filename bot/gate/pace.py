"""A delay for floods: answers wait longer the faster one account sends them (§11).

Nothing is dropped, and nothing is kept of who: a tag picks one of a few thousand
counters, by a mask that lives as long as the process, and they are emptied every
minute. Two people may share a counter; the price is a moment's delay.
"""

import asyncio
from array import array

from bot.core.ballots import Tag

COUNTERS = 4096
WINDOW_SECONDS = 60.0
# A person who taps through a poll stays far below this.
FREE_PER_WINDOW = 30
DELAY_SECONDS_EACH = 0.05
# Platforms give up on an answer after three seconds.
DELAY_SECONDS_MAX = 2.0


class Pace:
    """How long an answer waits before it is sealed."""

    def __init__(self, mask: bytes) -> None:
        """Start with empty counters; `mask` is 4 random bytes, kept in memory only."""
        self._mask = int.from_bytes(mask, "big")
        self._counts: array[int] = array("L", bytes(8 * COUNTERS))
        self._window = 0

    def delay(self, tag: Tag) -> float:
        """Count one answer and return the seconds that it has to wait, mostly 0."""
        window = int(asyncio.get_running_loop().time() / WINDOW_SECONDS)
        if window != self._window:
            self._window = window
            self._counts = array("L", bytes(8 * COUNTERS))
        at = (int.from_bytes(tag[:4], "big") ^ self._mask) % COUNTERS
        self._counts[at] += 1
        excess = self._counts[at] - FREE_PER_WINDOW
        return min(max(0, excess) * DELAY_SECONDS_EACH, DELAY_SECONDS_MAX)
