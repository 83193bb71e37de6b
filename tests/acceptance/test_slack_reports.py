"""A day with a report box and a petition in a workspace, through the real slack-bolt.

Lived over Socket Mode and over HTTP; the same people do the same on the console.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.views.progress import signed_count
from tests.core.petition import shares
from tests.fakes.errands import reported, signed, started
from tests.fakes.program import Console, found_cheaply, of_kind
from tests.fakes.slack import Person, Shown
from tests.fakes.slack_house import MEI, STAFF, House, slack_house

DAY = 24 * 60 * 60
# By place in the row: who writes what, who is only counted, who signs, who takes off.
TEXTS = {
    number: f"The overtime of shift {number} was never paid." for number in range(6)
}
BY_MESSAGE, BY_MENU, BY_SHORTCUT = 0, 1, 2
COUNTED = range(6, 12)
SIGNED, TOOK_OFF, TOOK_OFF_BY_CODE = range(26), range(3), 3
BOX = {"name": "Report box"}
PETITION = {
    "text": "We ask for a paid break of 30 minutes.",
    "threshold": "20",
    "closes": "3d",
    "trustees": shares().trustees.line(),
    "name": "breaks",
}
CHOSEN = {"category": "Pay", "severity": "It hurts people"}
REPLY, ADDED = "Since when is it so?", "Since the spring."


@dataclass
class Came:
    """What came out of a day, whichever the platform."""

    cases: list[tuple[str, str, str]]
    talk: list[str]
    signed: int | None
    left: int


@dataclass
class Day:
    """What people do in a workspace."""

    house: House
    codes: dict[int, str] = field(default_factory=dict)
    receipts: set[str] = field(default_factory=set)
    pages: list[Shown] = field(default_factory=list)

    @property
    def mei(self) -> Person:
        return self.house.person(MEI)

    def staff(self, number: int) -> Person:
        return self.house.person(STAFF[number])

    async def report(self, number: int) -> None:
        """Report by the form, from a message, its menu, or the shortcut."""
        who, text = self.staff(number), TEXTS.get(number, "")
        filled = {"consent": "Read my text" if text else "Count it only", **CHOSEN}
        if number == BY_MESSAGE:
            form = await who.press(await who.write(text), "Send this text anyway")
        elif number == BY_MENU:
            form = await who.choose_message(text)
        else:
            by_shortcut = number == BY_SHORTCUT
            form = await (who.shortcut() if by_shortcut else who.command("report"))
            filled["text"] = text
        page = await who.submit(form, **filled)
        assert "Not sent yet. Nothing is stored." in page.words
        sent = await who.submit(page)
        self.pages.append(sent)
        if text:
            self.codes[number] = code_in(sent)
        else:
            assert "There is no code" in sent.words

    async def sign(self, number: int, post: Shown) -> Shown:
        """Sign, and keep what was answered without its code."""
        form = await self.staff(number).press(post, "Sign")
        sealed = await self.staff(number).submit(
            form, name=f"Person {number}", consent=True
        )
        self.receipts.add(without_code(sealed))
        self.pages.append(sealed)
        return sealed

    async def take_off(self, who: Person, form: Shown, code: str = "") -> None:
        """Take a name off, with one's account or with a code."""
        done = await who.submit(form, withdraw=True, code=code)
        self.receipts.add(without_code(done))
        self.pages.append(done)

    async def reply(self, text: str) -> None:
        """Reply to the report with that text."""
        cases = self.house.place.gate.cases()
        name = next(each.name for each in cases if each.text == text)
        form = await self.mei.press(await self.mei.command("cases"), f"Reply {name}")
        done = await self.mei.submit(form, text=REPLY)
        assert "Only the writer's code opens your reply" in done.words

    async def opens(self, number: int) -> Shown:
        """Open a report by its code."""
        who = self.staff(number)
        page = await who.submit(await who.command("code"), code=self.codes[number])
        assert page.kind == "form"
        return page


async def live(day: Day) -> Came:
    """Let the day pass, and three more."""
    house = day.house
    await house.start("box", **BOX)
    petition = await house.start("petition", **PETITION)
    for number in (*TEXTS, *COUNTED):
        await day.report(number)
    sealed = [await day.sign(number, petition) for number in SIGNED]
    for number in TOOK_OFF:
        who = day.staff(number)
        await day.take_off(who, await who.press(sealed[number], "Take my name off"))
    other = day.staff(30)
    form = await other.command("unsign breaks")
    await day.take_off(other, form, code_in(sealed[TOOK_OFF_BY_CODE]))
    await house.advance(DAY)
    cases = sorted((e.text, e.category, e.severity) for e in house.place.gate.cases())
    await day.reply(TEXTS[0])
    mine = await day.opens(0)
    writer = day.staff(0)
    await writer.submit(await writer.press(mine, "Add to it"), text=ADDED)
    other = day.staff(1)
    asked = await other.press(await day.opens(1), "Take it back")
    await other.press(asked, "Take it back")
    await house.advance(DAY // 2)
    mine = await day.opens(0)
    await house.advance(3 * DAY)
    drives = {each.terms.kind: each for each in house.place.gate.drives()}
    return Came(
        cases=cases,
        talk=[text for text in (REPLY, ADDED) if text in mine.words],
        signed=signed_count(drives["petition"]),
        left=len(house.place.gate.cases()),
    )


def on_the_console(data: Path) -> Came:
    """Let the same people do the same on the console."""
    founded = found_cheaply(data)
    with Console(data, founded.passphrase) as console:
        console.ask(people=[MEI, *STAFF])
        console.submit(MEI, "join", code=founded.invite)
        started(console, MEI, "box", **BOX)
        started(console, MEI, "petition", **PETITION)
        codes = [
            reported(console, STAFF[number], TEXTS.get(number, ""), **CHOSEN)
            for number in (*TEXTS, *COUNTED)
        ]
        slips = [
            signed(console, STAFF[number], "sign:breaks", name=f"Person {number}")
            for number in SIGNED
        ]
        for number in TOOK_OFF:
            signed(console, STAFF[number], "unsign:breaks")
        signed(console, STAFF[30], "unsign:breaks", code=slips[TOOK_OFF_BY_CODE])
        console.advance("24h")
        (page,) = console.command(MEI, "cases")
        found: list[dict[str, Any]] = page["data"]
        name = next(each["case"] for each in found if each["text"] == TEXTS[0])
        console.submit(MEI, f"reply:{name}", text=REPLY)
        console.submit(STAFF[0], "case", code=codes[0], text=ADDED)
        console.press(STAFF[1], f"takeback:{codes[1].replace(' ', '')}")
        console.advance("12h")
        (mine,) = console.submit(STAFF[0], "case", code=codes[0])
        console.advance("72h")
        (left,) = console.command(MEI, "cases")
        (petition,) = of_kind(console.command(MEI, "results breaks"), "tally")
    return Came(
        cases=sorted((e["text"], e["category"], e["severity"]) for e in found),
        talk=[text for text in (REPLY, ADDED) if text in mine["text"]],
        signed=petition["data"]["signed"],
        left=len(left["data"]),
    )


def code_block(page: Shown) -> str:
    """Return the letters of equal width on a page."""
    return page.words.split("```")[1]


def without_code(page: Shown) -> str:
    """Return what a page says beside its code and the mark of its receipt."""
    return re.sub(r"[0-9a-f]{16}", "", page.words.replace(code_block(page), ""))


def code_in(page: Shown) -> str:
    """Return the code that a page shows."""
    return code_block(page).strip().replace("\n", " ")


@pytest.fixture(scope="module")
def console_came(tmp_path_factory: pytest.TempPathFactory) -> Came:
    """What comes of the day on the console."""
    return on_the_console(tmp_path_factory.mktemp("console") / "data")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])
async def test_reports_and_a_petition_as_on_the_console(
    tmp_path: Path, console_came: Came, *, http: bool
) -> None:
    """Reports, a talk by code and a petition come to the same; codes stay in forms."""
    async with slack_house(tmp_path, http=http) as house:
        day = Day(house)
        came = await live(day)
        messages = [
            str(asked)
            for method, asked in house.slack.calls
            if method in ("response_url", "chat.postMessage", "chat.update")
        ]

        assert came == console_came
        assert came.talk == [REPLY, ADDED]
        assert {each.kind for each in day.pages} == {"form"}
        assert len(day.receipts) == 1
        assert not any(
            half in text
            for code in day.codes.values()
            for half in re.findall(r"\w{4} \w{4} \w{4}", code)
            for text in messages
        )
        assert house.slack.broken == []
