"""Every request is acknowledged in time, however long its answer takes."""

import asyncio
import time

import pytest

from bot.views import form_text
from tests.fakes.services import Slow
from tests.fakes.slack_house import MEI, SAM, STAFF, House

DAY = 24 * 60 * 60


async def test_slow_answer_follows_its_acknowledgement(
    slow_house: tuple[House, Slow],
) -> None:
    """What takes longer than two seconds is acknowledged, and answered afterwards."""
    house, slow = slow_house
    post = await house.poll()
    sam = house.person(SAM)
    slow.let_go.clear()

    command = await house.slack.deliver("slash_commands", sam.typed("menu"))
    tap = await house.slack.deliver(
        "interactive", sam.pressed(post, post.buttons()["Yes"])
    )
    assert sam.has_seen_all
    slow.let_go.set()
    seen = [(await sam.seen()).words for _ in range(2)]

    assert command == tap == {}
    assert any("What do you want to do?" in words for words in seen)
    assert any("Received" in words for words in seen)


async def test_slow_form_shows_that_work_goes_on(
    slow_house: tuple[House, Slow],
) -> None:
    """The window says so, and shows the code when it comes: in no message."""
    house, slow = slow_house
    post = await house.poll()
    sam = house.person(SAM)
    form = await sam.press(post, "Answer with a code")
    slow.let_go.clear()

    working = await sam.submit(form, answer="Yes")
    slow.let_go.set()
    page = await sam.seen()

    assert "Working on it" in working.words
    assert page.view_id == form.view_id
    assert page.content["title"]["text"] == "Keep this code"


async def test_slow_refusal_keeps_what_was_typed(
    slow_house: tuple[House, Slow],
) -> None:
    """A refusal that comes late stands above the form as it was sent."""
    house, slow = slow_house
    post = await house.poll()
    sam = house.person(SAM)
    form = await sam.press(post, "Answer with a code")
    slow.let_go.clear()
    await sam.submit(form, answer="No", code="K7QM" + "0" * 22)
    slow.let_go.set()

    refused = await sam.seen()

    assert refused.words.startswith("Nothing was recorded. That code")
    assert refused.inputs()["answer"]["initial_option"]["value"] == "No"


async def test_slow_start_says_that_work_goes_on(
    slow_house: tuple[House, Slow],
) -> None:
    """Starting waits for the counter: the page says so, then what became of it."""
    house, slow = slow_house
    mei = house.person(MEI)
    preview = await mei.submit(
        await mei.command("poll"), question="Slow?", options="Yes\nNo"
    )
    slow.let_go.clear()

    working = await mei.press(preview, "Start it")
    slow.let_go.set()
    started = await mei.seen()

    assert "Working on it" in working.words
    assert "It is open" in started.words


async def test_form_that_comes_too_late(slow_house: tuple[House, Slow]) -> None:
    """A form that could not be opened within three seconds: the person is told."""
    house, slow = slow_house
    post = await house.poll()
    sam = house.person(SAM)
    slow.let_go.clear()
    payload = sam.pressed(post, post.buttons()["Answer with a code"])
    await house.slack.deliver("interactive", payload)
    await asyncio.sleep(1.2)
    slow.let_go.set()

    told = await sam.seen()

    assert told.words == form_text.FORM_TOO_LATE


@pytest.mark.timeout(180)
async def test_a_thousand_waiting_are_acknowledged(house: House) -> None:
    """Acknowledged within three seconds, each answered, each counted."""
    crowd = [f"U0CROWD{number:04}" for number in range(1_000)]
    house.slack.add_people(*crowd)
    post = await house.poll()
    slowest = 0.0

    yes = post.buttons()["Yes"]

    async def tap(name: str) -> None:
        nonlocal slowest
        payload = house.person(name).pressed(post, yes)
        started = time.monotonic()
        assert await house.slack.deliver("interactive", payload) == {}
        slowest = max(slowest, time.monotonic() - started)

    await asyncio.gather(*map(tap, crowd))
    answers = [await house.person(name).seen() for name in crowd]
    await house.advance(4 * DAY)

    assert slowest < 3.0
    assert all(each.words.startswith("*Received.*") for each in answers)
    assert "At least 1000 people answered." in house.slack.posts()[1].words


async def test_submissions_during_a_count(house: House) -> None:
    """While the counter works, answers are taken and acknowledged."""
    post = await house.poll()
    for name in STAFF[:15]:
        await house.person(name).press(post, "Yes")
    count = asyncio.ensure_future(house.advance(DAY))

    answers = [await house.person(name).press(post, "No") for name in STAFF[15:35]]
    await count
    await house.advance(4 * DAY)

    assert all(each.words.startswith("*Received.*") for each in answers)
    assert "At least 35 people answered." in house.slack.posts()[1].words
