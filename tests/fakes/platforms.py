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
    # The channels, each with whether the bot was let in.
    channels: dict[str, bool] = field(default_factory=dict[str, bool])
    posted: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    asked: list[str] = field(default_factory=list[str])

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a method of Slack's Web API."""
        method = request.match_info["method"]
        self.asked.append(method)
        form = await request.post()
        told = request.headers.get("Authorization", "").removeprefix("Bearer ")
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        body: dict[str, object] = {"ok": True, "user": "rr-bot", "team": "Warehouse"}
        if told != wanted:
            body = {"ok": False, "error": "invalid_auth"}
        elif method == "users.conversations":
            body |= self.page(str(form["cursor"]))
        elif method == "chat.postMessage":
            body = self.post(str(form["channel"]), str(form["text"]))
        headers = {
            "x-oauth-scopes": ",".join(sorted(self.scopes)),
            "Date": self.date or formatdate(usegmt=True),
        }
        return web.json_response(body, headers=headers)

    def page(self, cursor: str) -> dict[str, object]:
        """Return one of the bot's channels a page, as if they were many.

        Where it was not in yet, somebody lets it in after the first look.
        """
        names = [name for name, is_in in self.channels.items() if is_in]
        at = int(cursor or 0)
        page = [{"id": f"C00000{n}", "name": n} for n in names[at : at + 1]]
        more = str(at + 1) if at + 1 < len(names) else ""
        if not more:
            self.channels = dict.fromkeys(self.channels, True)
        return {"channels": page, "response_metadata": {"next_cursor": more}}

    def post(self, channel: str, text: str) -> dict[str, object]:
        """Take a message where the bot was let in; it is let in afterwards."""
        name = channel.removeprefix("C00000")
        if not self.channels.get(name):
            self.channels[name] = True
            return {"ok": False, "error": "not_in_channel"}
        self.posted.append((name, text))
        return {"ok": True}


@dataclass
class Discord:
    """A server in which one bot is a member."""

    flags: int = 0
    public: bool = False
    bot: bool = True
    permissions: str = "2048"
    # How often somebody looks before the bot is in the server.
    looks: int = 0
    posted: list[str] = field(default_factory=list[str])

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
            "guilds/9/channels": [
                {"id": "111111111111111111", "name": "voice", "type": 2},
                {"id": "222222222222222222", "name": "floor", "type": 0},
            ],
        }
        path = request.match_info["path"]
        if request.method == "POST":
            return await self.post(path, request)
        if path == "users/@me/guilds" and self.looks:
            self.looks -= 1
            return web.json_response([])
        return web.json_response(bodies[path])

    async def post(self, path: str, request: web.Request) -> web.Response:
        """Take a message in the one channel where the bot may write."""
        if path == "channels/333333333333333333/messages":
            return web.json_response({"message": "Missing Access"}, status=403)
        if path != "channels/222222222222222222/messages":
            return web.json_response({"message": "Unknown Channel"}, status=404)
        sent = await request.json()
        assert sent["allowed_mentions"] == {"parse": []}
        self.posted.append(sent["content"])
        return web.json_response({"id": "1"})


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
    app.router.add_post("/api/v10/{path:.*}", discord.answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/api/v10"))
