"""A day with a poll on Discord, as two hundred people and two organizers live it.

The real discord.py carries it to a fake Discord, and the same people answer the same
poll on the console: both publish the same.
"""

import asyncio
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.core.publication import to_json
from bot.core.records import Role
from tests.fakes.discord_house import House, running_house
from tests.fakes.discord_people import Exchange, labels_of, text_of
from tests.fakes.discord_shapes import Person, Posted
from tests.fakes.program import Console, action, found_cheaply

HOUR = 60 * 60
PEOPLE = 200
OPTIONS = ("Yes", "No", "Unsure", "Later")
# 200 people answer, by place in the row; then 30 of them change their minds.
FIRST = dict.fromkeys(range(110), "Yes")
FIRST |= dict.fromkeys(range(110, 180), "No")
FIRST |= dict.fromkeys(range(180, PEOPLE), "Unsure")
CHANGED = dict.fromkeys(range(20), "No") | dict.fromkeys(range(110, 120), "Yes")
# Answers in flight at one time: a busy minute after the post.
TOGETHER = 25


@dataclass
class Day:
    """What the day left behind."""

    waiting: Exchange
    terms: Exchange
    post: Posted
    receipts: list[Exchange]
    early: list[Exchange]
    late: list[Exchange]
    posted: list[Posted]
    released: dict[str, Any]
    wrong: list[str]
    files: bytes


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """Let the day pass."""
    return asyncio.run(live_at(tmp_path_factory.mktemp("day") / "house"))


async def live_at(path: Path) -> Day:
    """Let the day pass in an installation of its own."""
    async with running_house(path) as house:
        return await live(house)


async def live(house: House) -> Day:
    """Let two organizers start a poll, people answer it, and time pass."""
    says, discord = house.says, house.discord
    discord.approximate_members = PEOPLE
    mei, sam = discord.person("mei"), discord.person("sam")
    await house.welcome(mei, Role.LEAD)
    await house.welcome(sam)
    drafted = await house.draft(mei, options="\n".join(OPTIONS), closes="72h")
    waiting = await says.press(mei, "Ask a second organizer", drafted)
    page = await says.command(sam, "organize", at=discord.general)
    terms = await says.press(sam, "Confirm", page)
    await says.press(sam, "Start it", terms)
    await house.settle()
    (post,) = discord.posted_in(discord.general)
    people = [discord.person(f"worker{number}") for number in range(PEOPLE)]
    receipts = await tap(house, post, people, FIRST)
    receipts += await tap(house, post, people, CHANGED)
    early = [
        await says.command(who, "results", at=discord.general) for who in (mei, sam)
    ]
    await house.advance(24 * HOUR)
    early.append(await says.command(mei, "results", at=discord.general))
    await house.advance(48 * HOUR)
    late = [
        await says.command(who, "results", at=discord.general)
        for who in (mei, people[7])
    ]
    (name,) = [drive.terms.name for drive in house.world.gate.drives()]
    return Day(
        waiting=waiting,
        terms=terms,
        post=post,
        receipts=receipts,
        early=early,
        late=late,
        posted=discord.posted_in(discord.general),
        released=to_json(await house.world.released(name)),
        wrong=discord.wrong,
        files=b"\0".join(house.world.bytes_of_all().values()),
    )


async def tap(
    house: House, post: Posted, people: list[Person], choices: dict[int, str]
) -> list[Exchange]:
    """Let people tap, many at a time."""
    found: list[Exchange] = []
    waiting = list(choices.items())
    while waiting:
        now, waiting = waiting[:TOGETHER], waiting[TOGETHER:]
        found += await asyncio.gather(
            *(house.says.press(people[at], option, post) for at, option in now)
        )
    return found


@pytest.fixture(scope="module")
def console_released(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Let the same answers be given on the console, and return what it releases."""
    data = tmp_path_factory.mktemp("console") / "data"
    founded = found_cheaply(data)
    names = [f"worker{number}" for number in range(PEOPLE)]
    with Console(data, founded.passphrase) as console:
        console.ask(people=names)
        console.submit(names[0], "join", code=founded.invite)
        draft = console.submit(
            names[0],
            "poll",
            question="Should we ask for paid lunch breaks?",
            options="\n".join(OPTIONS),
            closes="72h",
            name="lunch",
        )
        post = console.press(names[0], action(draft, "Start it"))
        for choices in (FIRST, CHANGED):
            sent = [
                console.send({"as": names[at], "press": action(post, option)})
                for at, option in choices.items()
            ]
            console.answers(sent)
        console.advance("72h")
        (seen,) = [
            each["data"]
            for each in console.command(names[5], "tally lunch")
            if each["kind"] == "tally"
        ]
        released: dict[str, Any] = seen["released"]
        return released


@pytest.mark.timeout(240)
def test_poll_starts_with_a_second_organizer(day: Day) -> None:
    """One organizer asks, the other reads the terms and starts it."""
    assert "Waiting for one other organizer" in day.waiting.text
    assert "/rr organize, then Confirm" in day.waiting.text
    assert "Another organizer wants to start this poll" in day.terms.text
    assert labels_of(day.post.bodies[0])[:4] == list(OPTIONS)


@pytest.mark.timeout(240)
def test_every_tap_brings_the_same_bytes(day: Day) -> None:
    """230 taps, first ones and changes, are answered alike and privately."""
    answers = {json.dumps(each.callback) for each in day.receipts}

    assert len(day.receipts) == len(FIRST) + len(CHANGED)
    assert len(answers) == 1
    assert json.loads(answers.pop())["data"]["flags"] & 64


@pytest.mark.timeout(240)
def test_nobody_sees_a_result_before_the_close(day: Day) -> None:
    """Organizers too read how many answered at least, at a count, and no more."""
    assert "No number yet" in day.early[0].text
    assert day.early[0].text == day.early[1].text
    assert "At least 200 people have answered" in day.early[2].text
    assert all("There is no early look" in each.text for each in day.early)


@pytest.mark.timeout(120)
def test_result_is_the_console_s(day: Day, console_released: dict[str, Any]) -> None:
    """The same answers release the same table on both platforms."""
    final = Counter((FIRST | CHANGED).values())
    shown = text_of(next(p for p in day.posted if "Result:" in text_of(p.body)).body)

    assert final == {"Yes": 100, "No": 80, "Unsure": 20}
    assert day.released == console_released
    assert re.findall(r"No: about (\d+)", shown) == ["80"]
    assert "Yes: **most chosen**" in shown
    assert day.late[0].text == day.late[1].text
    assert "No: about 80" in day.late[0].text


@pytest.mark.timeout(240)
def test_everything_had_its_form(day: Day) -> None:
    """No request of the bot was other than Discord's published description has it."""
    assert day.wrong == []


@pytest.mark.timeout(240)
def test_signed_result_is_a_file(day: Day) -> None:
    """The certificate goes with a post of its own."""
    (file,) = [each for each in day.posted if "Signed result" in text_of(each.body)]

    assert (
        list(file.files) == ["should-we-ask-for-paid.certificate"]
        or len(file.files) == 1
    )
    assert any(part["type"] == 13 for part in file.body["components"][0]["components"])
