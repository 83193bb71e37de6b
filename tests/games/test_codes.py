"""A guesser of codes: neither words nor time say whether a report waits behind one.

Somebody has codes of reports that nobody may read yet, and made up others. They type
one of them and measure how long the answer takes; they know the distribution of both
from earlier tries, and guess. The control is a bot that looks through its cases first.
"""

import gc
import random
import secrets
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.core.records import Role
from bot.core.reports import Consent, Report
from bot.core.slots import DAY
from bot.crypto.codes import make_code
from bot.requests import Submit
from bot.views.widgets import Card
from tests.fakes.workplace import (
    MEI,
    SAM,
    STAFF,
    Workplace,
    action_of,
    words,
    workplace,
)

LEARNED, TRIALS = 500, 10_000
# A bot that looks is found out sooner.
TRIALS_OF_CONTROL = 500
BAR = 0.03

Try = Callable[[str, bool], Awaitable[Card]]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Workplace]:
    """A workplace with a box, six cases that are read, and six reports that wait."""
    async with workplace(tmp_path) as place:
        await place.welcome(MEI, Role.LEAD)
        preview = await place.send(MEI, "box", name="box")
        await place.press(MEI, action_of(preview, "Start it"))
        await reports(place)
        await place.advance(DAY)
        yield place


async def reports(office: Workplace) -> list[str]:
    """Let six people report, and return their codes."""
    box = office.gate.drive("box")
    assert box is not None
    report = Report(consent=Consent.TEXT, category=0, severity=0, text="Late pay.")
    codes = [
        await office.gate.report(who, box, report, urgent=False) for who in STAFF[:6]
    ]
    return [str(code) for code in codes]


async def seconds(office: Workplace, answer: Try, code: str, *, waits: bool) -> float:
    """Return how long the answer to a code takes."""
    before = time.perf_counter()
    card = await answer(code, waits)
    taken = time.perf_counter() - before
    assert words(card).startswith("No report opens with this code.")
    return taken


async def advantage(office: Workplace, answer: Try, trials: int) -> float:
    """Return how much better than guessing the one who measures is."""
    waiting = await reports(office)
    made_up = [make_code(secrets.token_bytes(15)) for _ in waiting]
    dice = random.SystemRandom()
    tries: list[tuple[bool, float]] = []
    gc.disable()
    try:
        # In pairs, so that a machine that grows slow meanwhile tells nothing.
        for at in range((LEARNED + trials) // 2):
            for waits in dice.sample((False, True), 2):
                code = (waiting if waits else made_up)[at % len(waiting)]
                taken = await seconds(office, answer, code, waits=waits)
                tries.append((waits, taken))
    finally:
        gc.enable()
    learned, played = tries[:LEARNED], tries[LEARNED:]
    middle = [
        statistics.median(taken for waits, taken in learned if waits is side)
        for side in (False, True)
    ]
    bar = statistics.fmean(middle)
    won = sum(waits == (taken > bar) for waits, taken in played)
    return abs(2 * won / trials - 1)


@pytest.mark.timeout(120)
async def test_time_does_not_tell_a_waiting_report(office: Workplace) -> None:
    """The gate does the same for a code that nobody has and for one that waits."""

    async def answer(code: str, waits: bool) -> Card:  # noqa: FBT001 - what is true
        del waits
        return await office.card(Submit(actor=SAM, form="case", fields={"code": code}))

    # Chance alone passes the bar once in 400 times; what leaks does so each time.
    measured = await advantage(office, answer, TRIALS)
    if measured > BAR:
        measured = await advantage(office, answer, TRIALS)
    assert measured <= BAR


@pytest.mark.timeout(120)
async def test_a_bot_that_looks_first_is_told_apart(office: Workplace) -> None:
    """The control: whoever measures wins against one that opens cases for some."""

    async def answer(code: str, waits: bool) -> Card:  # noqa: FBT001 - what is true
        if waits:
            for _ in range(40):
                assert office.gate.cases()
        return await office.card(Submit(actor=SAM, form="case", fields={"code": code}))

    assert await advantage(office, answer, TRIALS_OF_CONTROL) >= 0.9
