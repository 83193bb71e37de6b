"""People press, type and write; the real discord.py carries it to a fake Discord."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from adapters.discord.listeners import IN_FLIGHT_MAX
from bot.requests import DirectMessage, Place, Press, Reply, Request
from bot.service import Service
from bot.views.widgets import Card, CardKind, Line
from tests.fakes.discord import running_discord, until
from tests.fakes.discord_format import walk
from tests.fakes.discord_house import House, house_of, running_house
from tests.fakes.discord_people import labels_of, text_of
from tests.fakes.discord_shapes import Posted, new_id
from tests.world import running_world

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
FOLLOW_UP = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
MESSAGES = "/channels/{channel_id}/messages"


async def started(house: House, **fields: Any) -> Posted:
    """Let mei start a poll."""
    mei = house.discord.person("mei")
    await house.welcome(mei)
    return await house.poll(mei, **fields)


class Slow(Service):
    """The core, behind something that takes its time."""

    def __init__(self, inner: Service, seconds: float) -> None:
        self._inner = inner
        self._seconds = seconds
        self.asked: list[Request] = []

    async def handle(self, request: Request) -> list[Reply]:
        self.asked.append(request)
        await asyncio.sleep(self._seconds)
        return await self._inner.handle(request)


class Broken(Service):
    """A core with a fault in it."""

    def __init__(self) -> None:
        """Need nothing."""

    async def handle(self, request: Request) -> list[Reply]:
        raise RuntimeError("a text that nobody should read")


class Scripted(Service):
    """A core with the same answer for everything; it notes what it was asked."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies)
        self.asked: list[Request] = []

    async def handle(self, request: Request) -> list[Reply]:
        self.asked.append(request)
        return self._replies


# What is private ---------------------------------------------------------------------


async def test_poll_is_posted_and_answered(house: House) -> None:
    """An organizer starts a poll; a member taps, and only they see the receipt."""
    post = await started(house)
    sam = house.discord.person("sam")
    receipt = await house.says.press(sam, "Yes", post)

    assert "Should we ask for paid lunch breaks?" in text_of(post.body)
    assert labels_of(post.body)[:3] == ["Yes", "No", "Unsure"]
    assert receipt.text.startswith("**Received.**")
    assert receipt.callback["data"]["flags"] & 64
    assert len(post.bodies) == 1


async def test_receipts_are_the_same_bytes(house: House) -> None:
    """A first tap, a changed one, a repeated one and somebody else's bring one text."""
    post = await started(house)
    sam, ida = house.discord.person("sam"), house.discord.person("ida")
    taps = [(sam, "Yes"), (sam, "No"), (sam, "No"), (ida, "Unsure")]
    bodies = [
        (await house.says.press(who, label, post)).callback for who, label in taps
    ]

    assert all(body == bodies[0] for body in bodies)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("menu", "What do you want to do?"),
        ("list", "There is no poll yet"),
        ("privacy", "Who can see what: Discord"),
        ("help", "/rr menu"),
        ("report", "no report box"),
        ("sign", "No petition is open"),
        ("code", "No poll is open"),
        ("results", "There is no poll yet"),
        ("vote", "No poll is open"),
        ("organize", "This page is for organizers"),
    ],
)
async def test_commands_are_answered_privately(
    house: House, name: str, words: str
) -> None:
    """Every subcommand has its page, in a server and in direct messages alike."""
    sam = house.discord.person("sam")
    for at in (house.discord.general, None):
        asked = await house.says.command(sam, name, at=at)

        assert words in asked.text
        assert asked.callback["data"]["flags"] & 64


async def test_nobody_is_mentioned(house: House) -> None:
    """Whatever people write in a question, no message may call anybody."""
    post = await started(house, question="@everyone <@1> **now** [x](http://y.example)")
    shown = text_of(post.body)

    assert post.body["allowed_mentions"] == {"parse": []}
    assert "<@1>" not in shown.replace("\\<", "")
    assert "\\[x\\](http\\://y.example)" in shown


# Forms -------------------------------------------------------------------------------


async def test_form_gives_a_code_and_takes_it_again(house: House) -> None:
    """Answering with a code opens a form; the code changes a counted answer."""
    post = await started(house)
    sam = house.discord.person("sam")
    opened = await house.says.press(sam, "Answer with a code", post)
    given = await house.says.submit(sam, opened, answer="Yes")
    code = "".join(given.text.split("```")[1].split())
    changing = await house.says.command(sam, "code", at=house.discord.general)
    changed = await house.says.submit(sam, changing, code=code, answer="No")

    assert len(opened.form["components"]) <= 5
    assert len(code) == 26
    assert changed.text.startswith("**Received.**")
    kept = await house.says.press(sam, "I have it", given)
    checked = await house.says.submit(sam, kept, last4=code[-4:])
    assert "That is right" in checked.text


async def test_form_of_before_a_restart(tmp_path: Path) -> None:
    """A button and a form that were opened before a restart work after it."""
    async with running_discord() as discord, running_world(tmp_path / "house") as world:
        async with house_of(world, discord) as house:
            await discord.gateway.connected()
            post = await started(house)
            sam = discord.person("sam")
            opened = await house.says.press(sam, "Answer with a code", post)
        async with house_of(world, discord) as house:
            await until(lambda: discord.gateway.is_connected)
            given = await house.says.submit(sam, opened, answer="Yes")
            tapped = await house.says.press(sam, "No", post)

    assert "sealed and sent" in given.text
    assert tapped.text.startswith("**Received.**")


async def test_drive_closed_between_form_and_submit(house: House) -> None:
    """Who sends a form too late reads that nothing was recorded."""
    post = await started(house)
    sam = house.discord.person("sam")
    opened = await house.says.press(sam, "Answer with a code", post)
    await house.advance(73 * 60 * 60)
    late = await house.says.submit(sam, opened, answer="Yes")

    assert "Nothing was recorded. This poll is closed." in late.text


async def test_several_choices_go_through_the_form(house: House) -> None:
    """A poll with several answers has boxes to check."""
    mei = house.discord.person("mei")
    await house.welcome(mei)
    post = await house.poll(mei, choice="multi")
    opened = await house.says.press(mei, "Answer", post)
    given = await house.says.submit(mei, opened, answer=["Yes", "Unsure"])

    assert "sealed and sent" in given.text


async def test_long_answers_stand_in_a_list(house: House) -> None:
    """A poll with 20 answers that are as long as they may be fits everywhere."""
    options = "\n".join(f"{number:02} {'x' * 72}" for number in range(20))
    post = await started(house, options=options, question="q" * 150)
    sam = house.discord.person("sam")
    opened = await house.says.press(sam, "Answer with a code", post)
    given = await house.says.submit(sam, opened, answer=options.split("\n")[19])

    assert "T" in labels_of(post.body)
    assert "sealed and sent" in given.text


# Names are suggested -----------------------------------------------------------------


async def test_open_drives_are_suggested(house: House) -> None:
    """Typing a few letters finds a poll by its name or its question."""
    await started(house, question="Lunch?")
    sam, at = house.discord.person("sam"), house.discord.general
    found = await house.says.suggest(sam, "vote", at=at, poll="LUN")
    none = await house.says.suggest(sam, "vote", at=at, poll="zzz")
    every = await house.says.suggest(sam, "results", at=at, name="")

    assert [each["value"] for each in found.choices] == ["lunch"]
    assert none.choices == []
    assert [each["value"] for each in every.choices] == ["lunch"]


async def test_private_drives_are_not_suggested(house: House) -> None:
    """Nothing tells about a poll in a channel that not everybody sees."""
    hidden = house.discord.private_channel("leads", "777")
    post = await started(house, at=hidden)
    sam, at = house.discord.person("sam"), house.discord.general
    found = await house.says.suggest(sam, "vote", at=at, poll="")
    menu = await house.says.command(sam, "menu", at=at)

    assert "lunch breaks" in text_of(post.body)
    assert found.choices == []
    assert "lunch breaks" not in menu.text


async def test_named_drive_opens_at_once(house: House) -> None:
    """`/rr vote lunch` opens the form of that poll."""
    await started(house, question="Lunch?")
    sam = house.discord.person("sam")
    opened = await house.says.command(
        sam, "vote", at=house.discord.general, poll="lunch"
    )

    assert opened.form["custom_id"] == "answer:lunch"


# Direct messages ---------------------------------------------------------------------


async def test_direct_message_gets_choices(house: House) -> None:
    """The answer to a message is an ordinary one that quotes nothing and is silent."""
    sam = house.discord.person("sam")
    answer = await house.says.write(sam, "my boss takes our tips")

    assert text_of(answer.body).startswith("**Choose what happens with your message.**")
    assert "tips" not in text_of(answer.body)
    assert answer.body["flags"] & 4096
    assert "message_reference" not in answer.body


async def test_doing_nothing_changes_the_question(house: House) -> None:
    """Under a direct message, Do nothing puts the answer in the question's place."""
    sam = house.discord.person("sam")
    answer = await house.says.write(sam, "hello")
    await house.says.press(sam, "Do nothing", answer)

    assert "The bot kept nothing" in text_of(answer.body)
    assert len(house.discord.posted_in(sam)) == 1


async def test_closed_direct_messages(house: House) -> None:
    """Who takes no messages gets none, and the bot lives on."""
    sam = house.discord.person("sam", takes_messages=False)
    await house.says.write_only(sam, "hello")
    await until(lambda: house.discord.sent("POST", MESSAGES))
    asked = await house.says.command(sam, "help")

    assert "What you can type" in asked.text
    assert house.discord.posted_in(sam) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"guild_id": "1"},
        {"webhook_id": "1"},
        {"type": 6},
        {"author": {"id": "1", "bot": True}},
    ],
)
async def test_only_people_are_answered(
    house: House, changed: dict[str, object]
) -> None:
    """Messages of bots, of servers, and of Discord itself get no answer."""
    sam = house.discord.person("sam")
    written = {
        "id": new_id(),
        "channel_id": sam.channel,
        "type": 0,
        "content": "x",
        "author": {"id": sam.id},
    }
    await house.discord.gateway.dispatch("MESSAGE_CREATE", {**written, **changed})
    await house.says.write(sam, "hello")

    assert len(house.discord.posted_in(sam)) == 1


async def test_vote_in_direct_messages(house: House) -> None:
    """A member answers from their direct messages; somebody outside is refused."""
    await started(house, question="Lunch?")
    sam, eve = house.discord.person("sam"), house.discord.person("eve", is_member=False)
    opened = await house.says.command(sam, "vote", poll="lunch")
    given = await house.says.submit(sam, opened, answer="Yes")
    refused = await house.says.submit(
        eve, await house.says.command(eve, "vote", poll="lunch"), answer="Yes"
    )

    assert "sealed and sent" in given.text
    assert "This poll is for other people than you" in refused.text


# Messages that buttons are about ------------------------------------------------------


def note(words: str) -> Reply:
    """Return a reply that says something."""
    card = Card(kind=CardKind.NOTICE, blocks=(Line(text=words),))
    return Reply(place=Place.EPHEMERAL, view=card)


async def test_text_is_fetched_again(tmp_path: Path) -> None:
    """A button about a direct message brings its text, which nobody kept meanwhile."""
    core = Scripted(note("asked"))
    async with served(tmp_path, lambda _: core, quick_seconds=5) as house:
        sam = house.discord.person("sam")
        written = await house.says.write_only(sam, "my boss takes our tips")
        await until(lambda: core.asked)
        button = Posted(new_id(), sam.channel, [{}])
        await house.says.press_id(sam, f"dmsend:{written.id}", button)
        await house.says.press_id(sam, "dmsend:404", button)

    message, known, gone = core.asked
    assert isinstance(message, DirectMessage)
    assert message.reference == written.id
    assert isinstance(known, Press)
    assert (known.action, known.text) == (
        f"dmsend:{written.id}",
        "my boss takes our tips",
    )
    assert isinstance(gone, Press)
    assert gone.text == ""


async def test_message_is_chosen_from_its_menu(tmp_path: Path) -> None:
    """Send to report box brings the message's text to the core, and to nobody else."""
    core = Scripted(note("asked"))
    async with served(tmp_path, lambda _: core, quick_seconds=5) as house:
        sam = house.discord.person("sam")
        asked = await house.says.choose_message(
            sam, "Send to report box", "He shouted.", at=house.discord.general
        )

    (press,) = core.asked
    assert isinstance(press, Press)
    assert (press.action, press.text) == ("quote", "He shouted.")
    assert asked.callback["data"]["flags"] & 64


# More than one message ----------------------------------------------------------------


async def test_long_reply_goes_on(tmp_path: Path) -> None:
    """A reply that no message holds goes on in further private ones, late or not."""
    words = "\n".join(f"{number} {'x' * 200}" for number in range(40))
    for quick_seconds, wait in ((5.0, 0.0), (0.1, 0.3)):
        core = Slow(Scripted(note(words), note("second")), wait)
        path = tmp_path / str(wait)
        async with served(path, lambda _: core, quick_seconds=quick_seconds) as house:  # noqa: B023
            sam = house.discord.person("sam")
            asked = await house.says.command(sam, "list", at=house.discord.general)
            await until(lambda: "second" in asked.text)  # noqa: B023

            assert len(asked.shown) == 4
            assert all(f"{number} xx" in asked.text for number in range(40))


async def test_result_has_its_picture(tmp_path: Path) -> None:
    """A result's chart goes with the post and with private replies, with alt text."""
    async with running_house(tmp_path / "house", draw=lambda _: b"\x89PNG") as house:
        await started(house)
        people = [house.discord.person(f"worker{number}") for number in range(12)]
        post = house.discord.posted_in(house.discord.general)[0]
        for person in people:
            await house.says.press(person, "Yes", post)
        await house.advance(73 * 60 * 60)
        result = house.discord.posted_in(house.discord.general)[1]
        asked = await house.says.command(people[0], "results")

    for shown in (result, asked.shown[0]):
        body, files = shown.body, shown.files
        gallery = next(p for p in walk(body["components"]) if p["type"] == 12)
        assert files == {"chart0.png": b"\x89PNG"}
        assert gallery["items"][0]["description"].startswith("Bar chart of the same")
        assert body["attachments"][0]["description"].startswith("Bar chart")


# Faults ------------------------------------------------------------------------------


async def test_duplicate_interaction(house: House) -> None:
    """An interaction that is delivered twice reaches the core once."""
    sam = house.discord.person("sam")
    asked = await house.says.command(sam, "help")
    await house.says.repeat(asked)
    await house.says.command(sam, "help")

    assert len(house.discord.sent("POST", CALLBACK)) == 2


async def test_slow_core_is_waited_for(tmp_path: Path) -> None:
    """A slow answer is announced privately in time, and put into that place."""
    async with served(tmp_path, lambda inner: Slow(inner, 0.3)) as house:
        sam = house.discord.person("sam")
        asked = await house.says.command(sam, "help", at=house.discord.general)

        assert asked.callback == {"type": 5, "data": {"flags": 64}}
        assert "What you can type" in asked.text
        assert len(asked.shown) == 1


async def test_slow_form_becomes_a_message(tmp_path: Path) -> None:
    """A form that comes too late to open can be filled in as a message."""
    async with served(tmp_path, lambda inner: Slow(inner, 0.3)) as house:
        sam = house.discord.person("sam")
        page = await house.says.command(sam, "invite", at=house.discord.general)
        typing = await house.says.press(sam, "Change", page)
        await house.says.submit(sam, typing, code="7777")
        refused = await house.says.press(sam, "Use this code", page)

        assert "7777" in text_of(page.shown[0].body)
        assert "That code has a typing mistake" in refused.text
        assert "Use this code" in labels_of(page.shown[0].body)


async def test_fault_in_the_core(tmp_path: Path) -> None:
    """A fault of ours is told in one sentence that quotes nothing."""
    async with served(tmp_path, lambda _: Broken()) as house:
        sam = house.discord.person("sam")
        asked = await house.says.command(sam, "help", at=house.discord.general)

        assert asked.text.startswith("That did not work: a fault in the bot.")


async def test_token_after_three_seconds(house: House) -> None:
    """A vote whose reply comes too late is sealed all the same; the next tap works."""
    post = await started(house)
    sam = house.discord.person("sam")
    late = await house.says.press(sam, "Yes", post, wait=False)
    late.aged = 4
    await until(lambda: house.discord.sent("POST", CALLBACK)[-1].status == 404)
    again = await house.says.press(sam, "Yes", post)

    assert late.callback is None
    assert again.text.startswith("**Received.**")


async def test_token_after_a_quarter_of_an_hour(tmp_path: Path) -> None:
    """An answer that took longer than its token lives is dropped, and nothing else."""
    async with served(tmp_path, lambda inner: Slow(inner, 0.4)) as house:
        sam = house.discord.person("sam")
        channel = house.discord.general
        late = await house.says.command(sam, "help", at=channel, wait=False)
        await until(lambda: late.callback is not None)
        late.aged = 15 * 60 + 1
        await until(lambda: house.discord.sent("PATCH", ORIGINAL))
        again = await house.says.command(sam, "help", at=channel)

        assert late.shown == []
        assert "What you can type" in again.text


async def test_button_of_an_old_message(house: House) -> None:
    """A button that no version knows any more says that its message is too old."""
    sam = house.discord.person("sam")
    old = Posted(new_id(), house.discord.general.id, [{"flags": 64}])
    for custom_id in ("old:button", "~t11:gone", "?o:gone", "=gone:form"):
        asked = await house.says.press_id(sam, custom_id, old)

        assert "This message is too old" in asked.text


@pytest.mark.parametrize("via", [True, False])
async def test_reply_meets_a_limit(house: House, via: bool) -> None:  # noqa: FBT001
    """A reply that Discord does not take at once (429) is sent a little later."""
    sam = house.discord.person("sam")
    house.discord.fail("POST", CALLBACK, 429, retry_after=0.1, via=via)
    asked = await house.says.command(sam, "help")

    assert "What you can type" in asked.text


async def test_reply_meets_a_fault_of_discord(house: House) -> None:
    """A reply that meets a 500 is sent again while it is worth something."""
    sam = house.discord.person("sam")
    house.discord.fail("POST", CALLBACK, 500)
    asked = await house.says.command(sam, "help")

    assert "What you can type" in asked.text


async def test_long_limit_is_given_up(house: House) -> None:
    """A reply that could only come when nobody waits any more is dropped."""
    sam = house.discord.person("sam")
    house.discord.fail("POST", CALLBACK, 429, retry_after=60)
    await house.says._ask(
        sam, 2, house.says._command_data("help", {}), at=None, wait=False
    )
    await until(lambda: house.discord.sent("POST", CALLBACK))
    asked = await house.says.command(sam, "help")

    assert "What you can type" in asked.text
    assert len(house.discord.sent("POST", CALLBACK)) == 2


async def test_token_that_died_before_it_was_announced(tmp_path: Path) -> None:
    """Where even "thinking" comes too late, what was asked is done all the same."""
    core = Slow(Scripted(note("done")), 0.3)
    async with served(tmp_path, lambda _: core) as house:
        sam = house.discord.person("sam")
        late = await house.says.command(sam, "help", wait=False)
        late.aged = 4
        await until(lambda: house.discord.sent("PATCH", ORIGINAL))

        assert len(core.asked) == 1
        assert late.shown == []


async def test_too_much_at_once(house: House) -> None:
    """Beyond a bound nothing more is begun; what was begun is answered."""
    sam = house.discord.person("sam")
    house.adapter._in_flight = IN_FLIGHT_MAX
    await house.says.command(sam, "help", wait=False)
    await house.discord.gateway.dispatch("GUILD_ROLE_UPDATE", {"guild_id": "1"})
    house.adapter._in_flight = 0
    asked = await house.says.command(sam, "help")

    assert "What you can type" in asked.text


def served(
    path: Path,
    around: Callable[[Service], Service],
    *,
    quick_seconds: float = 0.1,
) -> AbstractAsyncContextManager[House]:
    """Yield a house whose core is wrapped, and whose patience is short."""
    return running_house(path / "house", around=around, quick_seconds=quick_seconds)
