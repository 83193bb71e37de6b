"""A day with reports, a petition and a poll on Discord, and the same on the console.

Lived twice through the real discord.py: in a server, and wholly in direct messages by
everybody, organizers too. The people do the same each time, and so the same comes out.
"""

import asyncio
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.core.publication import to_json
from bot.views.progress import signed_count
from tests.core.petition import shares
from tests.fakes.discord_house import House, running_house
from tests.fakes.discord_people import Exchange, labels_of, text_of
from tests.fakes.discord_shapes import Channel, Person, Posted
from tests.fakes.errands import reported, signed, started
from tests.fakes.program import Console, found_cheaply, of_kind

HOUR = 60 * 60
PEOPLE = 28
# By place in the row: who writes what, who signs, who takes it back, who votes.
TEXTS = {
    number: f"The overtime of shift {number} was never paid." for number in range(6)
}
BY_MESSAGE, BY_MENU = 0, 1
COUNTED = range(6, 12)
SIGNED, TOOK_OFF, TOOK_OFF_BY_CODE = range(26), range(3), 3
VOTES = ["Yes"] * 15 + ["No"] * 11
PETITION = {
    "text": "We ask for a paid break of 30 minutes.",
    "threshold": "20",
    "closes": "3d",
    "trustees": shares().trustees.line(),
}
POLL = {"question": "Lunch breaks?", "options": "Yes\nNo", "closes": "72h"}
CHOSEN = {"category": "Pay", "severity": "It hurts people"}
REPLY, ADDED = "Since when is it so?", "Since the spring."
CODE = re.compile(r"```\n([0-9A-Z ]+\n[0-9A-Z ]+)\n```")


@dataclass
class Came:
    """What came out of a day, whichever the platform."""

    cases: list[tuple[str, str, str]]
    talk: list[tuple[str, str]]
    signed: int | None
    released: dict[str, Any]
    left: int


@dataclass
class Day:
    """Somebody's day on Discord: in the channel `at`, or in direct messages."""

    house: House
    at: Channel | None
    people: list[Person]
    codes: dict[int, str] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)
    shown: list[Exchange] = field(default_factory=list)
    suggested: dict[str, list[str]] = field(default_factory=dict)

    async def command(self, who: Person, name: str, **options: str) -> Exchange:
        return await self._seen(
            self.house.says.command(who, name, at=self.at, **options)
        )

    async def press(self, who: Person, label: str, of: Exchange | Posted) -> Exchange:
        return await self._seen(self.house.says.press(who, label, of))

    async def submit(self, who: Person, opened: Exchange, **fields: Any) -> Exchange:
        return await self._seen(self.house.says.submit(who, opened, **fields))

    async def _seen(self, act: Any) -> Exchange:
        self.shown.append(await act)
        return self.shown[-1]

    # Organizers ---------------------------------------------------------------

    async def start(self, label: str, **fields: str) -> Posted:
        """Fill in the form of something new, start it, and return its post."""
        mei = self.people[-1]
        before = len(self.house.discord.posted_in(self.house.discord.general))
        page = await self.command(mei, "organize")
        opened = await self.press(mei, label, page)
        # What has no room in the form is on the page behind it.
        later = {}
        if label == "New petition":
            later = {"closes": fields.pop("closes")}
        preview = await self.submit(mei, opened, **fields)
        if later:
            preview = await self._seen(self.house.says.change(mei, preview, **later))
        await self.press(mei, "Start it", preview)
        await self.house.settle()
        return self.house.discord.posted_in(self.house.discord.general)[before]

    async def reply(self, text: str) -> None:
        """Reply to the report with that text."""
        mei = self.people[-1]
        name = next(e.name for e in self.house.world.gate.cases() if e.text == text)
        page = await self.press(mei, "Reports", await self.command(mei, "organize"))
        (shown,) = [e for e in page.shown if f"Reply {name}" in labels_of(e.body)]
        opened = await self.press(mei, f"Reply {name}", shown)
        done = await self.submit(mei, opened, text=REPLY)
        assert "Only the writer's code opens your reply" in done.text

    async def reads(self, text: str) -> str:
        """Return what an organizer reads of a case."""
        mei = self.people[-1]
        name = next(e.name for e in self.house.world.gate.cases() if e.text == text)
        page = await self.press(mei, "Reports", await self.command(mei, "organize"))
        (shown,) = [e for e in page.shown if f"Open {name}" in labels_of(e.body)]
        return (await self.press(mei, f"Open {name}", shown)).text

    # Everybody ----------------------------------------------------------------

    async def report(self, number: int) -> None:
        """Report something: by the form, from a message, or from a message's menu."""
        who, text = self.people[number], TEXTS.get(number, "")
        filled = {"consent": "Read my text" if text else "Count it only", **CHOSEN}
        if number == BY_MESSAGE:
            answer = await self.house.says.write(who, text)
            opened = await self.press(who, "Send this text anyway", answer)
        elif number == BY_MENU and self.at is not None:
            chosen = self.house.says.choose_message(
                who, "Send to report box", text, at=self.at
            )
            opened = await self._seen(chosen)
        else:
            opened = await self.command(who, "report")
            filled["text"] = text
        page = await self.submit(who, opened, **filled)
        assert "Not sent yet. Nothing is stored." in page.text
        sent = await self.press(who, "Send as it is now", page)
        if text:
            self.codes[number] = code_in(sent)
        else:
            assert "There is no code" in sent.text

    async def sign(self, number: int, post: Posted) -> Exchange:
        """Sign, and keep what was answered without its code."""
        who = self.people[number]
        if self.at is None:
            opened = await self.command(who, "sign", petition=name_of(post))
        else:
            opened = await self.press(who, "Sign", post)
        sealed = await self.submit(
            who, opened, name=f"Person {number}", consent=["yes"]
        )
        self.receipts.append(without_code(sealed))
        return sealed

    async def take_off(self, who: Person, sealed: Exchange, code: str = "") -> None:
        """Take a name off, with one's account or with a code."""
        opened = await self.press(who, "Take my name off", sealed)
        done = await self.submit(who, opened, withdraw=["yes"], code=code)
        self.receipts.append(without_code(done))

    async def vote(self, number: int, post: Posted) -> None:
        """Tap under the post, or answer with the form."""
        who, answer = self.people[number], VOTES[number]
        if self.at is not None:
            done = await self.press(who, answer, post)
        else:
            opened = await self.command(who, "vote", poll=name_of(post))
            done = await self.submit(who, opened, answer=answer)
        assert "Received" in done.text or "sealed and sent" in done.text

    async def opens(self, number: int, code: str) -> Exchange:
        """Open a report by its code."""
        who = self.people[number]
        return await self.submit(who, await self.command(who, "code"), code=code)

    async def look_for_names(self) -> None:
        """Type nothing into the options of commands, and keep what is suggested."""
        for name, argument in (("vote", "poll"), ("sign", "petition")):
            found = await self.house.says.suggest(
                self.people[0], name, at=self.at, **{argument: ""}
            )
            self.suggested[argument] = [each["value"] for each in found.choices]


async def live(day: Day) -> Came:
    """Let the day pass, and two more."""
    house, people = day.house, day.people
    await day.start("New report box")
    petition = await day.start("New petition", **PETITION)
    poll = await day.start("New poll", **POLL)
    await day.look_for_names()
    for number in (*TEXTS, *COUNTED):
        await day.report(number)
    sealed = [await day.sign(number, petition) for number in SIGNED]
    for number in TOOK_OFF:
        await day.take_off(people[number], sealed[number])
    code = code_in(sealed[TOOK_OFF_BY_CODE])
    await day.take_off(people[-2], sealed[TOOK_OFF_BY_CODE], code)
    for number in range(len(VOTES)):
        await day.vote(number, poll)
    await house.advance(24 * HOUR)
    cases = sorted((e.text, e.category, e.severity) for e in house.world.gate.cases())
    await day.reply(TEXTS[0])
    mine = await day.opens(0, day.codes[0])
    added = await day.submit(
        people[0], await day.press(people[0], "Add to it", mine), text=ADDED
    )
    assert "Everyone gets this same message" in added.text
    other = await day.opens(1, day.codes[1])
    asked = await day.press(people[1], "Take it back", other)
    await day.press(people[1], "Take it back", asked)
    await house.advance(12 * HOUR)
    assert ADDED in await day.reads(TEXTS[0])
    mine = await day.opens(0, day.codes[0])
    await house.advance(48 * HOUR)
    drives = {each.terms.kind: each for each in house.world.gate.drives()}
    return Came(
        cases=cases,
        talk=talk_in(mine.text),
        signed=signed_count(drives["petition"]),
        released=to_json(await house.world.released(drives["poll"].name)),
        left=len(house.world.gate.cases()),
    )


async def lived(path: Path, *, in_server: bool) -> tuple[Day, Came, list[Posted]]:
    """Let the day pass in an installation of its own."""
    async with running_house(path) as house:
        names = [f"worker{number}" for number in range(PEOPLE)]
        people = [house.discord.person(name) for name in names]
        await house.welcome(people[-1])
        day = Day(house, house.discord.general if in_server else None, people)
        came = await live(day)
        return day, came, house.discord.posted_in(house.discord.general)


@pytest.fixture(scope="module")
def console_came(tmp_path_factory: pytest.TempPathFactory) -> Came:
    """Let the same people do the same on the console."""
    data = tmp_path_factory.mktemp("console") / "data"
    founded = found_cheaply(data)
    names = [f"worker{number}" for number in range(PEOPLE)]
    mei = names[-1]
    with Console(data, founded.passphrase) as console:
        console.ask(people=names)
        console.submit(mei, "join", code=founded.invite)
        started(console, mei, "box", name="Report box")
        started(console, mei, "petition", **PETITION, name="breaks")
        started(console, mei, "poll", **POLL, name="lunch")
        codes = [
            reported(console, names[number], TEXTS.get(number, ""), **CHOSEN)
            for number in (*TEXTS, *COUNTED)
        ]
        slips = [
            signed(console, names[number], "sign:breaks", name=f"Person {number}")
            for number in SIGNED
        ]
        for number in TOOK_OFF:
            signed(console, names[number], "unsign:breaks")
        signed(console, names[-2], "unsign:breaks", code=slips[TOOK_OFF_BY_CODE])
        for number, answer in enumerate(VOTES):
            console.submit(names[number], "answer:lunch", answer=answer)
        console.advance("24h")
        (page,) = console.command(mei, "cases")
        found: list[dict[str, Any]] = page["data"]
        name = next(each["case"] for each in found if each["text"] == TEXTS[0])
        console.submit(mei, f"reply:{name}", text=REPLY)
        console.submit(names[0], "case", code=codes[0], text=ADDED)
        console.press(names[1], f"takeback:{codes[1].replace(' ', '')}")
        console.advance("12h")
        (mine,) = console.submit(names[0], "case", code=codes[0])
        console.advance("48h")
        (left,) = console.command(mei, "cases")
        (petition,) = of_kind(console.command(mei, "results breaks"), "tally")
        (poll,) = of_kind(console.command(mei, "results lunch"), "tally")
    return Came(
        cases=sorted((e["text"], e["category"], e["severity"]) for e in found),
        talk=talk_in(mine["text"]),
        signed=petition["data"]["signed"],
        released=poll["data"]["released"],
        left=len(left["data"]),
    )


def code_in(shown: Exchange) -> str:
    """Return the code that a message shows."""
    found = CODE.search(text_of(shown.shown[-1].body))
    assert found is not None, shown.text
    return found[1].replace("\n", " ")


def without_code(shown: Exchange) -> str:
    """Return what a message says beside its code and the mark of its receipt."""
    words = CODE.sub("", text_of(shown.shown[-1].body))
    return re.sub(r"[0-9a-f]{8,}", "", words)


def name_of(post: Posted) -> str:
    """Return the short name in the last line of a post."""
    return text_of(post.body).split("/rr results ")[1].split()[0].strip("`.")


def talk_in(shown: str) -> list[tuple[str, str]]:
    """Return who said what in an author's page."""
    found = re.findall(r"(You|Organizers):(?:\*\*)? (.+)", shown)
    return [(who, words.strip()) for who, words in found]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("in_server", [True, False], ids=["server", "messages"])
def test_same_day_comes_to_the_same(
    tmp_path: Path, console_came: Came, *, in_server: bool
) -> None:
    """Reports, a case, a petition and a poll: all that comes out is the console's."""
    day, came, posted = asyncio.run(lived(tmp_path / "house", in_server=in_server))

    assert came == console_came
    assert came.talk == [("You", TEXTS[0]), ("Organizers", REPLY), ("You", ADDED)]
    assert (came.signed, came.left) == (len(SIGNED) - 4, len(TEXTS) - 1)
    assert len(came.cases) == len(TEXTS)
    # Signing and taking a name off are answered alike.
    assert len(set(day.receipts)) == 1
    assert [len(names) for names in day.suggested.values()] == [1, 1]
    assert set(day.suggested["poll"]).isdisjoint(day.suggested["petition"])
    # Nobody but the person saw an answer, and nothing of it stands in the channel.
    channel = "\n".join(text_of(each.body) for each in posted)
    assert [text for text in TEXTS.values() if text in channel] == []
    assert "Person" not in channel
    assert "reached its number" in channel
    if not in_server:
        assert {each.channel for each in day.shown} == {
            person.channel for person in day.people
        }
    assert day.house.discord.wrong == []
