"""What is left of people in the bot's memory, in its files and in its log."""

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import compose
from bot.views import confirmation_text
from tests.core.petition import shares
from tests.fakes.discord import TOKEN, Discord, running_discord, until
from tests.fakes.discord_people import labels_of, text_of
from tests.fakes.discord_shapes import Person, Posted
from tests.world import PASSPHRASE, ROOT, new_folder

CANARY = "a canary sings of the night shift"
REPORTED = "the canary by the dock was never paid"
ADDED = "and no other canary was"
SIGNED = "Canary Sealsdotter"
NICK = "Canary of the Yard"
PETITION = {
    "text": "Paid breaks for all of us.",
    "threshold": "20",
    "trustees": shares().trustees.line(),
}
POLL = {"question": "Do we meet?", "options": "Yes\nNo", "closes": "1d"}
UNION = {
    "text": "We bargain together.",
    "threshold": "20",
    "trustees": shares().trustees.line(),
    "employer": "Ware House",
}
CONTACT, PHONE = "canary@example.org", "+1 555 0199"
CONFIRMED = {
    "name": SIGNED,
    "contact": CONTACT,
    "phone": PHONE,
    "consent": confirmation_text.YES,
}
_RUN = "from tests.fakes.discord_program import main; main()"


@dataclass
class Bot:
    """The program, and how it is asked what it holds."""

    process: asyncio.subprocess.Process
    folder: Path
    log: Path

    async def holds(self, needles: list[str], *, sweep: bool = True) -> dict[str, int]:
        """Return how many objects of the process hold each of them."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        backwards = [each[::-1] for each in needles]
        asked = json.dumps({"backwards": backwards, "sweep": sweep})
        self.process.stdin.write(asked.encode() + b"\n")
        found = json.loads(await self.process.stdout.readline())
        return {needle[::-1]: hits for needle, hits in found.items()}

    def written(self) -> bytes:
        """Return all bytes of the data folder and of the log."""
        files = [each for each in self.folder.rglob("*") if each.is_file()]
        return b"\0".join(each.read_bytes() for each in [*files, self.log])


@asynccontextmanager
async def bot_at(discord: Discord, path: Path, *flags: str) -> AsyncIterator[Bot]:
    """Run the bot in a process of its own."""
    log = path / "log"
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("ROUNDROBIN_")},
        "ROUNDROBIN_DISCORD_TOKEN": TOKEN,
        "ROUNDROBIN_DISCORD_API_URL": discord.base,
        "ROUNDROBIN_DISCORD_GATEWAY_URL": discord.gateway.address,
    }
    with log.open("wb") as stream:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _RUN, str(path / "house"), *flags),
            cwd=ROOT,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stream,
        )
    try:
        await discord.gateway.connected(seconds=40)
        yield Bot(process, path / "house", log)
    finally:
        process.kill()
        await process.communicate()


async def live(discord: Discord, invite: str) -> list[Person]:
    """Let a poll be started and answered, a code be given, and somebody write."""
    says = discord.says
    mei, sam, ida = (discord.person(name) for name in ("mei", "samcanary", "ida"))
    sam.nick = NICK
    opened = await says.command(mei, "invite", at=discord.general)
    await says.submit(mei, opened, code=invite)
    await start(discord, mei, "New poll", **POLL)
    await start(discord, mei, "New report box")
    await start(discord, mei, "New petition", **PETITION)
    await start(discord, mei, "Interest in a union", offer="yes", **UNION)
    post, _, petition, union = await posts(discord)
    await says.press(sam, "Yes", post)
    opened = await says.press(ida, "Answer with a code", post)
    await says.submit(ida, opened, answer="No")
    answer = await says.write(sam, CANARY)
    await says.press(sam, "Do nothing", answer)
    code = await report(discord, sam)
    await look_again(discord, sam)
    opened = await says.submit(sam, await says.command(sam, "code"), code=code)
    assert "No report opens with this code" in opened.text
    opened = await says.command(sam, "code", at=discord.general)
    await says.submit(sam, opened, code=code, text=ADDED)
    opened = await says.press(ida, "Sign", petition)
    sealed = await says.submit(ida, opened, name=SIGNED, consent=["yes"])
    opened = await says.press(ida, "Take my name off", sealed)
    await says.submit(ida, opened, withdraw=["yes"])
    await confirm(discord, ida, union)
    await says.command(ida, "results")
    return [sam, ida]


async def confirm(discord: Discord, who: Person, union: Posted) -> None:
    """Sign, and be sent what was signed."""
    opened = await discord.says.press(who, "Sign", union)
    told = await discord.says.submit(who, opened, **CONFIRMED)
    assert "You signed." in told.text
    [confirmation] = discord.posted_in(who)
    assert SIGNED in text_of(confirmation.body)


async def start(
    discord: Discord, mei: Person, label: str, *, offer: str = "", **fields: str
) -> None:
    """Let something be started in the channel, and `offer` confirmations."""
    says = discord.says
    page = await says.command(mei, "organize", at=discord.general)
    drafted = await says.submit(mei, await says.press(mei, label, page), **fields)
    if offer:
        drafted = await says.change(mei, drafted, confirmation=offer)
    await says.press(mei, "Start it", drafted)


async def posts(discord: Discord) -> list[Posted]:
    """Return the posts, a poll, a box and two petitions, once they can be used."""
    titles = ("Do we meet?", "Report box", "Paid breaks", "We bargain together")

    def found() -> list[Posted]:
        there = discord.posted_in(discord.general)
        return [
            next((each for each in there if title in text_of(each.body)), there[0])
            for title in titles
        ]

    await until(
        lambda: len(discord.posted_in(discord.general)) == len(titles), seconds=40
    )
    await until(lambda: all(labels_of(each.body) for each in found()))
    return found()


async def report(discord: Discord, who: Person) -> str:
    """Report what a direct message says; return the code."""
    says = discord.says
    answer = await says.write(who, REPORTED)
    opened = await says.press(who, "Send this text anyway", answer)
    page = await says.submit(
        who,
        opened,
        category="Pay",
        severity="It hurts people",
        consent="Read my text",
    )
    sent = await says.press(who, "Send as it is now", page)
    found = re.search(r"```\n([0-9A-Z\s]+)\n```", sent.text)
    assert found is not None, sent.text
    return found[1].replace("\n", " ")


async def look_again(discord: Discord, who: Person) -> None:
    """Report in the channel, and change the text on the page before sending."""
    says = discord.says
    opened = await says.command(who, "report", at=discord.general)
    page = await says.submit(
        who,
        opened,
        category="Pay",
        severity="It hurts people",
        consent="Read my text",
        text=ADDED,
    )
    assert "**canary**" in page.text
    opened = await says.press_id(who, "~l0600:text", page.shown[-1])
    changed = await says.submit(who, opened, text=REPORTED)
    await says.press(who, "Send as it is now", changed)


def canaries(discord: Discord, people: list[Person]) -> list[str]:
    """Return everything that would point to them."""
    theirs = [e for e in discord.exchanges.values() if e.person in people]
    return [
        *(CANARY, REPORTED, ADDED, SIGNED, CONTACT, PHONE),
        *(each.id for each in people),
        *(each.channel for each in people),
        *(people[0].name, people[0].name.title(), NICK),
        *(each.token for each in theirs),
        *(each.id for each in theirs),
    ]


@pytest.mark.timeout(120)
async def test_nothing_is_left_of_people(tmp_path: Path) -> None:
    """Ids, names, tokens and texts are in no object, no file and no line of the log."""
    folder = await new_folder(tmp_path / "house")
    invite = await compose.invite(folder.path, PASSPHRASE)
    async with running_discord() as discord, bot_at(discord, tmp_path) as bot:
        people = await live(discord, invite)
        needles = canaries(discord, people)
        before = await bot.holds(needles, sweep=False)
        hits = await bot.holds(needles)
        written = bot.written()

    assert len(needles) > 12
    assert any(before.values()), "addresses hold ids until they are swept away"
    assert {needle: count for needle, count in hits.items() if count} == {}
    assert [each for each in needles if each.encode() in written] == []
    assert b"commands_set" in written


@pytest.mark.timeout(120)
async def test_the_search_finds_what_is_kept(tmp_path: Path) -> None:
    """The control: the same search finds the ids in a bot that keeps its events."""
    folder = await new_folder(tmp_path / "house")
    invite = await compose.invite(folder.path, PASSPHRASE)
    async with running_discord() as discord, bot_at(discord, tmp_path, "--keep") as bot:
        people = await live(discord, invite)
        tokens = [e.token for e in discord.exchanges.values() if e.person in people]
        needles = [each.id for each in people] + tokens
        hits = await bot.holds(needles)

    assert all(hits.values()), hits
