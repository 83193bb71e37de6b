"""A guesser of codes: neither words nor time say whether a report waits behind one.

Somebody has codes of reports that nobody may read yet, and made up others. They type
one of them and measure how long the answer takes; they know the distribution of both
from earlier tries, and guess. The control is a bot that looks through its cases first.
"""

import itertools
import secrets
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
from tests.games.stopwatch import BAR, TRIALS, advantage_by_time, least

# A bot that looks is found out sooner.
TRIALS_OF_CONTROL = 500

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


async def advantage(office: Workplace, answer: Try, trials: int) -> float:
    """Return how much better than guessing the one who measures is."""
    waiting = await reports(office)
    made_up = [make_code(secrets.token_bytes(15)) for _ in waiting]
    tried = itertools.count()

    async def one(waits: bool) -> None:  # noqa: FBT001 - what is true
        code = (waiting if waits else made_up)[next(tried) % len(waiting)]
        card = await answer(code, waits)
        assert words(card).startswith("No report opens with this code.")

    return await advantage_by_time(one, trials)


@pytest.mark.timeout(120)
async def test_time_does_not_tell_a_waiting_report(office: Workplace) -> None:
    """The gate does the same for a code that nobody has and for one that waits."""

    async def answer(code: str, waits: bool) -> Card:  # noqa: FBT001 - what is true
        del waits
        return await office.card(Submit(actor=SAM, form="case", fields={"code": code}))

    assert await least(lambda: advantage(office, answer, TRIALS)) <= BAR


@pytest.mark.timeout(120)
async def test_a_bot_that_looks_first_is_told_apart(office: Workplace) -> None:
    """The control: whoever measures wins against one that opens cases for some."""

    async def answer(code: str, waits: bool) -> Card:  # noqa: FBT001 - what is true
        if waits:
            for _ in range(40):
                assert office.gate.cases()
        return await office.card(Submit(actor=SAM, form="case", fields={"code": code}))

    assert await advantage(office, answer, TRIALS_OF_CONTROL) >= 0.9
