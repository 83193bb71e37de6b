"""What people do in Discord, as it arrives: vendor I/O and nothing else.

Every interaction is read from its raw payload in one place. So a button or a form of
before a restart works like a new one, nothing about a message is kept, and something
that Discord never sends ends nothing but its own task.
"""

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from discord.http import HTTPClient

from adapters.discord import commands, connection, parse
from adapters.discord.answering import QUICK_SECONDS, Answering, Service
from adapters.discord.pictures import Draw, drawer
from adapters.discord.platform import DiscordPlatform
from adapters.discord.reading import Malformed, object_in
from adapters.discord.rest import PATIENCE_SECONDS, NotAllowed, Rest, Unreachable
from adapters.discord.servers import Servers
from bot import log
from bot.core.canonical import JsonObject

# What is being answered at one time. A server's whole membership comes at once.
IN_FLIGHT_MAX = 2000
# Interactions are told apart for this long, should one be delivered again.
REMEMBERED_SECONDS = 30.0
# How often what remembers addresses is emptied.
SWEEP_SECONDS = 15.0
_DIGEST_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Options:
    """How Discord is reached. The times differ in tests alone."""

    token: str
    api_url: str
    gateway_url: str
    command: str = "rr"
    patience_seconds: float = PATIENCE_SECONDS
    quick_seconds: float = QUICK_SECONDS
    sweep_seconds: float = SWEEP_SECONDS
    away_seconds: float = connection.AWAY_SECONDS_MAX


@asynccontextmanager
async def open_adapter(
    options: Options, *, draw: Draw | None = None
) -> AsyncGenerator["DiscordAdapter"]:
    """Open what talks to Discord; `serve` connects. `draw` makes charts' pictures."""
    connection.point_at(api_url=options.api_url, gateway_url=options.gateway_url)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        rest = Rest(session, patience=options.patience_seconds)
        servers = Servers()
        drawn = drawer(draw)
        yield DiscordAdapter(
            options,
            rest=rest,
            servers=servers,
            answering=Answering(rest, drawn, quick_seconds=options.quick_seconds),
            platform=DiscordPlatform(rest, servers, drawn),
        )


async def install_link(options: Options) -> str:
    """Return the link that installs the bot; raise `CannotConnect` without a login."""
    connection.point_at(api_url=options.api_url, gateway_url=options.gateway_url)
    application = await connection.application_of(options.token)
    return commands.install_link(application)


class DiscordAdapter:
    """One bot account's conversation with Discord (`bot.service.Adapter`)."""

    def __init__(
        self,
        options: Options,
        *,
        rest: Rest,
        servers: Servers,
        answering: Answering,
        platform: DiscordPlatform,
    ) -> None:
        """Join the parts."""
        self._options = options
        self._rest = rest
        self._servers = servers
        self._answering = answering
        self._seen = _Seen()
        self._in_flight = 0
        self.platform = platform

    async def serve(self, service: Service) -> None:
        """Answer people until cancelled. Raises `CannotConnect` where that is final."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._sweep())

            def hear(name: str, event: JsonObject) -> None:
                if name in ("INTERACTION_CREATE", "MESSAGE_CREATE"):
                    self._start(name, event, service, tasks)
                else:
                    _note_server(self._servers, name, event)

            await connection.stay_connected(
                self._options.token,
                hear,
                self._ready,
                lost=self._lost,
                away_seconds=self._options.away_seconds,
            )

    # The connection ----------------------------------------------------------

    async def _ready(self, http: HTTPClient, application: str) -> None:
        """Make the commands what they are to be; an unchanged list is left alone."""
        self._rest.http = http
        wanted = commands.commands(self._options.command)
        try:
            there = await self._rest.commands(application)
            if not commands.are_same(wanted, there):
                await self._rest.put_commands(application, wanted)
                log.event("commands_set")
        except (Unreachable, NotAllowed) as error:
            log.failure("commands_not_set", error)

    def _lost(self) -> None:
        self._rest.http = None

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(self._options.sweep_seconds)
            self.forget()

    def forget(self) -> None:
        """Empty everything in which an address or an interaction could stand."""
        connection.forget_addresses(self._rest.http)
        self._seen.forget(asyncio.get_running_loop().time() - REMEMBERED_SECONDS)

    # Events ------------------------------------------------------------------

    def _start(
        self, name: str, event: JsonObject, service: Service, tasks: asyncio.TaskGroup
    ) -> None:
        """Begin what an event asks for, beside all others."""
        if self._in_flight >= IN_FLIGHT_MAX:
            log.failure("too_much_at_once")
            return
        self._in_flight += 1
        tasks.create_task(self._guarded(name, event, service))

    async def _guarded(self, name: str, event: JsonObject, service: Service) -> None:
        try:
            if name == "INTERACTION_CREATE":
                await self._interaction(event, service)
            else:
                await self._message(event, service)
        except NotAllowed as error:
            # A token that is too old, or an interaction that was answered already.
            log.failure("reply_refused", error)
        except Unreachable as error:
            log.failure("reply_not_sent", error)
        except Malformed as error:
            log.failure("event_malformed", error)
        except Exception as error:  # noqa: BLE001 - where a request ends
            log.failure("request_failed", error)
        finally:
            self._in_flight -= 1

    async def _interaction(self, event: JsonObject, service: Service) -> None:
        heard = parse.read_interaction(event)
        now = asyncio.get_running_loop().time()
        if heard is not None and self._seen.is_new(heard.ticket.interaction, now):
            await self._answering.interaction(heard, service)

    async def _message(self, event: JsonObject, service: Service) -> None:
        written = parse.read_message(event)
        now = asyncio.get_running_loop().time()
        if written is None or not self._seen.is_new(written.request.reference, now):
            return
        try:
            await self._answering.message(written, service)
        except NotAllowed:
            # The person takes no direct messages (50007): nobody is told anything.
            log.event("direct_message_closed")


class _Seen:
    """What was delivered lately, as digests under a key of this process alone."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)
        self._digests: OrderedDict[bytes, float] = OrderedDict()

    def is_new(self, name: str, now: float) -> bool:
        """Tell whether this is seen the first time."""
        digest = hashlib.blake2b(
            name.encode(), key=self._key, digest_size=_DIGEST_BYTES
        ).digest()
        if digest in self._digests:
            return False
        self._digests[digest] = now
        return True

    def forget(self, before: float) -> None:
        """Forget what was seen before that time."""
        while self._digests and next(iter(self._digests.values())) <= before:
            self._digests.popitem(last=False)


def _note_server(servers: Servers, name: str, event: JsonObject) -> None:
    """Remember what channels there are. Nothing of it is about a person."""
    server = str(event.get("guild_id") or event.get("id"))
    match name:
        case "GUILD_CREATE":
            servers.put(event)
        case "GUILD_DELETE":
            servers.drop(server)
        case "GUILD_ROLE_UPDATE":
            servers.put_role(server, object_in(event.get("role")))
        case "CHANNEL_CREATE" | "CHANNEL_UPDATE":
            servers.put_channel(server, event)
        case "CHANNEL_DELETE":
            servers.drop_channel(str(event.get("id")))
        case _:
            return
