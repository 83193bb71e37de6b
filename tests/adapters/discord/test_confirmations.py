"""A confirmation as Discord takes it: its channel first, then the message."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.discord.render import direct_messages
from bot.core.name_boxes import SignedName
from bot.views import confirmation_text
from bot.views.confirmations import confirmation
from tests.core.petition import shares
from tests.fakes.discord_format import over_the_caps
from tests.fakes.discord_house import House
from tests.fakes.discord_people import Exchange, labels_of, text_of
from tests.fakes.discord_shapes import Person, Posted
from tests.games.traces import hits
from tests.views.drives import DISCORD
from tests.views.test_petitions import INTEREST, petition

UNION = {
    "text": "We want to bargain together.",
    "threshold": "20",
    "trustees": shares().trustees.line(),
    "employer": "Ware House",
}
SIGNED = {
    "name": "Canary Sealsdotter",
    "contact": "canary@example.org",
    "phone": "+1 555 0100",
}
CHANNELS = "/users/@me/channels"
MESSAGES = "/channels/{channel_id}/messages"


async def opened(house: House) -> Posted:
    """Return the post of a showing of interest that offers confirmations."""
    mei = house.discord.person("mei")
    await house.welcome(mei)
    page = await house.says.command(mei, "organize", at=house.discord.general)
    form = await house.says.press(mei, "Interest in a union", page)
    drafted = await house.says.submit(mei, form, **UNION)
    offered = await house.says.change(mei, drafted, confirmation="yes")
    await house.says.press(mei, "Start it", offered)
    await house.settle()
    return house.discord.posted_in(house.discord.general)[-1]


async def signed(house: House, person: Person, consent: str) -> Exchange:
    """Return what somebody sees who signs."""
    form = await house.says.press(person, "Sign", await opened(house))
    answer: Exchange = await house.says.submit(person, form, **SIGNED, consent=consent)
    return answer


async def test_signer_is_sent_what_they_signed(house: House) -> None:
    """Both requests are as Discord describes them, and nothing is pushed."""
    ida = house.discord.person("ida")
    answer = await signed(house, ida, confirmation_text.YES)
    [asked] = house.discord.sent("POST", CHANNELS)
    [message] = house.discord.posted_in(ida)

    assert asked.body == {"recipient_id": ida.id}
    assert message.body["flags"] & (1 << 12)
    assert text_of(message.body).startswith("You asked for this message.")
    assert "Canary Sealsdotter" in text_of(message.body)
    assert labels_of(message.body) == ["Take my name off", "Empty this message"]
    assert "You signed." in answer.text


async def test_button_in_the_message_takes_the_name_off(house: House) -> None:
    """The way back is in the message itself."""
    ida = house.discord.person("ida")
    await signed(house, ida, confirmation_text.YES)
    [message] = house.discord.posted_in(ida)
    form = await house.says.press(ida, "Take my name off", message)

    assert "stays until they empty it" in text_of(form.form)


async def test_message_can_be_emptied(house: House) -> None:
    """What was in it gives way to one sentence, in the message itself."""
    ida = house.discord.person("ida")
    await signed(house, ida, confirmation_text.YES)
    [message] = house.discord.posted_in(ida)
    await house.says.press(ida, "Empty this message", message)
    [emptied] = house.discord.posted_in(ida)

    assert text_of(emptied.body).startswith("This message is empty now.")
    assert labels_of(emptied.body) == []


async def test_choice_fits_the_form(house: House) -> None:
    """Five parts, and both answers of the choice: nothing is chosen beforehand."""
    ida = house.discord.person("ida")
    form = await house.says.press(ida, "Sign", await opened(house))
    parts: list[dict[str, Any]] = form.form["components"]
    options = parts[-1]["component"]["options"]

    assert len(parts) == 5
    assert "stays in this account" in text_of(form.form)
    assert [each["label"] for each in options] == [
        confirmation_text.YES,
        confirmation_text.NO,
    ]
    assert not any(each.get("default") for each in options)


async def test_who_asks_for_none_is_written_to_by_nobody(house: House) -> None:
    """No request names the signer's account."""
    ida = house.discord.person("ida")
    answer = await signed(house, ida, confirmation_text.NO)

    assert answer.text.startswith("**Received.**")
    assert house.discord.sent("POST", CHANNELS) == []
    assert house.discord.posted_in(ida) == []


async def test_closed_direct_messages(house: House, tmp_path: Path) -> None:
    """The signature stands, the reply says so, and nothing waits to be sent."""
    ida = house.discord.person("ida", takes_messages=False)
    answer = await signed(house, ida, confirmation_text.YES)
    await house.settle()
    files = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    needles = [ida.id, ida.channel, *SIGNED.values()]

    assert answer.text.startswith("**You signed.** The confirmation could not be sent")
    assert hits(files, [each.encode() for each in needles]) == []


@pytest.mark.parametrize("template", [CHANNELS, MESSAGES])
@pytest.mark.parametrize("status", [429, 500])
async def test_discord_that_does_not_take_it_now(
    house: House, template: str, status: int
) -> None:
    """Too much at once, or a fault: it is not sent later either."""
    ida = house.discord.person("ida")
    form = await house.says.press(ida, "Sign", await opened(house))
    house.discord.fail("POST", template, status, times=9, retry_after=30)
    answer = await house.says.submit(ida, form, **SIGNED, consent=confirmation_text.YES)
    house.discord.faults.clear()
    await house.settle()

    assert "could not be sent" in answer.text
    assert house.discord.posted_in(ida) == []


async def test_account_that_discord_does_not_know(house: House) -> None:
    """Whoever is gone meanwhile gets the reply, if they still see it."""
    ida = house.discord.person("ida")
    form = await house.says.press(ida, "Sign", await opened(house))
    del house.discord.people[ida.id]
    answer = await house.says.submit(ida, form, **SIGNED, consent=confirmation_text.YES)

    assert "could not be sent" in answer.text


@pytest.mark.parametrize(("text", "several"), [("We ask.", False), ("*_" * 1250, True)])
def test_each_message_of_a_long_one_can_be_emptied(
    text: str,
    several: bool,  # noqa: FBT001 - a case of a test
) -> None:
    """The button empties its own message, and any of them says who signed, or that."""
    drive = petition(replace(INTEREST, text=text, confirms=True))
    name = SignedName(
        drive_id=drive.drive_id, name="Canary", language="en", date="2026-11-26"
    )
    card = confirmation(drive, name, DISCORD)
    messages = direct_messages(card)

    assert (len(messages) > 1) is several
    for message in messages:
        assert labels_of(message.body()).count("Empty this message") == 1
        assert over_the_caps(message.body()) == []
