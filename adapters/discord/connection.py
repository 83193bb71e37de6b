"""The connection to Discord's gateway: discord.py, with nothing remembered.

discord.py reads what arrives into caches of users, members, channels and messages.
Here it hands every event over as it came and keeps none: its table of parsers holds
only ours. It does the rest: identify, heartbeat, compression, resume, back-off.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias, cast

import aiohttp
import discord
import yarl
from discord import gateway, http
from yarl import _url as yarl_url  # pyright: ignore[reportPrivateUsage]

from bot import log
from bot.core.canonical import JsonObject
from bot.ports import CannotConnect

Hear: TypeAlias = Callable[[str, JsonObject], None]
Ready: TypeAlias = Callable[[http.HTTPClient, str], Awaitable[None]]

# Between two attempts to connect, twice as long each time.
BACKOFF_SECONDS_MIN = 1.0
BACKOFF_SECONDS_MAX = 60.0
# discord.py waits up to 17 minutes between two attempts. Who has been away for longer
# than this begins anew.
AWAY_SECONDS_MAX = 60.0
# How often it is looked at within that time.
_LOOKS = 4
# discord.py waits half a minute for Discord's goodbye.
CLOSE_SECONDS_MAX = 2.0
# After which a cancellation is taken for lost.
CANCEL_SECONDS = 0.5
# What the bot listens to. Everything else of the gateway is thrown away unread.
EVENTS = (
    "INTERACTION_CREATE",
    "MESSAGE_CREATE",
    "GUILD_CREATE",
    "GUILD_DELETE",
    "GUILD_ROLE_UPDATE",
    "CHANNEL_CREATE",
    "CHANNEL_UPDATE",
    "CHANNEL_DELETE",
)
# Close codes that come again whatever one does (docs: gateway close event codes).
_FINAL = {
    4004: "Discord does not know the bot's token. Copy it anew from the page of the "
    "bot, and put it into the file that ROUNDROBIN_DISCORD_TOKEN_FILE names.",
    4013: "Discord does not know what the bot asks to hear (its intents). This version "
    "of the bot is too old for Discord.",
    4014: "Discord does not allow what the bot asks to hear (its intents). The bot "
    "asks for servers and direct messages only: look at the page of the bot.",
}
_AWAY = "Discord does not answer now. Try again a little later."
_FINAL_OTHER = "Discord has ended the connection for good."
_UNAUTHORIZED_STATUS = 401


class Client(discord.Client):
    """discord.py's client without its memory: `hear` gets each event as it came."""

    def __init__(self, hear: Hear, ready: Ready) -> None:
        """Listen to servers and direct messages, the least that there is."""
        intents = discord.Intents.none()
        intents.guilds = True
        intents.dm_messages = True
        super().__init__(
            intents=intents,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self._ready_for_requests = ready
        # The one place where discord.py looks up what to do with an event. Its own
        # parsers build objects and caches; a field that is missing there would end
        # the connection.
        self._connection.parsers = {name: _guarded(name, hear) for name in EVENTS}

    async def setup_hook(self) -> None:
        """Say that requests can be made: the token was taken."""
        await self._ready_for_requests(self.http, str(self.application_id))


# discord.py warns of what voice would need; there is none here.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


def point_at(*, api_url: str, gateway_url: str) -> None:
    """Let discord.py talk to these addresses; it has one pair for all of a process."""
    http.Route.BASE = api_url.rstrip("/")
    gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


class Away(Exception):
    """There has been no connection for longer than waiting makes sense."""


async def stay_connected(
    token: str,
    hear: Hear,
    ready: Ready,
    *,
    lost: Callable[[], None],
    away_seconds: float = AWAY_SECONDS_MAX,
) -> None:
    """Keep a connection until cancelled, whatever becomes of the network.

    Raises `CannotConnect` where trying again would not help.
    """
    wait = BACKOFF_SECONDS_MIN
    while True:
        started = asyncio.get_running_loop().time()
        try:
            async with _opened(hear, ready) as client:
                await _start(client, token, away_seconds)
        except Exception as error:  # noqa: BLE001 - where a connection ends
            _check_final(error)
            log.failure("discord_lost", error)
        finally:
            lost()
        if asyncio.get_running_loop().time() - started > BACKOFF_SECONDS_MAX:
            wait = BACKOFF_SECONDS_MIN
        await asyncio.sleep(wait)
        wait = min(2 * wait, BACKOFF_SECONDS_MAX)


async def application_of(token: str) -> str:
    """Return the id of the application whose token this is."""
    async with _opened(lambda _name, _event: None, _nothing) as client:
        try:
            await client.login(token)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            _check_final(error)
            raise CannotConnect(_AWAY) from None
        return str(client.application_id)


def forget_addresses(client: http.HTTPClient | None) -> None:
    """Empty what remembers addresses, in which ids of channels and accounts stand.

    discord.py keeps a rate limit for each channel, yarl the addresses last used.
    """
    if client is not None:
        # discord.py 2.7: limits by route and channel; one that nobody waits at can go.
        limits = client._buckets  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        idle = [key for key, limit in limits.items() if not limit.outgoing]
        for key in idle:
            del limits[key]
    yarl.cache_clear()
    for cached in (
        "encode_url",
        "pre_encoded_url",
        "build_pre_encoded_url",
        "from_parts",
    ):
        getattr(yarl_url, cached).cache_clear()


@asynccontextmanager
async def _opened(hear: Hear, ready: Ready) -> AsyncGenerator[Client]:
    """Yield a client, and end its connections whether or not Discord says goodbye."""
    client = Client(hear, ready)
    await client.__aenter__()
    try:
        yield client
    finally:
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS_MAX):
                await client.close()
        await client.http.close()


async def _start(client: Client, token: str, away_seconds: float) -> None:
    """Let a client connect and stay connected; raise what ends it, or `Away`.

    It has a task of its own: discord.py waits in a way in which Python 3.11 may lose a
    cancellation (`asyncio.wait_for`), and here it is cancelled until it has ended.
    """
    connecting = asyncio.ensure_future(client.start(token))
    looks = 0
    try:
        while not connecting.done():
            await asyncio.wait({connecting}, timeout=away_seconds / _LOOKS)
            # There is none before the first, whatever the annotation says.
            socket = cast("gateway.DiscordWebSocket | None", client.ws)
            looks = 0 if socket is not None and socket.open else looks + 1
            if looks >= _LOOKS and not connecting.done():
                raise Away
        connecting.result()
    finally:
        while not connecting.done():
            connecting.cancel()
            await asyncio.wait({connecting}, timeout=CANCEL_SECONDS)


async def _nothing(_http: http.HTTPClient, _application: str) -> None:
    """Need nothing of a login."""


def _guarded(name: str, hear: Hear) -> Callable[[Any], None]:
    """Return a parser that cannot fail: an error there ends discord.py's loop."""

    def parse(event: object) -> None:
        try:
            if isinstance(event, Mapping):
                hear(name, cast("JsonObject", event))
        except Exception as error:  # noqa: BLE001 - where an event ends
            log.failure("event_malformed", error)

    return parse


def _check_final(error: Exception) -> None:
    """Raise `CannotConnect` for what will be the same the next time."""
    match error:
        case discord.LoginFailure():
            raise CannotConnect(_FINAL[4004]) from None
        case discord.PrivilegedIntentsRequired():
            raise CannotConnect(_FINAL[4014]) from None
        case discord.ConnectionClosed() if error.code in range(4004, 4015):
            raise CannotConnect(_FINAL.get(error.code, _FINAL_OTHER)) from None
        case discord.HTTPException() if error.status == _UNAUTHORIZED_STATUS:
            raise CannotConnect(_FINAL[4004]) from None
        case _:
            return
