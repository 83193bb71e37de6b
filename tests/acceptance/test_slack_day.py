"""A day in a workspace of 240 people, and the same day on the console."""

import asyncio
import random
from pathlib import Path

import pytest

from bot.core.publication import to_json
from bot.core.records import Drive
from bot.views.results import paragraphs, released_of
from tests.fakes.program import Console, action, found_cheaply, of_kind
from tests.fakes.slack import Shown
from tests.fakes.slack_house import MEI, SAM, House, slack_house

DAY = 24 * 60 * 60
CROWD = tuple(f"U0CROWD{number:03}" for number in range(240))
VOTERS = CROWD[:200]
CHANGING = VOTERS[40:70]
OPTIONS = ("Yes", "No", "Unsure")
POLL = {
    "question": "Should we ask for paid lunch breaks?",
    "options": "\n".join(OPTIONS),
    "closes": "72h",
    "name": "lunch",
}


def choices() -> tuple[dict[str, str], dict[str, str]]:
    """Return who taps what, and who taps what else before the first count."""
    dice = random.Random(4711)
    first = {name: dice.choices(OPTIONS, (6, 3, 1))[0] for name in VOTERS}
    return first, {name: dice.choice(OPTIONS) for name in CHANGING}


async def taps(house: House, post: Shown, chosen: dict[str, str]) -> set[str]:
    """Let everybody tap at once; return the different answers that they are shown."""
    seen = await asyncio.gather(
        *(house.person(name).press(post, label) for name, label in chosen.items())
    )
    assert {each.kind for each in seen} == {"private"}
    return {str(each.content) for each in seen}


def console_result(folder: Path) -> dict[str, object]:
    """Return what the console releases of the same answers."""
    first, changed = choices()
    founded = found_cheaply(folder)
    with Console(data=folder, passphrase=founded.passphrase) as console:
        console.ask(people=[MEI, SAM, *CROWD])
        console.submit(MEI, "join", code=founded.invite)
        draft = console.submit(MEI, "poll", **POLL)
        console.press(MEI, action(draft, "Start it"))
        for chosen in (first, changed):
            console.answers(
                [
                    console.send({"as": name, "press": f"vote:lunch:{at}"})
                    for name, at in (
                        (name, OPTIONS.index(label)) for name, label in chosen.items()
                    )
                ]
            )
        console.advance("80h")
        [tally] = of_kind(console.command(MEI, "tally lunch"), "tally")
    released: dict[str, object] = tally["data"]["released"]
    return released


@pytest.mark.timeout(120)
@pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])
async def test_day_in_a_workspace(tmp_path: Path, *, http: bool) -> None:
    """Form, second organizer, 200 taps, 30 changes, tallies: as on the console."""
    first, changed = choices()
    (tmp_path / "slack").mkdir()
    async with slack_house(tmp_path / "slack", http=http) as house:
        house.slack.add_people(*CROWD)
        await house.welcome(SAM)
        mei, sam = house.person(MEI), house.person(SAM)
        preview = await mei.submit(await mei.command("poll"), **POLL)
        await mei.press(preview, "Ask a second organizer")
        await sam.press(await sam.command("confirm"), "Start it")
        await house.posted()
        [post] = house.slack.posts()

        told = await taps(house, post, first)
        told |= await taps(house, post, changed)
        before = [await each.command("results lunch") for each in (mei, sam)]
        await house.advance(DAY)
        floor = house.slack.posts()[0].words
        await house.advance(3 * DAY)
        after = [await each.command("results lunch") for each in (mei, sam)]
        [drive] = house.place.gate.drives()
        result = house.slack.posts()[1]

        assert len(told) == 1
        assert "There is no early look, for organizers neither." in before[0].words
        assert "At least 200 people have answered." in floor
        assert before[0].content == before[1].content
        assert after[0].content == after[1].content
        assert table(drive) == await asyncio.to_thread(
            console_result, tmp_path / "console"
        )
        assert rows(result) == rows(after[0]) == expected_rows(drive)
        assert house.slack.broken == []


def table(drive: Drive) -> dict[str, object]:
    """Return what a drive has published."""
    released = released_of(drive)
    assert released is not None
    return to_json(released)


def expected_rows(drive: Drive) -> list[str]:
    """Return the rows of a result in our own words, with Slack's mark for bold."""
    released = released_of(drive)
    assert released is not None
    return paragraphs(released)[0].replace("**", "*").split("\n")


def rows(shown: Shown) -> list[str]:
    """Return the rows of a result as somebody reads them."""
    return [line for line in shown.words.split("\n") if line.startswith("• ")]
