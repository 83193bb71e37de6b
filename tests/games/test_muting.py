"""The muted: neither words nor time tell them that they are.

Half of two hundred people are muted in a report box. Somebody sends a report, or opens
the code of one, as one of the muted or as one of the others, measures how long the
answer takes, and guesses which it was. The control is a bot that looks it up.
"""

import itertools
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.core.actors import Actor
from bot.core.records import Role
from bot.core.reports import Consent, Report
from bot.core.slots import DAY
from bot.requests import Submit
from bot.views.widgets import Card
from tests.fakes.chat import account
from tests.fakes.workplace import MEI, Workplace, action_of, labels, words, workplace
from tests.games.stopwatch import BAR, TRIALS, advantage_by_time, least

# An account sends sixty answers a minute before any waits; nobody here is made to.
PEOPLE = tuple(account(f"person {number}") for number in range(200))
MUTED, OTHERS = PEOPLE[::2], PEOPLE[1::2]
TRIALS_OF_CONTROL = 500
FORM: dict[str, str | tuple[str, ...] | bool] = {
    "category": "Pay",
    "severity": "It can wait",
    "text": "The pay was late.",
    "consent": "Read my text",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Muting:
    """A box in which some are muted, and the codes of what everybody wrote then."""

    office: Workplace
    codes: dict[Actor, str]

    async def report(self, who: Actor) -> Card:
        """Send a report as a person does, by its last page."""
        first = Submit(actor=who, form="report:box", fields=FORM)
        page = await self.office.form(first)
        kept = {field.name: field.value for field in page.fields if field.value}
        return await self.office.send(who, page.form, **kept)

    async def case(self, who: Actor) -> Card:
        """Open the code of what somebody wrote while half were muted."""
        return await self.office.send(who, "case", code=self.codes[who])


@pytest.fixture
async def muting(tmp_path: Path) -> AsyncIterator[Muting]:
    """Everybody reports once, half are muted for it, and everybody reports again."""
    everybody = {MEI.user, *(who.user for who in PEOPLE)}
    async with workplace(tmp_path, channels={"general": everybody}) as office:
        await office.welcome(MEI, Role.LEAD)
        preview = await office.send(MEI, "box", name="box")
        await office.press(MEI, action_of(preview, "Start it"))
        for who in PEOPLE:
            await tell(office, who, "rude" if who in MUTED else "kind")
        await office.advance(DAY)
        for case in office.gate.cases():
            if case.text == "rude":
                await office.gate.mute(case)
        await office.gate.settle()
        codes = {who: await tell(office, who, "late pay") for who in PEOPLE}
        await office.advance(DAY)
        yield Muting(office=office, codes=codes)


async def tell(office: Workplace, who: Actor, text: str) -> str:
    """Report something that organizers may read; return the code."""
    box = office.gate.drive("box")
    assert box is not None
    report = Report(consent=Consent.TEXT, category=0, severity=0, text=text)
    return str(await office.gate.report(who, box, report, urgent=False))


@pytest.mark.timeout(240)
async def test_the_muted_are_told_what_everybody_is(muting: Muting) -> None:
    """Byte for byte, but for the code; and organizers read half of what was sent."""
    read = [case.text for case in muting.office.gate.cases()]
    assert (read.count("late pay"), read.count("rude")) == (len(OTHERS), len(MUTED))
    for ask in (muting.case, muting.report):
        told = {without_codes(await ask(who)) for who in (*MUTED[:3], *OTHERS[:3])}
        assert len(told) == 1


@pytest.mark.timeout(240)
async def test_time_does_not_tell_the_muted_as_they_open_a_case(muting: Muting) -> None:
    """A case that is passed over opens as soon as one that waits for a reply."""
    asked = turns()

    async def opens(muted: bool) -> None:  # noqa: FBT001 - what is true
        card = await muting.case(asked(muted))
        assert "late pay" in words(card)

    assert await least(lambda: advantage_by_time(opens, TRIALS)) <= BAR


@pytest.mark.timeout(240)
async def test_time_does_not_tell_the_muted_as_they_report(muting: Muting) -> None:
    """The gate does not know who is muted; the counter learns who wrote, not when."""
    asked = turns()
    box = muting.office.gate.drive("box")
    assert box is not None

    async def reports(muted: bool) -> None:  # noqa: FBT001 - what is true
        assert await tell(muting.office, asked(muted), "again")

    assert await least(lambda: advantage_by_time(reports, TRIALS)) <= BAR


@pytest.mark.timeout(240)
async def test_a_bot_that_looks_up_the_muted_is_found_out(muting: Muting) -> None:
    """The control: one that leaves a muted person's page out answers sooner."""
    asked = turns()

    async def looks(muted: bool) -> None:  # noqa: FBT001 - what is true
        who = asked(muted)
        if not muted:
            await muting.case(who)

    assert await advantage_by_time(looks, TRIALS_OF_CONTROL) >= 0.9


def without_codes(card: Card) -> tuple[str, tuple[str, ...], int]:
    """Return all that somebody reads and the length of the rest, but for codes."""
    said = re.sub(r"([0-9A-Z]{4}\s){6}[0-9A-Z]{2}", "(own)", words(card))
    said = said.replace(str(card.data.get("case")), "(own)")
    return said, tuple(labels(card)), len(repr(card))


def turns() -> Callable[[bool], Actor]:
    """Return who asks next, of the muted or of the others, each in their turn."""
    of = {True: itertools.cycle(MUTED), False: itertools.cycle(OTHERS)}
    return lambda muted: next(of[muted])
