"""Discord's gateway on this machine: sessions, compression, replay, and its moods."""

import asyncio
import json
import zlib
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

DISPATCH, HEARTBEAT, IDENTIFY, RESUME = 0, 1, 2, 6
RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 9, 10, 11
BAD_TOKEN, BAD_INTENTS, FORBIDDEN_INTENTS = 4004, 4013, 4014
# Guilds and direct messages; the others need a switch on the bot's page, or nothing.
KNOWN_INTENTS = (1 << 26) - 1
PRIVILEGED_INTENTS = (1 << 1) | (1 << 8) | (1 << 15)


@dataclass
class Session:
    name: str
    sequence: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)

    def add(self, name: str, data: Any) -> dict[str, Any]:
        self.sequence += 1
        event = {"op": DISPATCH, "t": name, "s": self.sequence, "d": data}
        self.events.append(event)
        return event


class Link:
    """One connection, compressed as one stream (zlib-stream)."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.request = request
        self._stream = zlib.compressobj()

    async def send(self, payload: dict[str, Any]) -> None:
        packed = self._stream.compress(json.dumps(payload).encode())
        packed += self._stream.flush(zlib.Z_SYNC_FLUSH)
        # Two frames, as Discord may cut a message anywhere.
        middle = len(packed) // 2
        await self.socket.send_bytes(packed[:middle])
        await self.socket.send_bytes(packed[middle:])


class Gateway:
    """Takes one bot's connections. `address` is set once the server runs."""

    def __init__(self, *, token: str, ready: dict[str, Any]) -> None:
        self.address = ""
        self.identified: list[dict[str, Any]] = []
        self.resumed: list[dict[str, Any]] = []
        self.heartbeats = 0
        self.heartbeat_seconds = 40.0
        # It takes no connections at all.
        self.is_away = False
        # Close codes for the next connections that identify.
        self.refusals: list[int] = []
        # What is dispatched after READY, such as the servers.
        self.after_ready: list[tuple[str, Any]] = []
        self._token = token
        self._ready = ready
        self._session: Session | None = None
        self._link: Link | None = None
        self._there = asyncio.Event()

    @property
    def is_connected(self) -> bool:
        """Whether a bot is there now."""
        return self._link is not None

    def forget_session(self) -> None:
        """Know nothing of the last session any more."""
        self._session = None

    async def connected(self, *, seconds: float = 8) -> None:
        """Return once a bot is there."""
        async with asyncio.timeout(seconds):
            await self._there.wait()

    async def dispatch(self, name: str, data: Any) -> None:
        """Tell the bot something; who is away hears it after a RESUME."""
        assert self._session is not None, "nobody has ever identified"
        event = self._session.add(name, data)
        if self._link is not None:
            try:
                await self._link.send(event)
            except (ConnectionError, aiohttp.ClientError):
                self._gone()

    async def ask_to_reconnect(self) -> None:
        """Op 7."""
        await self._send({"op": RECONNECT, "d": None})

    async def invalidate(self, *, resumable: bool) -> None:
        """Op 9."""
        if not resumable:
            self._session = None
        await self._send({"op": INVALID_SESSION, "d": resumable})

    async def drop(self) -> None:
        """End the connection without a word."""
        assert self._link is not None
        transport = self._link.request.transport
        self._gone()
        if transport is not None:
            transport.abort()

    async def close(self, code: int) -> None:
        """Close the connection with a code."""
        assert self._link is not None
        link = self._link
        self._gone()
        await link.socket.close(code=code)

    async def handler(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection."""
        if self.is_away:
            return web.Response(status=503)
        assert request.query["compress"] == "zlib-stream"
        assert request.query["v"] == "10"
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        link = Link(socket, request)
        milliseconds = round(self.heartbeat_seconds * 1000)
        await link.send({"op": HELLO, "d": {"heartbeat_interval": milliseconds}})
        async for message in socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                break
            await self._heard(link, json.loads(message.data))
        if self._link is link:
            self._gone()
        return socket

    async def _heard(self, link: Link, payload: dict[str, Any]) -> None:
        match payload["op"]:
            case 1:
                self.heartbeats += 1
                await link.send({"op": HEARTBEAT_ACK})
            case 2:
                await self._identify(link, payload["d"])
            case 6:
                await self._resume(link, payload["d"])
            case _:
                await link.socket.close(code=4001)

    async def _identify(self, link: Link, asked: dict[str, Any]) -> None:
        self.identified.append(asked)
        code = self._refusal(asked)
        if code:
            await link.socket.close(code=code)
            return
        self._session = Session(f"session{len(self.identified)}")
        ready = {
            **self._ready,
            "session_id": self._session.name,
            "resume_gateway_url": self.address,
        }
        await link.send(self._session.add("READY", ready))
        for name, data in self.after_ready:
            await link.send(self._session.add(name, data))
        self._came(link)

    def _refusal(self, asked: dict[str, Any]) -> int:
        if self.refusals:
            return self.refusals.pop(0)
        if asked["token"] != self._token:
            return BAD_TOKEN
        if asked["intents"] & ~KNOWN_INTENTS:
            return BAD_INTENTS
        return FORBIDDEN_INTENTS if asked["intents"] & PRIVILEGED_INTENTS else 0

    async def _resume(self, link: Link, asked: dict[str, Any]) -> None:
        self.resumed.append(asked)
        session = self._session
        if session is None or asked["session_id"] != session.name:
            await link.send({"op": INVALID_SESSION, "d": False})
            return
        for event in session.events:
            if event["s"] > asked["seq"]:
                await link.send(event)
        await link.send(session.add("RESUMED", {}))
        self._came(link)

    def _came(self, link: Link) -> None:
        self._link = link
        self._there.set()

    def _gone(self) -> None:
        self._link = None
        self._there.clear()

    async def _send(self, payload: dict[str, Any]) -> None:
        assert self._link is not None
        link = self._link
        self._gone()
        await link.send(payload)
