"""Posts in Discord's channels, and who may answer, on the real discord.py."""

import asyncio
from pathlib import Path

import pytest

from adapters.discord.parse import actor_of
from bot.core.errors import TooBusy, UnknownPlace
from bot.requests import NeverShown, NotShown
from bot.views.widgets import Card, CardKind, Line
from tests.fakes.discord import until
from tests.fakes.discord_house import House, running_house
from tests.fakes.discord_people import text_of
from tests.fakes.discord_shapes import role
from tests.world import poll_terms

MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = "/channels/{channel_id}/messages/{message_id}"
CHANNEL = "/channels/{channel_id}"
CARD = Card(kind=CardKind.DRIVE, blocks=(Line(text="Hello"),), data={"drive": "lunch"})
LEADS = "1400000000000000001"


def place(house: House) -> str:
    """Return the reference of #general."""
    return f"discord/{house.discord.general.id}"


async def test_post_and_revision(house: House) -> None:
    """A post stands once in its channel, and a revision takes its place."""
    platform = house.adapter.platform
    reference = await platform.post(place(house), CARD)
    again = Card(kind=CardKind.DRIVE, blocks=(Line(text="Bye"),))
    await platform.revise(place(house), reference, again)

    (posted,) = house.discord.posted_in(house.discord.general)
    assert [text_of(body) for body in posted.bodies] == ["Hello", "Bye"]
    assert not posted.body["flags"] & 64


async def test_post_that_is_repeated_after_a_crash(house: House) -> None:
    """The same post offered again is shown once: its nonce is the same."""
    platform = house.adapter.platform
    first = await platform.post(place(house), CARD)
    second = await platform.post(place(house), CARD)
    other = Card(kind=CardKind.NOTICE, blocks=CARD.blocks, data=CARD.data)
    third = await platform.post(place(house), other)

    assert first == second
    assert third != first


async def test_limit_that_discord_counts(house: House) -> None:
    """A post that is too much at once is sent as soon as it may be."""
    house.discord.fail("POST", MESSAGES, 429, retry_after=0.1, via=True)
    await house.adapter.platform.post(place(house), CARD)

    assert len(house.discord.posted_in(house.discord.general)) == 1


async def test_limit_from_elsewhere(house: House) -> None:
    """A limit without a Via header, which discord.py raises, goes to the outbox."""
    house.discord.fail("POST", MESSAGES, 429, retry_after=0.1)
    with pytest.raises(NotShown) as refused:
        await house.adapter.platform.post(place(house), CARD)

    assert refused.value.retry_after == 0.1


async def test_limit_of_everything(house: House) -> None:
    """A global limit holds every other request back until it is over."""
    house.discord.fail(
        "POST", MESSAGES, 429, retry_after=0.3, via=True, everywhere=True
    )
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.TaskGroup() as both:
        both.create_task(house.adapter.platform.post(place(house), CARD))
        await until(lambda: house.discord.sent("POST", MESSAGES))
        await house.adapter.platform.audience(place(house))

    assert loop.time() - began >= 0.3


async def test_discord_is_down(tmp_path: Path) -> None:
    """Answers 500 are tried again for a while, then the post goes back."""
    async with running_house(tmp_path / "house", patience_seconds=1.5) as house:
        house.discord.fail("POST", MESSAGES, 500)
        await house.adapter.platform.post(place(house), CARD)
        house.discord.fail("PATCH", MESSAGE, 502, times=9)
        (posted,) = house.discord.posted_in(house.discord.general)
        with pytest.raises(NotShown) as refused:
            await house.adapter.platform.revise(place(house), posted.id, CARD)

    assert not isinstance(refused.value, NeverShown)


async def test_no_permission(house: House) -> None:
    """A channel that the bot may not write in, or that is gone, needs somebody."""
    platform = house.adapter.platform
    closed = house.discord.channel("closed", is_closed=True)
    with pytest.raises(NeverShown):
        await platform.post(f"discord/{closed.id}", CARD)
    with pytest.raises(NeverShown):
        await platform.post("discord/404", CARD)
    with pytest.raises(NeverShown):
        await platform.revise(place(house), "404", CARD)


async def test_without_a_connection(house: House) -> None:
    """A post that comes while nothing is connected waits."""
    house.adapter._lost()

    with pytest.raises(NotShown):
        await house.adapter.platform.post(place(house), CARD)


async def test_connection_that_ends_just_now(house: House) -> None:
    """A post for which the connection closes waits too, and breaks nothing."""
    assert house.adapter._rest.http is not None
    await house.adapter._rest.http.close()

    with pytest.raises(NotShown):
        await house.adapter.platform.post(place(house), CARD)


async def test_poll_waits_for_a_channel(house: House) -> None:
    """A drive whose post is refused waits in the outbox until it can be shown."""
    mei = house.discord.person("mei")
    await house.welcome(mei)
    house.discord.general.is_closed = True
    drafted = await house.draft(mei)
    await house.says.press(mei, "Start it", drafted)
    await house.settle()
    refused = len(house.discord.posted_in(house.discord.general))
    house.discord.general.is_closed = False
    house.outbox._not_before.clear()
    await house.settle()

    assert refused == 0
    assert len(house.discord.posted_in(house.discord.general)) == 1


async def test_audience_is_the_server(house: House) -> None:
    """About how many could answer is what Discord says of the server's members."""
    platform = house.adapter.platform

    assert await platform.audience(place(house)) == 60
    assert await platform.members(place(house)) is None
    with pytest.raises(UnknownPlace):
        await platform.audience("discord/404")
    house.discord.fail("GET", CHANNEL, 429, retry_after=60)
    with pytest.raises(TooBusy):
        await platform.audience(place(house))


async def test_what_is_public(house: House) -> None:
    """A channel that not everybody sees is not public; the connection tells of both."""
    hidden = house.discord.private_channel("leads", LEADS)
    platform = house.adapter.platform
    looked_up = len(house.discord.sent("GET", CHANNEL))

    assert await platform.is_public(place(house))
    assert len(house.discord.sent("GET", CHANNEL)) == looked_up
    assert not await platform.is_public(f"discord/{hidden.id}")
    assert not await platform.is_public("discord/404")


async def test_changes_of_the_server_are_heard(house: House) -> None:
    """Channels and permissions that change are known from the connection."""
    platform, gateway = house.adapter.platform, house.discord.gateway
    hidden = house.discord.private_channel("leads", LEADS)
    event = house.discord.guild_create()["channels"][-1]
    await gateway.dispatch("CHANNEL_CREATE", event)
    await until(lambda: platform.place_named("leads"))
    private = await platform.is_public(f"discord/{hidden.id}")
    event["permission_overwrites"] = []
    await gateway.dispatch("CHANNEL_UPDATE", event)
    await gateway.dispatch("CHANNEL_DELETE", {"id": house.discord.general.id})
    await until(lambda: platform.place_named("general") is None)
    public = await platform.is_public(f"discord/{hidden.id}")
    await gateway.dispatch("GUILD_DELETE", {"id": event["guild_id"]})
    await until(lambda: platform.place_named("leads") is None)

    assert (private, public) == (False, True)


async def test_who_may_answer(house: House) -> None:
    """Whoever sees the channel may answer, from wherever; nobody else may."""
    discord, platform = house.discord, house.adapter.platform
    discord.roles.append(role(LEADS, "leads", 0))
    hidden = discord.private_channel("leads", LEADS)
    terms = poll_terms(place=f"slack/C1 discord/{hidden.id}")
    lead = discord.person("mei", roles=(LEADS,))
    member = discord.person("sam")
    stranger = discord.person("eve", is_member=False)
    people = (lead, member, stranger, discord.owner)
    allowed = [await platform.may_answer(actor_of(each.id), terms) for each in people]

    assert allowed == [True, False, False, True]
    assert not await platform.may_answer(
        actor_of(lead.id), poll_terms(place="slack/C1")
    )


async def test_membership_cannot_be_asked(house: House) -> None:
    """Who cannot be looked up now is asked to try again; nothing is recorded."""
    house.discord.fail("GET", CHANNEL, 429, retry_after=60)
    sam = house.discord.person("sam")

    with pytest.raises(TooBusy):
        await house.adapter.platform.may_answer(
            actor_of(sam.id), poll_terms(place=place(house))
        )


@pytest.mark.parametrize(
    ("named", "digits"),
    [("general", ""), ("#general", ""), ("<#17>", "17"), ("discord/17", "17")],
)
async def test_places_by_name(house: House, named: str, digits: str) -> None:
    """A channel is found by its name, its link and its reference."""
    expected = f"discord/{digits}" if digits else place(house)

    assert house.adapter.platform.place_named(named) == expected
    assert house.adapter.platform.place_named("nowhere") is None
