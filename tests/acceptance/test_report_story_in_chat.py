"""Sixty people and a report box, through the real slack-bolt and the real discord.py.

The story that `test_report_story` tells at the console: 23 reports in three topics, a
mute, two matters. On both platforms the same people do the same, and the same comes of
it; what anybody reads, they read on a page that the platform shows.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest

from bot.gate.gate import Gate
from tests.fakes.discord_house import House as DiscordHouse
from tests.fakes.discord_house import running_house
from tests.fakes.discord_people import Exchange, labels_of, text_of
from tests.fakes.slack_house import MEI, slack_house
from tests.fakes.slack_house import House as SlackHouse

HOUR = 60 * 60
PEOPLE = 60
ZOE = 1
BOX = {
    "name": "Report box",
    "categories": "Pay\nSafety\nHarassment",
    "severities": "low\nmid\nhigh",
    "every": "6h",
    "closes": "1d",
}
FORKLIFT, LOCKER = "forklift 3", "locker 3"
FIRST = [*(f"First day, text {at}." for at in range(4)), "Zoe's first one."]
AGAIN = [f"Zoe again, {at}." for at in range(4)]
TOGETHER = [f"It tipped over, {at}." for at in range(4)]
ALONE = ["They opened it, 0.", "They opened it, 1."]
FIFTH = "A fifth text."
MUTED = "You are not shown who it is, and they are not told"
WRONG = "No report opens with this code"
# A code is shown in two lines of groups of four.
CODE = re.compile(r"```\s*([0-9A-Z ]+\n[0-9A-Z ]+?)\s*```")


class Chat(Protocol):
    """What the people of the story do, and read, on a platform."""

    @property
    def gate(self) -> Gate: ...

    async def open_box(self) -> None: ...

    async def report(self, number: int, text: str, **more: str) -> str:
        """Report something; return what is answered."""
        ...

    async def press_in_list(self, label: str) -> str:
        """Let Mei press a button in the list of reports; return what she reads."""
        ...

    async def reads(self) -> list[str]:
        """Return the list of reports as Mei reads it, page by page."""
        ...

    async def open(self, number: int, code: str) -> str:
        """Return what somebody reads who types a code."""
        ...

    async def advance(self, seconds: int) -> None: ...

    def channel(self) -> str:
        """Return all that stands in the channel."""
        ...

    def wrong(self) -> list[str]:
        """Return what the platform would have refused."""
        ...


@dataclass
class Slack:
    """The story in a workspace."""

    house: SlackHouse

    @property
    def gate(self) -> Gate:
        return self.house.place.gate

    async def open_box(self) -> None:
        await self.house.start("box", **BOX)

    async def report(self, number: int, text: str, **more: str) -> str:
        who = self.house.person(f"U0CROWD{number:03}")
        matter = {"matter": more.pop("matter")} if "matter" in more else {}
        form = await who.command("report")
        page = await who.submit(form, text=text, **more)
        assert "Not sent yet. Nothing is stored." in page.words
        return (await who.submit(page, **matter)).words

    async def press_in_list(self, label: str) -> str:
        mei = self.house.person(MEI)
        return (await mei.press(await mei.command("cases"), label)).words

    async def reads(self) -> list[str]:
        mei = self.house.person(MEI)
        pages = [await mei.command("cases")]
        while "More" in pages[-1].buttons():
            pages.append(await mei.press(pages[-1], "More"))
        return [page.words for page in pages]

    async def open(self, number: int, code: str) -> str:
        who = self.house.person(f"U0CROWD{number:03}")
        return (await who.submit(await who.command("code"), code=code)).words

    async def advance(self, seconds: int) -> None:
        await self.house.advance(seconds)

    def channel(self) -> str:
        return "\n".join(post.words for post in self.house.slack.posts())

    def wrong(self) -> list[str]:
        return self.house.slack.broken


@dataclass
class Discord:
    """The story in a server."""

    house: DiscordHouse
    people: dict[int, Any] = field(default_factory=dict)

    @property
    def gate(self) -> Gate:
        return self.house.world.gate

    def who(self, number: int) -> Any:
        if number not in self.people:
            self.people[number] = self.house.discord.person(f"worker{number}")
        return self.people[number]

    async def command(self, number: int, name: str) -> Exchange:
        at = self.house.discord.general
        done: Exchange = await self.house.says.command(self.who(number), name, at=at)
        return done

    async def open_box(self) -> None:
        says, mei = self.house.says, self.who(0)
        page = await self.command(0, "organize")
        opened = await says.press(mei, "New report box", page)
        # A form has room for four fields; the others are on a page behind it.
        first = {name: BOX[name] for name in ("name", "categories", "severities")}
        preview = await says.submit(mei, opened, **first)
        rest = {name: BOX[name] for name in BOX.keys() - first}
        preview = await says.change(mei, preview, **rest)
        await says.press(mei, "Start it", preview)
        await self.house.settle()

    async def report(self, number: int, text: str, **more: str) -> str:
        says, who = self.house.says, self.who(number)
        matter = more.pop("matter", "")
        opened = await self.command(number, "report")
        page = await says.submit(who, opened, text=text, **more)
        assert "Not sent yet. Nothing is stored." in page.text
        if matter:
            page = await says.fill(who, page, matter=matter)
        return str((await says.press(who, "Send as it is now", page)).text)

    async def pages(self) -> list[Exchange]:
        says, mei = self.house.says, self.who(0)
        page = await self.command(0, "organize")
        pages = [await says.press(mei, "Reports", page)]
        while "More" in labels_in(pages[-1]):
            pages.append(await says.press(mei, "More", shown_with("More", pages[-1])))
        return pages

    async def press_in_list(self, label: str) -> str:
        (page,) = [each for each in await self.pages() if label in labels_in(each)]
        pressed = self.house.says.press(self.who(0), label, shown_with(label, page))
        return str((await pressed).text)

    async def reads(self) -> list[str]:
        return [page.text for page in await self.pages()]

    async def open(self, number: int, code: str) -> str:
        opened = await self.command(number, "code")
        done = await self.house.says.submit(self.who(number), opened, code=code)
        return str(done.text)

    async def advance(self, seconds: int) -> None:
        await self.house.advance(seconds)

    def channel(self) -> str:
        posted = self.house.discord.posted_in(self.house.discord.general)
        return "\n".join(text_of(each.body) for each in posted)

    def wrong(self) -> list[str]:
        return self.house.discord.wrong


def labels_in(page: Exchange) -> list[str]:
    """Return what stands on the buttons of all messages of an answer."""
    return [label for each in page.shown for label in labels_of(each.body)]


def shown_with(label: str, page: Exchange) -> Any:
    """Return the message that has a button."""
    (shown,) = [each for each in page.shown if label in labels_of(each.body)]
    return shown


@asynccontextmanager
async def in_slack(path: Path) -> AsyncIterator[Chat]:
    """Open a workspace of sixty people and Mei."""
    async with slack_house(path) as house:
        house.slack.add_people(*(f"U0CROWD{number:03}" for number in range(PEOPLE)))
        yield Slack(house)


@asynccontextmanager
async def on_discord(path: Path) -> AsyncIterator[Chat]:
    """Open a server; people join it as they write."""
    async with running_house(path / "house") as house:
        house.discord.approximate_members = PEOPLE
        chat = Discord(house)
        await house.welcome(chat.who(0))
        yield chat


@pytest.mark.timeout(240)
@pytest.mark.parametrize("opened", [in_slack, on_discord], ids=["slack", "discord"])
async def test_sixty_people_and_twenty_three_reports(
    tmp_path: Path, opened: Any
) -> None:
    """Batches, labels, totals, a mute and two matters, as the rules say."""
    async with opened(tmp_path) as chat:
        await chat.open_box()
        for number, text in enumerate(FIRST, 1):
            await shared(chat, ZOE if text == FIRST[-1] else number + 1, text)
        await chat.advance(6 * HOUR)
        assert await listed(chat) == set(FIRST)

        codes = await second_round(chat)
        # Four people's texts are ready, which is one too few.
        assert await listed(chat) == set(FIRST)
        assert await totals(chat) == 2

        await shared(chat, 14, FIFTH)
        for number in range(15, 19):
            await chat.report(number, "", consent="Count it only", **CHOSEN)
        await chat.advance(6 * HOUR)
        assert await listed(chat) == {*FIRST, *TOGETHER, FIFTH}
        # The muted see no difference: their code opens what they wrote.
        assert AGAIN[-1] in await chat.open(ZOE, codes[-1])
        assert await totals(chat) == 2

        await chat.advance(12 * HOUR)
        # What waited for a third person is destroyed unread with the box.
        assert await listed(chat) == {*FIRST, *TOGETHER, FIFTH}
        assert [text for text in every_text() if text in chat.channel()] == []
        assert chat.wrong() == []


CHOSEN = {"category": "Harassment", "severity": "mid"}


async def second_round(chat: Chat) -> list[str]:
    """Mute Zoe, who goes on; two matters are named; return the codes of her texts."""
    name = next(each.name for each in chat.gate.cases() if each.text == FIRST[-1])
    assert MUTED in await chat.press_in_list(f"Mute {name}")
    codes = [await shared(chat, ZOE, text, category="Safety") for text in AGAIN]
    told = [
        await chat.report(number, "", consent="Count it only", **CHOSEN)
        for number in (ZOE, 12, 13)
    ]
    # Whoever is muted reads what the others read.
    assert len(set(told)) == 1
    for at, text in enumerate(TOGETHER):
        await shared(chat, 6 + at, text, category="Safety", matter=FORKLIFT)
    for at, text in enumerate(ALONE):
        await shared(chat, 10 + at, text, category="Harassment", matter=LOCKER)
    await chat.advance(6 * HOUR)
    assert WRONG in await chat.open(ZOE, codes[-1])
    return codes


async def shared(chat: Chat, number: int, text: str, **more: str) -> str:
    """Share a text; return the code."""
    filled = {"category": "Pay", "severity": "mid", "consent": "Read my text"} | more
    found = CODE.search(await chat.report(number, text, **filled))
    assert found is not None
    return found[1].replace("\n", " ")


async def listed(chat: Chat) -> set[str]:
    """Return the texts of the story that stand in the organizers' list."""
    shown = "\n".join(await chat.reads())
    return {text for text in every_text() if text in shown}


async def totals(chat: Chat) -> int:
    """Return how many tables stand under the list, each with the rounded total."""
    return (await chat.reads())[0].count("At least 10 reports.")


def every_text() -> list[str]:
    """Return all texts of the story."""
    return [*FIRST, *AGAIN, *TOGETHER, *ALONE, FIFTH]
