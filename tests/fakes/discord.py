"""Discord on 127.0.0.1: its HTTP interface and gateway, one server, and its people.

Every request and every answer is held against Discord's published description and its
bounds. What is wrong stands in `wrong`, which tests expect to be empty at their end.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes import discord_shapes as shapes
from tests.fakes.discord_format import (
    PRIVATE,
    Format,
    over_the_caps,
    walk,
    wrong_commands,
)
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_people import Exchange, Says
from tests.fakes.discord_shapes import (
    BOT_ID,
    GUILD_ID,
    Channel,
    Person,
    Posted,
    new_id,
)

TOKEN = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.fake.token-of-a-bot"
# Discord: three seconds for the first answer, fifteen minutes for all others.
FIRST_SECONDS = 3
TOKEN_SECONDS = 15 * 60
WAIT_SECONDS = 20


class Refusal(Exception):
    """An error of the interface, with the code that Discord gives it."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message}


@dataclass
class Fault:
    """What the next requests of one kind meet instead of an answer."""

    method: str
    template: str
    status: int
    times: int
    retry_after: float
    via: bool
    everywhere: bool


@dataclass
class Request:
    method: str
    path: str
    body: Any
    status: int = 0


@dataclass
class Discord:
    """One server with channels and members, and all that was sent there."""

    format: Format
    wrong: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    messages: dict[str, Posted] = field(default_factory=dict)
    commands: list[dict[str, Any]] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    roles: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    approximate_members: int = 60
    base: str = ""
    _nonces: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with a server in which everybody sees everything."""
        self.roles.append(shapes.role(GUILD_ID, "@everyone", shapes.VIEW_CHANNEL))
        self.owner = self.person("owner")
        self.general = self.channel("general")
        ready = {
            "v": 10,
            "user": shapes.own_user(),
            "guilds": [{"id": GUILD_ID, "unavailable": True}],
            "application": {"id": BOT_ID, "flags": 0},
        }
        self.gateway = Gateway(token=TOKEN, ready=ready)
        self.says = Says(self)

    # The world ---------------------------------------------------------------

    def person(self, name: str, **more: Any) -> Person:
        """Let somebody have an account."""
        person = Person(name, **more)
        self.people[person.id] = person
        return person

    def channel(self, name: str, **more: Any) -> Channel:
        """Make a text channel."""
        channel = Channel(name, **more)
        self.channels[channel.id] = channel
        return channel

    def private_channel(self, name: str, role: str) -> Channel:
        """Make a channel that one role sees."""
        hidden = {"id": GUILD_ID, "type": 0, "allow": "0", "deny": "1024"}
        shown = {"id": role, "type": 0, "allow": "1024", "deny": "0"}
        return self.channel(name, overwrites=[hidden, shown])

    def guild_create(self) -> dict[str, Any]:
        """Return what the gateway says of the server."""
        channels = [shapes.channel_of(each) for each in self.channels.values()]
        owner = self.owner.id
        return {
            **shapes.guild(owner, self.roles),
            "channels": channels,
            "member_count": self.approximate_members,
            "members": [],
        }

    def fail(
        self,
        method: str,
        template: str,
        status: int,
        *,
        times: int = 1,
        retry_after: float = 0.0,
        via: bool = False,
        everywhere: bool = False,
    ) -> None:
        """Let the next requests of this kind fail."""
        self.faults.append(
            Fault(method, template, status, times, retry_after, via, everywhere)
        )

    def posted_in(self, channel: Channel | Person) -> list[Posted]:
        """Return the bot's messages in a channel, or in somebody's direct messages."""
        place = channel.channel if isinstance(channel, Person) else channel.id
        found = self.messages.values()
        return [e for e in found if e.channel == place and e.author == BOT_ID]

    def sent(self, method: str, template: str) -> list[Request]:
        """Return the requests of one kind."""
        return [
            each
            for each in self.requests
            if each.method == method and self.format.template(each.path) == template
        ]

    # The HTTP interface ------------------------------------------------------

    async def handler(self, request: web.Request) -> web.Response:
        """Answer one request, as Discord does, and look at both."""
        path = request.path.removeprefix("/api/v10")
        body, files = await _read(request)
        seen = Request(request.method, path, body)
        self.requests.append(seen)
        template = self.format.template(path)
        found = self._fault(request.method, str(template))
        if found is not None:
            seen.status = found.status
            return self._failed(request.method, path, found)
        try:
            self._check(request, path, body)
            answer = self._answer(request, path, body, files)
            status = 204 if answer is None else 200
        except Refusal as refused:
            status, answer = refused.status, refused.body
        seen.status = status
        self._note(path, self.format.wrong_answer(seen.method, path, status, answer))
        headers = {
            "X-RateLimit-Limit": "5000",
            "X-RateLimit-Remaining": "4999",
            "X-RateLimit-Reset": f"{time.time() + 1:.3f}",
            "X-RateLimit-Reset-After": "1.000",
            "X-RateLimit-Bucket": str(abs(hash((seen.method, template)))),
            "Via": "1.1 google",
        }
        if answer is None:
            return web.Response(status=204, headers=headers)
        return _json(answer, status, headers)

    def _check(self, request: web.Request, path: str, body: Any) -> None:
        """Note what is wrong with a request, and refuse it as Discord would."""
        method = request.method
        wrong = self.format.wrong_request(method, path, body)
        parts = body.get("data") if isinstance(body, dict) and "data" in body else body
        if path.endswith("/commands") and method == "PUT":
            wrong += wrong_commands(body)
        else:
            wrong += over_the_caps(parts)
        self._note(path, wrong)
        if not path.startswith(("/interactions", "/webhooks")) and (
            request.headers.get("Authorization") != f"Bot {TOKEN}"
        ):
            raise Refusal(401, 0, "401: Unauthorized")
        if wrong:
            raise Refusal(400, 50035, "Invalid Form Body")

    def _note(self, path: str, wrong: list[str]) -> None:
        self.wrong += [f"{self.format.template(path)}: {each}" for each in wrong]

    def _fault(self, method: str, template: str) -> Fault | None:
        for fault in self.faults:
            if fault.method == method and fault.template == template:
                fault.times -= 1
                if not fault.times:
                    self.faults.remove(fault)
                return fault
        return None

    def _failed(self, method: str, path: str, fault: Fault) -> web.Response:
        body: dict[str, Any] = {"code": 0, "message": "a fault"}
        headers = {"Via": "1.1 google"} if fault.via else {}
        if fault.status == 429:
            body |= {"retry_after": fault.retry_after, "global": fault.everywhere}
            headers |= {
                "Retry-After": str(fault.retry_after),
                "X-RateLimit-Scope": "global" if fault.everywhere else "user",
            }
        elif fault.status == 403:
            body["code"] = 50013
        self._note(path, self.format.wrong_answer(method, path, fault.status, body))
        return _json(body, fault.status, headers)

    def _answer(  # noqa: C901, PLR0911 - one line for each path
        self, request: web.Request, path: str, body: Any, files: dict[str, bytes]
    ) -> Any:
        ids = re.findall(r"/([^/]+)", path)
        if request.method == "GET":
            return self._looked_up(ids, counts="with_counts" in request.query)
        match request.method, *ids:
            case "PUT", "applications", _, "commands":
                return self._put_commands(body)
            case "POST", "channels", channel, "messages":
                return self._create(channel, body, files)
            case "POST", "users", "@me", "channels":
                return self._direct_channel(body)
            case "PATCH", "channels", channel, "messages", message:
                return self._edit(channel, message, body, files)
            case "POST", "interactions", interaction, token, "callback":
                return self._called_back(interaction, token, body, files)
            case "PATCH", "webhooks", _, token, "messages", "@original":
                return self._edit_original(token, body, files)
            case "POST", "webhooks", _, token:
                return self._follow_up(token, body, files)
            case _:
                raise Refusal(404, 0, "404: Not Found")

    def _looked_up(  # noqa: C901, PLR0911 - one line for each path
        self, ids: list[str], *, counts: bool
    ) -> Any:
        match ids:
            case "users", "@me":
                return shapes.own_user()
            case "users", "@me", "guilds":
                return [shapes.own_guild()]
            case ("oauth2", "applications", "@me") | ("applications", "@me"):
                return shapes.application()
            case "guilds", _, "channels":
                return [shapes.channel_of(each) for each in self.channels.values()]
            case "applications", _, "commands":
                return self.commands
            case "guilds", _:
                return self._guild(counts=counts)
            case "guilds", _, "members", user:
                return self._member(user)
            case "channels", channel:
                return self._channel(channel)
            case "channels", channel, "messages", message:
                return self._shown(self._message(channel, message))
            case _:
                raise Refusal(404, 0, "404: Not Found")

    # Commands, servers, channels ---------------------------------------------

    def _put_commands(self, body: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self.commands = [
            {
                "id": new_id(),
                "application_id": BOT_ID,
                "version": new_id(),
                "default_member_permissions": None,
                "description": "",
                "dm_permission": True,
                "nsfw": False,
                **each,
            }
            for each in body
        ]
        return self.commands

    def _guild(self, *, counts: bool) -> dict[str, Any]:
        found = shapes.guild(self.owner.id, self.roles)
        if counts:
            found["approximate_member_count"] = self.approximate_members
            found["approximate_presence_count"] = 7
        return found

    def _member(self, user: str) -> dict[str, Any]:
        person = self.people.get(user)
        if person is None or not person.is_member:
            raise Refusal(404, 10007, "Unknown Member")
        return shapes.member_of(person)

    def _channel(self, channel: str) -> dict[str, Any]:
        if channel not in self.channels:
            raise Refusal(404, 10003, "Unknown Channel")
        return shapes.channel_of(self.channels[channel])

    def _direct_channel(self, body: dict[str, Any]) -> dict[str, Any]:
        person = self.people.get(str(body["recipient_id"]))
        if person is None:
            raise Refusal(400, 50033, "Invalid Recipient(s)")
        return shapes.direct_channel_of(person)

    # Messages ----------------------------------------------------------------

    def _message(self, channel: str, message: str) -> Posted:
        found = self.messages.get(message)
        if found is None or found.channel != channel:
            raise Refusal(404, 10008, "Unknown Message")
        return found

    def _create(
        self, channel: str, body: dict[str, Any], files: dict[str, bytes]
    ) -> dict[str, Any]:
        self._check_may_write(channel)
        nonce = (channel, str(body.get("nonce")))
        if body.get("enforce_nonce") and nonce in self._nonces:
            return self._shown(self.messages[self._nonces[nonce]])
        posted = Posted(new_id(), channel, [body], files)
        self.messages[posted.id] = posted
        self._nonces[nonce] = posted.id
        self.says.tell()
        return self._shown(posted)

    def _check_may_write(self, channel: str) -> None:
        person = next((e for e in self.people.values() if e.channel == channel), None)
        if person is not None:
            if not person.takes_messages:
                raise Refusal(403, 50007, "Cannot send messages to this user")
        elif channel not in self.channels:
            raise Refusal(404, 10003, "Unknown Channel")
        elif self.channels[channel].is_closed:
            raise Refusal(403, 50013, "Missing Permissions")

    def _edit(
        self, channel: str, message: str, body: dict[str, Any], files: dict[str, bytes]
    ) -> dict[str, Any]:
        posted = self._message(channel, message)
        self._check_may_write(channel)
        posted.bodies.append(body)
        posted.files = files
        self.says.tell()
        return self._shown(posted)

    def _shown(self, posted: Posted) -> dict[str, Any]:
        return shapes.message_of(posted, base=f"{self.base}/files")

    # Interactions ------------------------------------------------------------

    def _called_back(
        self,
        interaction: str,
        token: str,
        body: dict[str, Any],
        files: dict[str, bytes],
    ) -> None:
        exchange = self.exchanges.get(token)
        late = exchange is None or exchange.age() > FIRST_SECONDS
        if exchange is None or late or exchange.id != interaction:
            raise Refusal(404, 10062, "Unknown interaction")
        if exchange.callback is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        if wrong := _wrong_callback(exchange, body):
            self.wrong.append(wrong)
            raise Refusal(400, 50035, "Invalid Form Body")
        exchange.callback = body
        kind = body["type"]
        if kind in (4, 7):
            self._show_answer(exchange, body["data"], files, replaces=kind == 7)
        if kind not in (5, 6):
            exchange.answered.set()

    def _show_answer(
        self,
        exchange: Exchange,
        body: dict[str, Any],
        files: dict[str, bytes],
        *,
        replaces: bool,
    ) -> None:
        if replaces and exchange.about is not None:
            # Who sees a message does not change with what stands in it.
            stays = (exchange.about.body.get("flags") or 0) & PRIVATE
            body = {**body, "flags": (body.get("flags") or 0) | stays}
            exchange.about.bodies.append(body)
            exchange.shown.append(exchange.about)
        else:
            exchange.shown.append(Posted(new_id(), exchange.channel, [body], files))
        exchange.answered.set()

    def _living(self, token: str) -> Exchange:
        exchange = self.exchanges.get(token)
        if exchange is None or exchange.age() > TOKEN_SECONDS:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        return exchange

    def _edit_original(
        self, token: str, body: dict[str, Any], files: dict[str, bytes]
    ) -> dict[str, Any]:
        exchange = self._living(token)
        if exchange.callback is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        replaces = exchange.callback["type"] == 6
        if exchange.shown:
            exchange.shown[0].bodies.append(body)
        else:
            self._show_answer(exchange, body, files, replaces=replaces)
        return self._shown(exchange.shown[0])

    def _follow_up(
        self, token: str, body: dict[str, Any], files: dict[str, bytes]
    ) -> dict[str, Any]:
        exchange = self._living(token)
        if exchange.callback is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        if not (body.get("flags") or 0) & PRIVATE:
            self.wrong.append("a later answer that others see")
        posted = Posted(new_id(), exchange.channel, [body], files)
        exchange.shown.append(posted)
        exchange.answered.set()
        return self._shown(posted)


@asynccontextmanager
async def running_discord() -> AsyncIterator[Discord]:
    """Yield a Discord that listens on this machine, and nothing that was wrong."""
    discord = Discord(Format.load())
    application = web.Application(client_max_size=32 * 1024 * 1024)
    application.router.add_get("/gateway", discord.gateway.handler)
    application.router.add_route("*", "/api/v10/{rest:.*}", discord.handler)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        discord.base = f"http://{host}:{port}/api/v10"
        discord.gateway.address = f"ws://{host}:{port}/gateway"
        yield discord
        assert discord.wrong == []
    finally:
        await runner.cleanup()


async def until(holds: Callable[[], Any], *, seconds: float = WAIT_SECONDS) -> None:
    """Return once something holds."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what holds tells nobody
            await asyncio.sleep(0.01)


def _json(body: Any, status: int, headers: dict[str, str]) -> web.Response:
    """Return an answer as Discord writes it: its type names no encoding."""
    typed = {**headers, "Content-Type": "application/json"}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=typed)


async def _read(request: web.Request) -> tuple[Any, dict[str, bytes]]:
    """Return a request's JSON, and the files that came with it by their names."""
    if request.content_type == "multipart/form-data":
        body: Any = None
        files: dict[str, bytes] = {}
        async for part in await request.multipart():
            content = bytes(await part.read(decode=False))  # type: ignore[union-attr]
            if part.name == "payload_json":  # type: ignore[union-attr]
                body = json.loads(content)
            else:
                files[str(part.filename)] = content  # type: ignore[union-attr]
        return body, files
    content = await request.read()
    return (json.loads(content) if content else None), {}


def _wrong_callback(exchange: Exchange, body: dict[str, Any]) -> str:
    """Return why an interaction cannot be answered so, beyond its form."""
    kind, flags = body["type"], (body.get("data") or {}).get("flags") or 0
    if kind in (4, 5) and not flags & PRIVATE:
        return "an answer that others see"
    if kind == 9 and exchange.kind == 5:
        return "a form that answers a form"
    if kind in (6, 7) and exchange.about is None:
        return "a change of no message"
    if kind == 8 and exchange.kind != 4:
        return "suggestions where nothing is typed"
    parts = list(walk((body.get("data") or {}).get("components") or []))
    if kind != 9 and any(each["type"] in (4, 18, 21, 22, 23) for each in parts):
        return "an input outside of a form"
    return ""
