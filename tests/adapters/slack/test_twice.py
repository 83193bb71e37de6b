"""Slack sends a thing twice, or somebody taps often: it is done once."""

import asyncio
import json
from pathlib import Path

import pytest

from bot.views import text
from tests.fakes.services import Slow, nothing_more
from tests.fakes.slack_house import MEI, SAM, STAFF, House, slack_house

DAY = 24 * 60 * 60


async def test_duplicate_envelope_is_done_once(house: House) -> None:
    """An envelope that comes twice is acknowledged twice and done once."""
    payload = house.person(SAM).typed("menu")

    first = await house.slack.deliver("slash_commands", payload, envelope_id="E1")
    second = await house.slack.deliver("slash_commands", payload, envelope_id="E1")

    assert "What do you want to do?" in str(first)
    assert second == {}


@pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])
async def test_repeated_event_is_answered_once(tmp_path: Path, *, http: bool) -> None:
    """Slack repeats an event that it thinks was lost."""
    async with slack_house(tmp_path, http=http) as house:
        sam = house.person(SAM)
        payload = sam.written("hello")

        for attempt in range(4):
            await house.slack.deliver("events_api", payload, retry_attempt=attempt)
        await sam.seen()

        assert await nothing_more(house, SAM)


async def test_event_that_failed_may_come_again(
    slow_house: tuple[House, Slow],
) -> None:
    """What met a fault is not remembered as done."""
    house, slow = slow_house
    sam = house.person(SAM)
    payload = sam.written("hello")
    slow.failing = True
    await house.slack.deliver("events_api", payload)
    assert text.FAULT in (await sam.seen()).words
    slow.failing = False

    await house.slack.deliver("events_api", payload, retry_attempt=1)

    assert "Choose what happens" in (await sam.seen()).words


async def test_same_button_pressed_fifty_times(house: House) -> None:
    """Each tap is answered with the same bytes, and it counts once."""
    post = await house.poll()
    for name in STAFF[:30]:
        await house.person(name).press(post, "Yes")
    sam = house.person(SAM)

    seen = await asyncio.gather(*(sam.press(post, "No") for _ in range(50)))
    await house.advance(4 * DAY)

    assert len({json.dumps(each.content) for each in seen}) == 1
    assert "• No: 0–4" in house.slack.posts()[1].words


async def test_start_pressed_twice_at_once(house: House) -> None:
    """Two taps on Start it start one poll."""
    mei = house.person(MEI)
    preview = await mei.submit(
        await mei.command("poll"), question="Once?", options="Yes\nNo"
    )

    await asyncio.gather(*(mei.press(preview, "Start it") for _ in range(2)))
    await house.posted()

    assert len(house.slack.posts()) == 1
