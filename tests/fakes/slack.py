"""Slack as a bot meets it: Web API, Socket Mode, signed HTTP, response_url, triggers.

The bot's real client talks to it over 127.0.0.1. People act through `Person`; whatever
they are shown arrives in their own queue. Every message and view that reaches it is
judged (`slack_rules`), and what breaks a rule is refused and remembered in `broken`.
"""

import asyncio
import hashlib
import hmac
import io
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web

from tests.fakes.slack_rules import message_faults, view_faults

BOT_TOKEN = "xoxb-made-up"
APP_TOKEN = "xapp-made-up"
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAM = "T0WAREHOUSE"
OTHER_TEAM = "T0ELSEWHERE"
BOT = "U0ROUNDROBIN"
GENERAL = "C0GENERAL"
# How long Slack waits for an acknowledgement, and how long a trigger opens a form.
ACKNOWLEDGED_SECONDS = 3.0
TRIGGER_SECONDS = 3.0
# How long an address takes messages, and how many.
ADDRESS_SECONDS = 30 * 60.0
ADDRESS_USES = 5
SEEN_SECONDS = 8.0
# What Slack lets a bot see of a page of people.
PAGE_ROWS = 100


class NotAcknowledged(AssertionError):
    """The bot took longer than three seconds, or did not answer at all."""


@dataclass
class Shown:
    """What somebody sees: "private", "form", "home", "direct", "errors", "closed"."""

    kind: str
    content: dict[str, Any]
    view_id: str = ""
    address: str = ""
    replaces: bool = False

    @property
    def words(self) -> str:
        """All text in it, from top to bottom."""
        return "\n".join(_words(self.content))

    def buttons(self) -> dict[str, str]:
        """Return the actions of its buttons by what stands on them."""
        return {
            element["text"]["text"]: element["action_id"]
            for block in self.content.get("blocks", [])
            for element in block.get("elements", [])
            if element.get("type") == "button"
        }

    def inputs(self) -> dict[str, dict[str, Any]]:
        """Return the elements of its fields by name."""
        return {
            block["block_id"]: block["element"]
            for block in self.content.get("blocks", [])
            if block["type"] == "input"
        }


@dataclass
class Channel:
    name: str
    members: list[str]
    private: bool = False
    joined: bool = True
    shared: bool = False
    archived: bool = False


@dataclass
class Message:
    channel: str
    revisions: list[dict[str, Any]]

    @property
    def now(self) -> Shown:
        return Shown("post", self.revisions[-1])


@dataclass
class Address:
    """Where private messages to somebody go, for a while."""

    person: str
    since: float
    uses: int = 0

    def why_over(self) -> str:
        if time.monotonic() - self.since > ADDRESS_SECONDS:
            return "expired_url"
        return "used_url" if self.uses >= ADDRESS_USES else ""


@dataclass
class Fault:
    """What a method answers instead, so many times."""

    method: str
    error: str = ""
    status: int = 200
    retry_after: int | None = None
    times: int = 1
    content: str = "text/html"


@dataclass
class Slack:
    """A workspace. `app_url` set: requests go there, signed; else over the socket."""

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    # User names of those whose own matters.
    handles: dict[str, str] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    posted_at: list[float] = field(default_factory=list)
    app_url: str = ""
    token: str = BOT_TOKEN
    app_token: str = APP_TOKEN
    # What the app was given the right to.
    scopes: tuple[str, ...] = ()
    # A picture may be shown once Slack has looked at it so many times.
    picture_looks: int = 0

    _sockets: list[web.WebSocketResponse] = field(default_factory=list)
    _acks: dict[str, "asyncio.Future[dict[str, Any]]"] = field(default_factory=dict)
    _triggers: dict[str, tuple[str, float]] = field(default_factory=dict)
    _addresses: dict[str, "Address"] = field(default_factory=dict)
    _owners: dict[str, str] = field(default_factory=dict)
    _queues: dict[str, "asyncio.Queue[Shown]"] = field(default_factory=dict)
    _directs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _number: int = 0
    _connected: asyncio.Event = field(default_factory=asyncio.Event)
    connections: int = 0
    _runner: web.AppRunner | None = None
    _session: aiohttp.ClientSession | None = None
    base: str = ""

    # Life --------------------------------------------------------------------

    async def open(self) -> "Slack":
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_post("/respond/{address}", self._respond)
        app.router.add_get("/socket/{number}", self._socket)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        [address] = self._runner.addresses
        self.base = f"http://127.0.0.1:{address[1]}"
        self._session = aiohttp.ClientSession()
        return self

    async def close(self) -> None:
        for socket in self._sockets:
            await socket.close()
        assert self._runner is not None
        assert self._session is not None
        await self._session.close()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"{self.base}/api/"

    async def connected(self, seconds: float = SEEN_SECONDS) -> None:
        """Wait until the bot's socket is open."""
        async with asyncio.timeout(seconds):
            await self._connected.wait()

    # Who is there ------------------------------------------------------------

    def add_people(self, *names: str, channel: str = GENERAL, **row: Any) -> None:
        """Let people into the workspace and into a channel."""
        for name in names:
            self.people[name] = {"id": name, "team_id": TEAM, "deleted": False} | row
            self.channels[channel].members.append(name)

    def add_channel(self, channel: str, name: str, **more: Any) -> None:
        self.channels[channel] = Channel(name=name, members=[BOT], **more)

    def person(self, name: str, team: str = TEAM) -> "Person":
        return Person(self, name, team)

    def posts(self, channel: str = GENERAL) -> list[Shown]:
        """Return a channel's messages as they stand now, oldest first."""
        return [each.now for each in self.messages.values() if each.channel == channel]

    def called(self, method: str) -> list[dict[str, Any]]:
        """Return what a method was asked, in order."""
        return [asked for name, asked in self.calls if name == method]

    def fail(self, method: str, error: str = "", **more: Any) -> None:
        """Let a method answer with a fault, once or as often as `times` says."""
        self.faults.append(Fault(method, error, **more))

    def queue(self, person: str) -> "asyncio.Queue[Shown]":
        return self._queues.setdefault(person, asyncio.Queue())

    def next(self, prefix: str) -> str:
        self._number += 1
        return f"{prefix}{self._number:08d}"

    # What the bot is sent ----------------------------------------------------

    async def deliver(
        self, kind: str, payload: dict[str, Any], **envelope: Any
    ) -> dict[str, Any]:
        """Send a payload to the bot; return its acknowledgement, or raise."""
        started = time.monotonic()
        if self.app_url:
            answer = await self._deliver_http(kind, payload, envelope)
        else:
            answer = await self._deliver_socket(kind, payload, envelope)
        if time.monotonic() - started > ACKNOWLEDGED_SECONDS:
            raise NotAcknowledged
        return answer

    async def _deliver_socket(
        self, kind: str, payload: dict[str, Any], envelope: dict[str, Any]
    ) -> dict[str, Any]:
        await self.connected()
        name = envelope.get("envelope_id") or self.next("E")
        self._acks[name] = asyncio.get_running_loop().create_future()
        await self._sockets[-1].send_json(
            {
                "type": kind,
                "payload": payload,
                "accepts_response_payload": kind != "events_api",
                **envelope,
                "envelope_id": name,
            }
        )
        try:
            async with asyncio.timeout(ACKNOWLEDGED_SECONDS):
                return await self._acks[name]
        except TimeoutError:
            raise NotAcknowledged from None

    async def _deliver_http(
        self, kind: str, payload: dict[str, Any], envelope: dict[str, Any]
    ) -> dict[str, Any]:
        body, headers = http_body(kind, payload)
        if "retry_attempt" in envelope:
            headers["X-Slack-Retry-Num"] = str(envelope["retry_attempt"])
        status, answer = await self.send_http(body, signed(body) | headers)
        if status != 200:
            raise NotAcknowledged(f"HTTP {status}")
        return json.loads(answer) if answer else {}

    async def send_http(self, body: str, headers: dict[str, str]) -> tuple[int, str]:
        """Send a request with these headers, whatever they are."""
        assert self._session is not None
        async with self._session.post(
            self.app_url, data=io.BytesIO(body.encode()), headers=headers
        ) as answer:
            return answer.status, await answer.text()

    async def drop_socket(self) -> None:
        """Break the connection without a word."""
        socket = self._sockets.pop()
        self._connected.clear()
        transport = socket._req.transport if socket._req else None
        if transport is not None:
            transport.abort()

    async def refresh_socket(self) -> None:
        """Ask the bot to connect anew, as Slack does every few hours."""
        socket = self._sockets.pop()
        self._connected.clear()
        await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})

    # People's own ------------------------------------------------------------

    def trigger(self, person: str) -> str:
        name = self.next("1.2.")
        self._triggers[name] = (person, time.monotonic())
        return name

    def address(self, person: str) -> str:
        name = self.next("R")
        self._addresses[name] = Address(person, time.monotonic())
        return f"{self.base}/respond/{name}"

    def show_view(self, person: str, view_id: str, view: dict[str, Any]) -> None:
        self.views[view_id] = view
        self._owners[view_id] = person
        self.queue(person).put_nowait(Shown("form", view, view_id=view_id))

    # Endpoints ---------------------------------------------------------------

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._sockets.append(socket)
        self.connections += 1
        self._connected.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                answer = json.loads(message.data)
                waiting = self._acks.pop(answer["envelope_id"], None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(answer.get("payload") or {})
        return socket

    async def _respond(self, request: web.Request) -> web.Response:
        if refused := self._fault("response_url"):
            return refused
        message = await request.json()
        address = self._addresses[request.match_info["address"]]
        self.calls.append(("response_url", message))
        if over := address.why_over():
            return web.json_response({"ok": False, "error": over}, status=404)
        if faults := message_faults(message):
            self.broken += faults
            return web.Response(status=400, text="invalid_blocks")
        shown = Shown(
            "private",
            message,
            address=str(request.url),
            replaces=bool(message.get("replace_original")),
        )
        assert message["response_type"] == "ephemeral"
        address.uses += 1
        self.queue(address.person).put_nowait(shown)
        return web.Response(text="ok")

    async def _upload(self, request: web.Request) -> web.Response:
        if refused := self._fault("upload"):
            return refused
        file = self.files[request.match_info["file"]]
        file["content"] = await request.read()
        return web.Response(text=f"OK - {len(file['content'])}")

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        asked = await _arguments(request)
        self.calls.append((method, asked))
        if method in {"chat.postMessage", "chat.update"}:
            self.posted_at.append(time.monotonic())
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        wanted = self.app_token if method == "apps.connections.open" else self.token
        if token != wanted:
            return _refusal("invalid_auth")
        if refused := self._fault(method):
            return refused
        handler: Any = getattr(self, "_" + method.replace(".", "_").lower(), None)
        if handler is None:
            self.broken.append(f"no such method: {method}")
            return _refusal("unknown_method")
        # Every answer says what the token may do (docs.slack.dev/authentication).
        headers = {"X-OAuth-Scopes": ",".join(sorted(self.scopes))}
        return web.json_response(await handler(asked), headers=headers)

    def _fault(self, method: str) -> web.Response | None:
        for fault in self.faults:
            if fault.method in (method, "*") and fault.times > 0:
                fault.times -= 1
                return _fault_response(fault)
        return None

    # Methods -----------------------------------------------------------------

    async def _auth_test(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {
            "ok": True,
            "team_id": TEAM,
            "team": "Warehouse",
            "user_id": BOT,
            "user": "roundrobin",
            "bot_id": "B0ROUNDROBIN",
        }

    async def _apps_connections_open(self, asked: dict[str, Any]) -> dict[str, Any]:
        address = self.base.replace("http", "ws")
        return {"ok": True, "url": f"{address}/socket/{self.next('')}"}

    async def _users_list(self, asked: dict[str, Any]) -> dict[str, Any]:
        bot = {"id": BOT, "team_id": TEAM, "is_bot": True}
        rows = [bot, *self.people.values()]
        return _page("members", rows, asked)

    async def _users_conversations(self, asked: dict[str, Any]) -> dict[str, Any]:
        rows = [
            {"id": name, "name": channel.name}
            for name, channel in self.channels.items()
            if channel.joined
        ]
        return _page("channels", rows, asked)

    async def _conversations_info(self, asked: dict[str, Any]) -> dict[str, Any]:
        channel = self.channels.get(asked["channel"])
        if channel is None or (channel.private and not channel.joined):
            return {"ok": False, "error": "channel_not_found"}
        return {
            "ok": True,
            "channel": {
                "id": asked["channel"],
                "name": channel.name,
                "is_private": channel.private,
                "is_member": channel.joined,
                "is_ext_shared": channel.shared,
                "is_archived": channel.archived,
            },
        }

    async def _conversations_members(self, asked: dict[str, Any]) -> dict[str, Any]:
        channel = self.channels.get(asked["channel"])
        if channel is None:
            return {"ok": False, "error": "channel_not_found"}
        return _page("members", channel.members, asked)

    async def _conversations_history(self, asked: dict[str, Any]) -> dict[str, Any]:
        written = self._directs.get(asked["channel"], [])
        found = [each for each in written if each["ts"] <= asked["latest"]]
        return {"ok": True, "messages": found[::-1][: int(asked["limit"])]}

    async def _chat_postmessage(self, asked: dict[str, Any]) -> dict[str, Any]:
        if refused := self._message_refusal(asked):
            return refused
        if asked["channel"].startswith("D"):
            person = asked["channel"][1:]
            self.queue(person).put_nowait(Shown("direct", asked))
            return {"ok": True, "ts": self.next("17.")}
        if asked["channel"] in self.people:
            # An account's id stands for the chat with it (docs: chat.postMessage).
            self.queue(asked["channel"]).put_nowait(Shown("direct", asked))
            return {"ok": True, "ts": self.next("17."), "channel": self.next("D")}
        channel = self.channels.get(asked["channel"])
        if channel is None:
            return {"ok": False, "error": "channel_not_found"}
        if not channel.joined or channel.archived:
            error = "is_archived" if channel.archived else "not_in_channel"
            return {"ok": False, "error": error}
        reference = self.next("17.")
        self.messages[reference] = Message(asked["channel"], [asked])
        return {"ok": True, "ts": reference, "channel": asked["channel"]}

    async def _chat_update(self, asked: dict[str, Any]) -> dict[str, Any]:
        if refused := self._message_refusal(asked):
            return refused
        message = self.messages.get(asked["ts"])
        if message is None or message.channel != asked["channel"]:
            return {"ok": False, "error": "message_not_found"}
        message.revisions.append(asked)
        return {"ok": True, "ts": asked["ts"]}

    def _message_refusal(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        faults = message_faults(asked)
        if asked.get("unfurl_links") is not False or asked.get("link_names"):
            faults.append("links would be unfurled, or names linked")
        self.broken += faults
        for block in asked.get("blocks", []):
            if block["type"] == "image":
                file = self.files.get(block["slack_file"]["id"])
                if file is None or not file["done"] or self.picture_looks > 0:
                    self.picture_looks -= 1
                    return {"ok": False, "error": "invalid_blocks"}
        return {"ok": False, "error": "invalid_blocks"} if faults else None

    async def _views_open(self, asked: dict[str, Any]) -> dict[str, Any]:
        person, at = self._triggers.pop(asked["trigger_id"], ("", 0.0))
        if not person or time.monotonic() - at > TRIGGER_SECONDS:
            return {"ok": False, "error": "expired_trigger_id"}
        return self._new_view(asked["view"], person, self.next("V"))

    async def _views_update(self, asked: dict[str, Any]) -> dict[str, Any]:
        view_id = asked["view_id"]
        if view_id not in self._owners:
            return {"ok": False, "error": "not_found"}
        return self._new_view(asked["view"], self._owners[view_id], view_id)

    def _new_view(
        self, view: dict[str, Any], person: str, view_id: str
    ) -> dict[str, Any]:
        if faults := view_faults(view):
            self.broken += faults
            return {"ok": False, "error": "invalid_arguments"}
        self.show_view(person, view_id, view)
        return {"ok": True, "view": {"id": view_id}}

    async def _views_publish(self, asked: dict[str, Any]) -> dict[str, Any]:
        if faults := view_faults(asked["view"]):
            self.broken += faults
            return {"ok": False, "error": "invalid_arguments"}
        shown = Shown("home", asked["view"], view_id=self.next("H"))
        self.queue(asked["user_id"]).put_nowait(shown)
        return {"ok": True}

    async def _files_getuploadurlexternal(
        self, asked: dict[str, Any]
    ) -> dict[str, Any]:
        file = self.next("F0")
        self.files[file] = {"name": asked["filename"], "done": False, **asked}
        return {
            "ok": True,
            "upload_url": f"{self.base}/upload/{file}",
            "file_id": file,
        }

    async def _files_completeuploadexternal(
        self, asked: dict[str, Any]
    ) -> dict[str, Any]:
        for each in json.loads(asked["files"]):
            file = self.files[each["id"]]
            assert "content" in file
            assert len(file["content"]) == int(file["length"])
            file |= {"done": True, "channel": asked.get("channel_id")}
            file["words"] = asked.get("initial_comment", "")
        return {"ok": True, "files": json.loads(asked["files"])}


@dataclass
class Person:
    """Somebody at a keyboard."""

    slack: Slack
    name: str
    team: str = TEAM

    @property
    def handle(self) -> str:
        """What Slack calls them in all that it sends of them."""
        return self.slack.handles.get(self.name, f"{self.name}.w")

    def user(self) -> dict[str, Any]:
        """Return them as a payload shows who did something."""
        named = {"username": self.handle, "name": self.handle}
        return {"id": self.name, "team_id": self.team, **named}

    async def seen(self) -> Shown:
        """Return what this person is shown next."""
        async with asyncio.timeout(SEEN_SECONDS):
            return await self.slack.queue(self.name).get()

    @property
    def has_seen_all(self) -> bool:
        return self.slack.queue(self.name).empty()

    async def command(self, text: str = "", channel: str = GENERAL) -> Shown:
        """Type the root command; return what is shown."""
        answer = await self.slack.deliver("slash_commands", self.typed(text, channel))
        self.take_message(answer)
        return await self.seen()

    def typed(self, text: str = "", channel: str = GENERAL) -> dict[str, Any]:
        """Return the payload of a typed command."""
        return {
            "command": "/rr",
            "text": _escaped(text),
            "user_id": self.name,
            "user_name": self.handle,
            "team_id": self.team,
            "channel_id": channel,
            "trigger_id": self.slack.trigger(self.name),
            "response_url": self.slack.address(self.name),
        }

    def take_message(self, answer: dict[str, Any]) -> None:
        """See a private message that came with an acknowledgement."""
        if not answer:
            return
        assert answer["response_type"] == "ephemeral"
        self.slack.broken += message_faults(answer)
        self.slack.queue(self.name).put_nowait(Shown("private", answer))

    async def press(self, where: Shown, label: str, **more: Any) -> Shown:
        """Press the button with this label; return what is shown next."""
        payload = self.pressed(where, where.buttons()[label], **more)
        assert await self.slack.deliver("interactive", payload) == {}
        return await self.seen()

    def pressed(
        self, where: Shown, action: str, channel: str = GENERAL
    ) -> dict[str, Any]:
        """Return the payload of a pressed button."""
        payload: dict[str, Any] = {
            "type": "block_actions",
            "user": self.user(),
            "team": {"id": TEAM},
            "trigger_id": self.slack.trigger(self.name),
            "actions": [{"type": "button", "action_id": action, "value": ""}],
        }
        if where.kind in {"form", "home"}:
            kind = "modal" if where.kind == "form" else "home"
            payload["view"] = where.content | {"id": where.view_id, "type": kind}
            payload["container"] = {"type": "view", "view_id": where.view_id}
            return payload
        payload["response_url"] = self.slack.address(self.name)
        payload["channel"] = {
            "id": f"D{self.name}" if where.kind == "direct" else channel
        }
        payload["container"] = {
            "type": "message",
            "is_ephemeral": where.kind == "private",
        }
        return payload

    async def submit(self, form: Shown, **values: Any) -> Shown:
        """Fill in a form and send it; return what is shown next."""
        answer = await self.slack.deliver("interactive", self.filled(form, **values))
        self.take_view(form, answer)
        return await self.seen()

    def filled(self, form: Shown, **values: Any) -> dict[str, Any]:
        """Return the payload of a form with these values; the others as they stand."""
        state = {
            name: {element["action_id"]: _state(element, values.get(name))}
            for name, element in form.inputs().items()
        }
        assert values.keys() <= state.keys(), form.words
        view = form.content | {
            "id": form.view_id,
            "hash": "1.abc",
            "state": {"values": state},
        }
        return {
            "type": "view_submission",
            "user": self.user(),
            "team": {"id": TEAM},
            "trigger_id": self.slack.trigger(self.name),
            "view": view,
        }

    def take_view(self, form: Shown, answer: dict[str, Any]) -> None:
        """See what became of a form that was sent."""
        queue = self.slack.queue(self.name)
        match answer.get("response_action"):
            case "update":
                self.slack.broken += view_faults(answer["view"])
                self.slack.show_view(self.name, form.view_id, answer["view"])
            case "errors":
                assert answer["errors"].keys() <= form.inputs().keys()
                queue.put_nowait(
                    Shown("errors", {"text": " ".join(answer["errors"].values())})
                )
            case None:
                queue.put_nowait(Shown("closed", {}))
            case other:
                raise AssertionError(other)

    async def write(self, text: str, **more: Any) -> Shown:
        """Write to the bot; return its answer."""
        await self.slack.deliver("events_api", self.written(text, **more))
        return await self.seen()

    def written(self, text: str, **more: Any) -> dict[str, Any]:
        """Return the payload of a message to the bot; Slack keeps `more` with it."""
        message = {"type": "message", "user": self.name, "text": _escaped(text)}
        message |= {"ts": self.slack.next("16."), **more}
        chat = f"D{self.name}"
        self.slack._directs.setdefault(chat, []).append(message)
        event = {**message, "channel": chat, "channel_type": "im", "team": self.team}
        return self.event(**event)

    def event(self, **event: Any) -> dict[str, Any]:
        """Return the payload of an event."""
        return {
            "type": "event_callback",
            "team_id": TEAM,
            "event_id": self.slack.next("Ev"),
            "event": event,
        }

    async def open_home(self) -> Shown:
        """Look at the home page."""
        event = self.event(type="app_home_opened", user=self.name, tab="home")
        await self.slack.deliver("events_api", event)
        return await self.seen()

    async def shortcut(self, callback: str = "report") -> Shown:
        """Use the global shortcut."""
        payload = {
            "type": "shortcut",
            "callback_id": callback,
            "user": self.user(),
            "team": {"id": TEAM},
            "trigger_id": self.slack.trigger(self.name),
        }
        assert await self.slack.deliver("interactive", payload) == {}
        return await self.seen()

    async def choose_message(self, text: str, **more: Any) -> Shown:
        """Use the shortcut in the menu of somebody's message in the channel."""
        message = {"type": "message", "ts": "16.1", "text": _escaped(text), **more}
        payload = {
            "type": "message_action",
            "callback_id": "quote",
            "user": self.user(),
            "team": {"id": TEAM},
            "channel": {"id": GENERAL},
            "message": message,
            "trigger_id": self.slack.trigger(self.name),
            "response_url": self.slack.address(self.name),
        }
        assert await self.slack.deliver("interactive", payload) == {}
        return await self.seen()


def signed(body: str, *, secret: str = SIGNING_SECRET, at: int = 0) -> dict[str, str]:
    """Return the headers that prove that Slack sent this body."""
    stamp = str(at or int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
    }


def http_body(kind: str, payload: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Return a payload as Slack sends it over HTTP, and the headers of its form."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    if kind == "slash_commands":
        return urlencode(payload), form
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}), form
    return json.dumps(payload), {"Content-Type": "application/json"}


async def _arguments(request: web.Request) -> dict[str, Any]:
    asked: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        asked |= await request.json()
    elif request.method == "POST":
        asked |= dict(await request.post())
    return asked


def _refusal(error: str) -> web.Response:
    return web.json_response({"ok": False, "error": error})


def _fault_response(fault: Fault) -> web.Response:
    headers = {}
    status = fault.status
    if fault.retry_after is not None:
        headers["Retry-After"] = str(fault.retry_after)
        status = 429
    if status >= 500:
        return web.Response(
            status=status, text="<html>Bad gateway</html>", content_type=fault.content
        )
    error = fault.error or "ratelimited"
    return web.json_response(
        {"ok": False, "error": error}, status=status, headers=headers
    )


def _page(name: str, rows: list[Any], asked: dict[str, Any]) -> dict[str, Any]:
    start = int(asked.get("cursor") or 0)
    end = start + min(int(asked["limit"]), PAGE_ROWS)
    more = str(end) if end < len(rows) else ""
    return {
        "ok": True,
        name: rows[start:end],
        "response_metadata": {"next_cursor": more},
    }


def _state(element: dict[str, Any], value: Any) -> dict[str, Any]:
    """Return the state of a field: what was filled in, or what stood there before."""
    kind = element["type"]
    if kind == "plain_text_input":
        typed = element.get("initial_value") if value is None else value
        assert len(typed or "") <= element.get("max_length", 3000)
        return {"type": kind, "value": typed or None}
    if kind == "conversations_select":
        chosen = element.get("initial_conversation") if value is None else value
        return {"type": kind, "selected_conversation": chosen}
    options = {each["value"]: each for each in element["options"]}
    if kind in {"radio_buttons", "static_select"}:
        default = element.get("initial_option")
        return {
            "type": kind,
            "selected_option": default if value is None else options[value],
        }
    default = element.get("initial_options", [])
    if value is None:
        return {"type": kind, "selected_options": default}
    if isinstance(value, bool):
        value = ["true"] if value else []
    return {"type": kind, "selected_options": [options[each] for each in value]}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _words(part: Any) -> list[str]:
    if isinstance(part, list):
        return [word for each in part for word in _words(each)]
    if not isinstance(part, dict):
        return []
    if "blocks" in part:
        return _words(part["blocks"])
    found: list[str] = []
    for name in ("text", "label", "hint", "elements", "element", "accessory"):
        value = part.get(name)
        found += [value] if isinstance(value, str) else _words(value)
    return found
