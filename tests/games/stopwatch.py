"""Somebody with a stopwatch: two things happen, and they tell which by the time.

They know from earlier tries how long either takes, bet that the slower one is the one
that is slower in the middle, and win by more than guessing if time tells anything.
"""

import gc
import random
import statistics
import time
from collections.abc import Awaitable, Callable

LEARNED, TRIALS = 500, 10_000
BAR = 0.03

Play = Callable[[bool], Awaitable[None]]


async def advantage_by_time(play: Play, trials: int) -> float:
    """Return how much better than guessing whoever measures `play` is, 0 to 1."""
    tries = await _tries(play, trials)
    learned, played = tries[:LEARNED], tries[LEARNED:]
    no, yes = (
        statistics.median(taken for side, taken in learned if side is which)
        for which in (False, True)
    )
    bar = (no + yes) / 2
    won = sum(side == ((taken > bar) == (yes > no)) for side, taken in played)
    return abs(2 * won / trials - 1)


async def least(measure: Callable[[], Awaitable[float]]) -> float:
    """Return an advantage, or the lesser of two where the first is above the bar.

    Chance alone passes the bar once in 400 times; what leaks does so each time.
    """
    first = await measure()
    return first if first <= BAR else min(first, await measure())


async def _tries(play: Play, trials: int) -> list[tuple[bool, float]]:
    dice = random.SystemRandom()
    tries: list[tuple[bool, float]] = []
    gc.disable()
    try:
        # In pairs, so that a machine that grows slow meanwhile tells nothing.
        for _ in range((LEARNED + trials) // 2):
            for side in dice.sample((False, True), 2):
                before = time.perf_counter()
                await play(side)
                tries.append((side, time.perf_counter() - before))
    finally:
        gc.enable()
    return tries
