"""Small servers on this machine that answer as Slack and Discord do to a newcomer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate

from aiohttp import web
from aiohttp.test_utils import TestServer

SCOPES = frozenset({"chat:write", "commands"})
BOT_TOKEN = "xoxb-1234567890-abcdefghijkl"
APP_TOKEN = "xapp-1-A0123456789-1234567890-abcdef"
# Three parts, as Discord's are; it opens nothing.
DISCORD_TOKEN = f"{'M' * 24}.{'x' * 6}.{'y' * 38}"


@dataclass
class Slack:
    """A workspace in which one app is installed."""

    scopes: frozenset[str] = SCOPES
    date: str = ""
    asked: list[str] = field(default_factory=list[str])

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a method of Slack's Web API."""
        method = request.match_info["method"]
        self.asked.append(method)
        told = request.headers.get("Authorization", "").removeprefix("Bearer ")
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        body = {"ok": True, "user": "rr-bot", "team": "Warehouse"}
        if told != wanted:
            body = {"ok": False, "error": "invalid_auth"}
        headers = {
            "x-oauth-scopes": ",".join(sorted(self.scopes)),
            "Date": self.date or formatdate(usegmt=True),
        }
        return web.json_response(body, headers=headers)


@dataclass
class Discord:
    """A server in which one bot is a member."""

    flags: int = 0
    public: bool = False
    bot: bool = True
    permissions: str = "2048"

    async def answer(self, request: web.Request) -> web.Response:
        """Answer what a bot may read of itself."""
        if request.headers.get("Authorization") != f"Bot {DISCORD_TOKEN}":
            return web.json_response({"message": "401: Unauthorized"}, status=401)
        bodies: dict[str, object] = {
            "users/@me": {"id": "7", "username": "rr-bot", "bot": self.bot},
            "applications/@me": {
                "id": "42",
                "flags": self.flags,
                "bot_public": self.public,
            },
            "users/@me/guilds": [{"id": "9", "permissions": self.permissions}],
        }
        return web.json_response(bodies[request.match_info["path"]])


@asynccontextmanager
async def slack_at(slack: Slack) -> AsyncIterator[str]:
    """Serve a workspace; yield the address of its API."""
    app = web.Application()
    app.router.add_post("/api/{method}", slack.answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/api/"))


@asynccontextmanager
async def discord_at(discord: Discord) -> AsyncIterator[str]:
    """Serve a server of Discord's; yield the address of its API."""
    app = web.Application()
    app.router.add_get("/api/v10/{path:.*}", discord.answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/api/v10"))
