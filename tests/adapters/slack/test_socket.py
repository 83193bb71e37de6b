"""The socket is lost, refreshed or refused, and Slack slow: nothing is lost."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from adapters.slack import accounts
from bot.core.errors import TooBusy
from bot.service import Service
from bot.views import form_text
from tests.fakes.services import Slow
from tests.fakes.slack import (
    GENERAL,
    NotAcknowledged,
)
from tests.fakes.slack_house import SAM, STAFF, House, slack_house

DAY = 24 * 60 * 60


@pytest.mark.usefixtures("quick")
@pytest.mark.timeout(180)
async def test_ten_reconnects(tmp_path: Path) -> None:
    """Refreshed and dropped, ten times: the next tap is answered."""
    async with slack_house(tmp_path) as house:
        post = await house.poll()
        for turn in range(10):
            if turn % 2:
                await house.slack.drop_socket()
            else:
                await house.slack.refresh_socket()
            await house.slack.connected()

            answer = await house.person(STAFF[turn]).press(post, "Yes")

            assert answer.words.startswith("*Received.*")
        assert 11 <= house.slack.connections <= 13
        assert len(asyncio.all_tasks()) < 40


@pytest.mark.usefixtures("quick")
async def test_drop_while_an_answer_is_on_its_way(
    tmp_path: Path,
) -> None:
    """What came over the old socket is recorded; Slack sends it again: once is done."""
    made: list[Slow] = []

    def around(service: Service) -> Slow:
        made.append(Slow(service))
        return made[0]

    async with slack_house(tmp_path, around=around) as house:
        post = await house.poll()
        sam = house.person(SAM)
        payload = sam.pressed(post, post.buttons()["Yes"])
        made[0].let_go.clear()
        asked = made[0].asked
        sent = asyncio.ensure_future(house.slack.deliver("interactive", payload))
        async with asyncio.timeout(5):
            while made[0].asked == asked:  # noqa: ASYNC110 - a plain count
                await asyncio.sleep(0.01)
        await house.slack.drop_socket()
        await house.slack.connected()
        made[0].let_go.set()
        sent.cancel()

        answer = await sam.seen()
        again = await house.slack.deliver("interactive", payload)

        assert answer.words.startswith("*Received.*")
        assert again == {}
        assert made[0].asked == asked + 1


@pytest.mark.usefixtures("quick")
async def test_address_is_refused_for_a_while(tmp_path: Path) -> None:
    """Slack gives no new address at once: the bot asks again."""
    async with slack_house(tmp_path) as house:
        house.slack.fail("apps.connections.open", status=503, times=2)
        house.slack.fail("apps.connections.open", status=503, content="text/plain")
        house.slack.fail("apps.connections.open", "internal_error", times=2)
        await house.slack.drop_socket()
        await house.slack.connected()

        assert "What do you want" in (await house.person(SAM).command()).words


async def test_nothing_of_the_last_message_stays_in_the_socket(house: House) -> None:
    """The client's own frames hold no payload while they wait for the next."""
    await house.person(SAM).command("canary-command")
    await asyncio.sleep(0.05)

    held = [
        repr(task.get_stack()[-1].f_locals)
        for task in asyncio.all_tasks()
        if "Socket" in str(task.get_coro()) and task.get_stack()
    ]

    assert held
    assert "canary-command" not in "".join(held)


async def test_unacknowledged_is_noticed_by_the_fake(
    slow_house: tuple[House, Slow], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a bot that waits for its answer is not acknowledged in time."""
    house, slow = slow_house
    monkeypatch.setattr("adapters.slack.listeners.ACKNOWLEDGE_SECONDS_MAX", 60)
    slow.let_go.clear()

    with pytest.raises(NotAcknowledged):
        await house.slack.deliver("slash_commands", house.person(SAM).typed())
    slow.let_go.set()


async def test_post_waits_in_a_channel_that_slack_holds_up(house: House) -> None:
    """A post that Slack refuses for a while is posted once, later."""
    house.slack.fail("chat.postMessage", retry_after=1)

    await house.poll()

    assert len(house.slack.posts(GENERAL)) == 1


# What is asked of Slack for a person who waits, and what the bot asks for itself; the
# file itself goes to an address that Slack names.
FOR_PEOPLE = frozenset(
    {
        *("chat.postMessage", "conversations.history", "conversations.info"),
        *("conversations.members", "response_url"),
        *("views.open", "views.publish", "views.update"),
    }
)
FOR_ITSELF = frozenset(
    {
        *("apps.connections.open", "auth.test", "chat.update"),
        *("files.completeUploadExternal", "files.getUploadURLExternal", "upload"),
        *("users.conversations", "users.list"),
    }
)


# A second's patience, and a fault of Slack's own.
HELD_UP: tuple[dict[str, Any], ...] = ({"retry_after": 1}, {"status": 500})


def hold_up(house: House, methods: frozenset[str], fault: dict[str, Any]) -> None:
    """Let Slack answer with this fault, once at each method."""
    for method in methods:
        house.slack.fail(method, **fault)


def all_held_up(house: House) -> bool:
    """Tell whether each method was, and no other one is in use that could be."""
    called = {method for method, _ in house.slack.calls}
    assert called <= FOR_PEOPLE | FOR_ITSELF
    return not any(fault.times for fault in house.slack.faults)


@pytest.mark.parametrize("fault", HELD_UP, ids=["429", "500"])
async def test_people_are_answered_through_a_fault(
    house: House, fault: dict[str, Any]
) -> None:
    """Held up at any method, each is answered, or told to try again."""
    await house.start("box", name="Report box")
    post = await house.poll()
    sam = house.person(SAM)
    hold_up(house, FOR_PEOPLE, fault)

    for _ in range(2):
        with suppress(TooBusy):
            await house.adapter.platform.audience(f"slack/{GENERAL}")
    tapped, home, choice = await asyncio.gather(
        house.person(STAFF[0]).press(post, "Yes"),
        house.person(STAFF[1]).open_home(),
        sam.write("Overtime is not paid."),
    )
    late = await sam.press(post, "Answer with a code")
    unread = await sam.press(choice, "Send this text anyway")
    read = await sam.press(choice, "Send this text anyway")
    form = await sam.press(post, "Answer with a code")
    turned = await sam.press(await sam.submit(form, answer="Yes"), "I don't need it")

    assert tapped.words.startswith("*Received.*")
    assert "What do you want to do?" in home.words
    assert late.words == form_text.FORM_TOO_LATE
    assert "initial_value" not in unread.inputs()["text"]
    assert read.inputs()["text"]["initial_value"] == "Overtime is not paid."
    assert turned.kind == "form"
    assert all_held_up(house)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("fault", HELD_UP, ids=["429", "500"])
async def test_bot_itself_waits_through_a_fault(
    house: House, monkeypatch: pytest.MonkeyPatch, fault: dict[str, Any]
) -> None:
    """Held up at any method, the lists are read and each thing is posted once."""
    monkeypatch.setattr(accounts, "RETRY_SECONDS_MIN", 0.01)
    post = await house.poll()
    for name in STAFF[:12]:
        await house.person(name).press(post, "Yes")
    hold_up(house, FOR_ITSELF, fault)

    await house.slack.drop_socket()
    await house.slack.connected()
    await asyncio.gather(house.adapter._accounts.load(), house.advance(4 * DAY))

    words = [each.words for each in house.slack.posts()]
    assert [each.startswith("Result:") for each in words] == [False, True]
    assert all_held_up(house)
