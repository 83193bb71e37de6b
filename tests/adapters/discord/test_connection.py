"""What the connection lives through, on the real discord.py against a fake Discord."""

import asyncio
import gc
from pathlib import Path

import pytest
from discord.state import ConnectionState

from adapters.discord.listeners import open_adapter
from bot.ports import CannotConnect
from bot.requests import Reply, Request
from tests.fakes.discord import running_discord, until
from tests.fakes.discord_gateway import PRIVILEGED_INTENTS
from tests.fakes.discord_house import (
    House,
    house_of,
    options_for,
    running_house,
)
from tests.world import running_world

COMMANDS = "/applications/{application_id}/commands"
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"


async def says_help(house: House) -> str:
    """Ask for help, and return what is shown."""
    mei = house.discord.person("mei")
    asked = await house.says.command(mei, "help", at=house.discord.general)
    text: str = asked.text
    return text


async def test_it_asks_for_the_least(house: House) -> None:
    """Servers and direct messages are all that it listens to, and nobody is listed."""
    (asked,) = house.discord.gateway.identified

    assert asked["intents"] == (1 << 0) | (1 << 12)
    assert not asked["intents"] & PRIVILEGED_INTENTS
    assert "presence" not in asked or asked["presence"]["game"] is None


async def test_commands_are_set_once(tmp_path: Path) -> None:
    """A second start leaves its commands alone; a list that was changed is set anew."""
    async with running_discord() as discord, running_world(tmp_path / "house") as world:
        for _ in range(2):
            async with house_of(world, discord):
                await discord.gateway.connected()
            await until(lambda: not discord.gateway.is_connected)
        first = len(discord.sent("PUT", COMMANDS))
        discord.commands[0]["options"].pop()
        async with house_of(world, discord):
            await discord.gateway.connected()

        assert first == 1
        assert len(discord.sent("PUT", COMMANDS)) == 2
        assert [each["name"] for each in discord.commands] == [
            "rr",
            "Send to report box",
        ]


async def test_dropped_connection_resumes(house: House) -> None:
    """What was said while the connection was gone is answered after it."""
    gateway = house.discord.gateway
    mei = house.discord.person("mei")
    await gateway.drop()
    asked = await house.says.command(mei, "help", at=house.discord.general)

    assert "What you can type" in asked.text
    assert len(gateway.resumed) == 1
    assert len(gateway.identified) == 1


async def test_it_reconnects_when_asked(house: House) -> None:
    """Op 7 ends one connection and resumes the session on the next."""
    gateway = house.discord.gateway
    await gateway.ask_to_reconnect()
    await gateway.connected()

    assert "What you can type" in await says_help(house)
    assert len(gateway.resumed) == 1


@pytest.mark.parametrize(("resumable", "resumed"), [(True, 1), (False, 0)])
async def test_invalid_session(
    house: House,
    resumable: bool,  # noqa: FBT001 - a case
    resumed: int,
) -> None:
    """Op 9 is a resume or a new session, as it says."""
    gateway = house.discord.gateway
    await gateway.invalidate(resumable=resumable)
    await gateway.connected()

    assert "What you can type" in await says_help(house)
    assert len(gateway.resumed) == resumed
    assert len(gateway.identified) == 2 - resumed


async def test_lost_session_begins_anew(house: House) -> None:
    """A session that Discord has forgotten meanwhile is replaced by a new one."""
    gateway = house.discord.gateway
    gateway.forget_session()
    await gateway.drop()
    await gateway.connected()

    assert "What you can type" in await says_help(house)
    assert len(gateway.identified) == 2


@pytest.mark.parametrize("code", [1000, 1001, 4000, 4009])
async def test_passing_close_codes(house: House, code: int) -> None:
    """A close that is not for good is followed by a new connection."""
    gateway = house.discord.gateway
    await gateway.close(code)
    await gateway.connected()

    assert "What you can type" in await says_help(house)


@pytest.mark.parametrize(
    ("code", "word"),
    [(4004, "token"), (4013, "intents"), (4014, "intents"), (4012, "for good")],
)
async def test_final_close_codes(code: int, word: str) -> None:
    """A close that comes again each time ends the bot with one sentence."""
    async with running_discord() as discord:
        discord.gateway.refusals = [code]
        with pytest.raises(CannotConnect) as refused:
            await serve_alone(discord)

    assert word in str(refused.value)


async def test_wrong_token() -> None:
    """A token that Discord does not know ends the bot at its login."""
    async with running_discord() as discord:
        with pytest.raises(CannotConnect, match="token"):
            await serve_alone(discord, token="MTEx.wrong.token")


async def test_it_waits_for_a_discord_that_is_away(tmp_path: Path) -> None:
    """Faults at the start are tried again: an answer 503, and no answer at all."""
    async with running_discord() as discord, running_world(tmp_path / "house") as world:
        discord.fail("GET", "/users/@me", 503)
        discord.fail("GET", "/oauth2/applications/@me", 404)
        async with house_of(world, discord):
            await discord.gateway.connected()

    assert len(discord.sent("GET", "/users/@me")) == 3


async def test_gateway_that_was_away(tmp_path: Path) -> None:
    """Whoever was without a connection for long logs in anew, and answers again."""
    async with running_house(tmp_path / "house", away_seconds=0.5) as house:
        house.discord.gateway.is_away = True
        await house.discord.gateway.drop()
        logins = len(house.discord.sent("GET", "/users/@me"))
        await until(lambda: len(house.discord.sent("GET", "/users/@me")) > logins)
        house.discord.gateway.is_away = False
        await house.discord.gateway.connected()

        assert "What you can type" in await says_help(house)


async def test_commands_that_cannot_be_set(tmp_path: Path) -> None:
    """A bot whose commands Discord does not take now answers all the same."""
    async with running_discord() as discord, running_world(tmp_path / "house") as world:
        discord.fail("PUT", COMMANDS, 429, retry_after=60)
        async with house_of(world, discord) as house:
            await discord.gateway.connected()

            assert "What you can type" in await says_help(house)


@pytest.mark.parametrize("missing", ["id", "token", "data", "user", "type", "all"])
async def test_malformed_interaction(house: House, missing: str) -> None:
    """An interaction that lacks a field is dropped, and the next one is answered."""
    mei = house.discord.person("mei")
    asked = await house.says.command(mei, "menu")
    payload = {k: v for k, v in asked.payload.items() if missing not in {k, "all"}}
    gateway = house.discord.gateway
    await gateway.dispatch("INTERACTION_CREATE", payload)
    await gateway.dispatch("INTERACTION_CREATE", [])
    await gateway.dispatch(
        "INTERACTION_CREATE", {**asked.payload, "data": 7, "id": "1"}
    )
    await gateway.dispatch("MESSAGE_CREATE", {"content": 5})
    await gateway.dispatch("GUILD_CREATE", {"roles": 3, "channels": [1, {}]})

    assert "What you can type" in await says_help(house)
    assert len(gateway.identified) == 1
    assert len(house.discord.sent("POST", CALLBACK)) == 2


async def test_heartbeats(tmp_path: Path) -> None:
    """The connection keeps the beat that Discord asks for."""
    async with running_discord() as discord, running_world(tmp_path / "house") as world:
        discord.gateway.heartbeat_seconds = 0.1
        async with house_of(world, discord):
            await discord.gateway.connected()
            await until(lambda: discord.gateway.heartbeats >= 3)


async def test_nothing_is_cached(house: House) -> None:
    """discord.py's own caches of people, messages and channels stay empty."""
    mei = house.discord.person("mei")
    await house.welcome(mei)
    await house.says.write(mei, "hello")
    gc.collect()
    states = [o for o in gc.get_objects() if type(o) is ConnectionState]

    assert states
    for state in states:
        assert dict(state._users) == {}
        assert state._messages is None
        assert not state._private_channels
        assert not state._private_channels_by_user
        assert not state._guilds


class Nobody:
    """What stands behind an adapter that never gets to answer anybody."""

    async def handle(self, request: Request) -> list[Reply]:
        raise AssertionError(request)


async def serve_alone(discord, **options) -> None:
    """Connect with nobody behind, until that ends."""
    async with (
        asyncio.timeout(8),
        open_adapter(options_for(discord, **options)) as adapter,
    ):
        try:
            await adapter.serve(Nobody())
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
