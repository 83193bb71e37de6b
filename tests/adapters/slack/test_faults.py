"""What goes wrong between Slack and the bot: nothing twice, lost, or said."""

import io
from pathlib import Path
from typing import Any

import pytest

from bot.service import Service
from bot.views import form_text, text
from tests.fakes.services import Slow, Speechless, nothing_more
from tests.fakes.slack import (
    Shown,
)
from tests.fakes.slack_house import SAM, STAFF, House, slack_house

DAY = 24 * 60 * 60


async def test_fault_after_the_acknowledgement_never_takes_it_back(
    slow_house: tuple[House, Slow], lines: io.StringIO
) -> None:
    """A bug is told to the person, and the log names its type and place alone."""
    house, slow = slow_house
    sam = house.person(SAM)
    slow.failing = True

    at_once = await house.slack.deliver("slash_commands", sam.typed("menu"))
    slow.let_go.clear()
    later = await house.slack.deliver("slash_commands", sam.typed("menu"))
    slow.let_go.set()

    assert text.FAULT in str(at_once["blocks"])
    assert later == {}
    assert (await sam.seen()).words == text.FAULT
    assert '"error_type": "RuntimeError"' in lines.getvalue()
    assert SAM not in lines.getvalue()


@pytest.mark.parametrize("fault", [{"status": 500}, {"error": "expired_trigger_id"}])
async def test_form_that_slack_does_not_open(
    house: House, fault: dict[str, Any]
) -> None:
    """The person is told that nothing was recorded."""
    post = await house.poll()
    house.slack.fail("views.open", **fault)

    told = await house.person(SAM).press(post, "Answer with a code")

    assert told.words == form_text.FORM_TOO_LATE


async def test_too_many_forms(house: House) -> None:
    """Slack opens a hundred a minute: the next person is told to try again."""
    post = await house.poll()
    house.slack.fail("views.open", retry_after=30)

    told = await house.person(SAM).press(post, "Answer with a code")

    assert told.words == form_text.FORM_TOO_LATE


@pytest.mark.parametrize("method", ["views.open", "views.publish", "views.update"])
async def test_answer_that_cannot_be_shown_harms_nobody(
    house: House, lines: io.StringIO, method: str
) -> None:
    """Where nobody can be told, the log says so, and the next one is served."""
    house.slack.fail(method, "invalid_blocks", times=9)
    sam = house.person(SAM)
    payload = {
        "views.open": sam.pressed(Shown("home", {}, view_id="H1"), "privacy"),
        "views.publish": sam.event(type="app_home_opened", user=SAM, tab="home"),
        "views.update": sam.pressed(Shown("form", {}, view_id="V1"), "privacy"),
    }[method]
    kind = "events_api" if "event" in payload else "interactive"

    assert await house.slack.deliver(kind, payload) == {}

    assert await nothing_more(house, SAM)
    assert "answer_not_shown" in lines.getvalue()
    assert "What do you want" in (await sam.command()).words


@pytest.mark.parametrize(
    "error",
    ["channel_not_found", "not_in_channel", "invalid_blocks", "token_revoked"],
)
async def test_direct_answer_that_slack_refuses(
    house: House, lines: io.StringIO, error: str
) -> None:
    """It is not tried again; the log says that, and nothing of the person."""
    house.slack.fail("chat.postMessage", error)
    sam = house.person(SAM)

    assert await house.slack.deliver("events_api", sam.written("canary")) == {}
    assert await nothing_more(house, SAM)

    assert len(house.slack.called("chat.postMessage")) == 1
    assert "answer_not_shown" in lines.getvalue()
    assert "canary" not in lines.getvalue()
    assert SAM not in lines.getvalue()
    assert (await sam.write("hello")).kind == "direct"


@pytest.mark.parametrize(
    "over",
    [
        {"error": "expired_url", "status": 404},
        {"error": "used_url", "status": 404},
        {"error": "expired_url", "status": 410},
        {"error": "expired_url"},
    ],
    ids=str,
)
async def test_answer_whose_address_is_over(house: House, over: dict[str, Any]) -> None:
    """A window says the same words; nothing is lost, and nothing counts twice."""
    post = await house.poll()
    for number, name in enumerate(STAFF[:27]):
        label = "No" if number < 4 else "Unsure" if number < 7 else "Yes"
        await house.person(name).press(post, label)
    house.slack.fail("response_url", times=2, **over)
    lost, twice = house.person(SAM), house.person(STAFF[30])

    told = await lost.press(post, "No")
    also = await twice.press(post, "Unsure")
    usual = await twice.press(post, "Unsure")
    privacy = await lost.press(told, "Who can see what?")
    await house.advance(4 * DAY)

    assert (told.kind, also.kind, usual.kind) == ("form", "form", "private")
    assert told.words == also.words == usual.words
    assert told.words.startswith("*Received.*")
    assert "This lowers the risk." in privacy.words
    result = house.slack.posts()[1].words
    assert "• No: about 5\n" in result
    assert "• Unsure: 0–4" in result


async def test_address_takes_five_messages(house: House) -> None:
    """A page that somebody turned too often for its address is turned once more."""
    await house.poll()
    sam = house.person(SAM)
    menu = await sam.command()
    payload = sam.pressed(menu, menu.buttons()["Result"])

    turned: list[str] = []
    for _ in range(6):
        again = payload | {"trigger_id": house.slack.trigger(SAM)}
        assert await house.slack.deliver("interactive", again) == {}
        turned.append((await sam.seen()).kind)

    assert turned == ["private"] * 5 + ["form"]


async def test_answer_that_has_no_way_left(house: House, lines: io.StringIO) -> None:
    """Both the address and the trigger are over: the log says so, the answer counts."""
    post = await house.poll()
    for name in STAFF[:9]:
        await house.person(name).press(post, "Yes")
    sam = house.person(SAM)
    house.slack.fail("response_url", "expired_url", status=404)
    house.slack.fail("views.open", "expired_trigger_id")

    tap = sam.pressed(post, post.buttons()["Yes"])
    assert await house.slack.deliver("interactive", tap) == {}
    assert await nothing_more(house, SAM)
    menu = await sam.command()
    await house.advance(4 * DAY)

    assert "answer_not_shown" in lines.getvalue()
    assert "expired" not in lines.getvalue()
    assert "What do you want" in menu.words
    assert "At least 10 people answered." in house.slack.posts()[1].words


async def test_view_that_cannot_be_made_ends_nothing(
    tmp_path: Path, lines: io.StringIO
) -> None:
    """A bug between the answer and its words: acknowledged, told, and the bot lives."""
    made: list[Speechless] = []

    def around(service: Service) -> Speechless:
        made.append(Speechless(service))
        return made[0]

    async with slack_house(tmp_path, around=around) as house:
        post = await house.poll()
        sam = house.person(SAM)
        form = await sam.press(post, "Answer with a code")
        made[0].speechless = True

        told = await sam.submit(form, answer="Yes")
        assert await house.slack.deliver("events_api", sam.written("hello")) == {}
        assert await nothing_more(house, SAM)
        made[0].speechless = False

        assert told.words.startswith(text.FAULT)
        assert told.inputs()["answer"]["initial_option"]["value"] == "Yes"
        assert lines.getvalue().count("answer_not_shown") == 2
        assert "What do you want" in (await sam.command()).words


@pytest.mark.parametrize("fault", [{"retry_after": 1}, {"status": 502}])
async def test_private_answer_waits_for_slack(
    house: House, fault: dict[str, Any]
) -> None:
    """A private answer that Slack does not take now is sent a little later."""
    post = await house.poll()
    house.slack.fail("response_url", **fault)

    answer = await house.person(SAM).press(post, "Yes")

    assert answer.words.startswith("*Received.*")


async def test_direct_answer_waits_for_slack(house: House) -> None:
    """So is the answer to a direct message."""
    house.slack.fail("chat.postMessage", retry_after=1)

    choice = await house.person(SAM).write("hello")

    assert choice.kind == "direct"
    assert len(house.slack.called("chat.postMessage")) == 2
