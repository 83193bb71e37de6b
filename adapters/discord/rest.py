"""What the bot asks of Discord over HTTP, and what became of it.

Nothing of a request or an answer is kept, logged or put into an error.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import aiohttp
import discord
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter

from adapters.discord.parse import Ticket
from adapters.discord.reading import object_in, text_in
from adapters.discord.shapes import PRIVATE, Attached, Callback, Message
from bot.core.canonical import JsonObject, JsonValue

# discord.py waits and tries again by itself, for half a minute; an interaction's first
# answer is worth nothing after 3 seconds, a post can wait in the outbox.
PATIENCE_SECONDS = 10.0
# Somebody waits before their screen: longer than this they have tapped again.
HASTE_SECONDS_MAX = 2.0
_TOO_MANY_STATUS = 429
_REPLY_TRIES = 3


class Unreachable(Exception):
    """Discord did not do it now: too much, a fault of its own, or no network."""

    def __init__(self, *, retry_after: float = 0.0) -> None:
        """Keep how many seconds it asked for."""
        super().__init__()
        self.retry_after = retry_after


class NotAllowed(Exception):
    """Discord will not do it: something is gone, or the bot has no permission."""


class Rest:
    """Discord's HTTP interface, as the bot uses it. Without a login it is not there."""

    def __init__(
        self, session: aiohttp.ClientSession, *, patience: float = PATIENCE_SECONDS
    ) -> None:
        """Answer interactions through `session`; `login` brings the rest."""
        self._session = session
        self._patience = patience
        self._replies = AsyncWebhookAdapter()  # type: ignore[no-untyped-call]
        self.http: HTTPClient | None = None

    # Channels ----------------------------------------------------------------

    async def create_message(
        self, channel: str, message: Message, *, flags: int = 0, nonce: str = ""
    ) -> str:
        """Send a message and return its id. One with the same nonce is sent once."""
        body = message.body(flags=flags)
        if nonce:
            body |= {"nonce": nonce, "enforce_nonce": True}
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
        return text_in(object_in(await self._ask(route, body, message.files)), "id")

    async def direct_channel(self, user: str) -> str:
        """Return the channel of one account's direct messages with the bot."""
        route = Route("POST", "/users/@me/channels")
        asked: JsonObject = {"recipient_id": user}
        return text_in(object_in(await self._ask(route, asked)), "id")

    async def edit_message(self, channel: str, name: str, message: Message) -> None:
        """Put a message in place of an earlier one."""
        route = Route(
            "PATCH",
            "/channels/{channel_id}/messages/{message_id}",
            channel_id=channel,
            message_id=name,
        )
        await self._ask(route, message.body(), message.files)

    async def message(self, channel: str, name: str) -> JsonObject:
        """Return a message that somebody wrote."""
        route = Route(
            "GET",
            "/channels/{channel_id}/messages/{message_id}",
            channel_id=channel,
            message_id=name,
        )
        return object_in(await self._ask(route))

    async def channel(self, channel: str) -> JsonObject:
        """Return a channel."""
        route = Route("GET", "/channels/{channel_id}", channel_id=channel)
        return object_in(await self._ask(route))

    async def guild(self, guild: str) -> JsonObject:
        """Return a server, with about how many members it has."""
        route = Route("GET", "/guilds/{guild_id}?with_counts=true", guild_id=guild)
        return object_in(await self._ask(route))

    async def member(self, guild: str, user: str) -> JsonObject:
        """Return what a server says of one account; nothing of it is kept."""
        route = Route(
            "GET", "/guilds/{guild_id}/members/{user_id}", guild_id=guild, user_id=user
        )
        return object_in(await self._ask(route))

    # Commands ----------------------------------------------------------------

    async def commands(self, application: str) -> JsonValue:
        """Return the commands that Discord shows."""
        return await self._ask(_commands("GET", application))

    async def put_commands(
        self, application: str, commands: Sequence[JsonObject]
    ) -> None:
        """Put all commands in place of those that Discord shows."""
        await self._ask(_commands("PUT", application), list(commands))

    # Interactions ------------------------------------------------------------

    async def answer(
        self,
        ticket: Ticket,
        kind: Callback,
        body: JsonObject | None = None,
        files: Sequence[Attached] = (),
    ) -> None:
        """Answer an interaction, the first time."""
        route = Route(
            "POST",
            "/interactions/{webhook_id}/{webhook_token}/callback",
            webhook_id=ticket.interaction,
            webhook_token=ticket.token,
        )
        sent: JsonObject = {"type": kind.value}
        if body is not None:
            sent["data"] = body
        await self._reply(route, sent, files)

    async def answer_later(self, ticket: Ticket, *, replaces: bool) -> None:
        """Say that an answer follows: "thinking", which nobody else sees either."""
        if replaces:
            await self.answer(ticket, Callback.UPDATE_LATER)
        else:
            await self.answer(ticket, Callback.LATER, {"flags": PRIVATE})

    async def edit_answer(self, ticket: Ticket, message: Message) -> None:
        """Put a message in place of the first answer."""
        route = Route(
            "PATCH",
            "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
            webhook_id=ticket.application,
            webhook_token=ticket.token,
        )
        await self._reply(route, message.body(), message.files)

    async def add_answer(self, ticket: Ticket, message: Message) -> None:
        """Send one more private message after the first answer."""
        route = Route(
            "POST",
            "/webhooks/{webhook_id}/{webhook_token}",
            webhook_id=ticket.application,
            webhook_token=ticket.token,
        )
        await self._reply(route, message.body(flags=PRIVATE), message.files)

    # Private -----------------------------------------------------------------

    async def _ask(
        self,
        route: Route,
        body: JsonValue = None,
        files: Sequence[Attached] = (),
    ) -> JsonValue:
        if self.http is None:
            raise Unreachable(retry_after=1)
        options: dict[str, Any] = {}
        if files:
            options["form"] = _form(body, files)
        elif body is not None:
            options["json"] = body
        async with self._faults():
            answer: object = await self.http.request(route, **options)
        return cast("JsonValue", answer)

    async def _reply(
        self, route: Route, body: JsonObject, files: Sequence[Attached]
    ) -> None:
        """Send an answer; one that was too much at once is sent a little later."""
        for turn in range(_REPLY_TRIES):
            try:
                async with self._faults():
                    await self._replies.request(
                        route,
                        self._session,
                        payload=None if files else cast("dict[str, Any]", body),
                        multipart=_form(body, files) if files else None,
                    )
            except Unreachable as refused:
                wait = refused.retry_after
                if not 0 < wait <= HASTE_SECONDS_MAX or turn == _REPLY_TRIES - 1:
                    raise
                await asyncio.sleep(wait)
            else:
                return

    @asynccontextmanager
    async def _faults(self) -> AsyncGenerator[None]:
        """Turn what the library raises, which holds addresses and ids, into our own."""
        try:
            async with asyncio.timeout(self._patience):
                yield
        except discord.HTTPException as refused:
            raise _fault(refused) from None
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError):
            raise Unreachable from None
        except RuntimeError:
            # What aiohttp says of a session that was closed at this moment.
            raise Unreachable from None


def _fault(refused: discord.HTTPException) -> Unreachable | NotAllowed:
    if refused.status == _TOO_MANY_STATUS:
        # Without a Via header discord.py does not wait by itself.
        wait = refused.response.headers.get("Retry-After", "1")
        return Unreachable(retry_after=float(wait) if _is_number(wait) else 1.0)
    return Unreachable() if refused.status >= 500 else NotAllowed()  # noqa: PLR2004


def _is_number(written: str) -> bool:
    return written.replace(".", "", 1).isdecimal()


def _commands(method: str, application: str) -> Route:
    path = "/applications/{application_id}/commands"
    return Route(method, path, application_id=application)


def _form(body: JsonValue, files: Sequence[Attached]) -> list[dict[str, Any]]:
    """Return a body with files as the parts of a form."""
    parts: list[dict[str, Any]] = [
        {
            "name": "payload_json",
            "value": json.dumps(body),
            "content_type": "application/json",
        }
    ]
    parts += [
        {
            "name": f"files[{number}]",
            "value": file.content,
            "filename": file.name,
            "content_type": "image/png"
            if file.alt_text
            else "application/octet-stream",
        }
        for number, file in enumerate(files)
    ]
    return parts
