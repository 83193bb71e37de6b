"""A workspace with the bot in it: the fake Slack, and the product's own everything."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.slack.adapter import SlackAdapter, SlackSettings, open_slack
from adapters.slack.connection import HTTP_PATH
from bot.core.actors import Actor
from bot.core.records import Role
from bot.outbox import Outbox
from bot.router import Router
from bot.service import Keeper, Service, serve
from bot.views.scene import Scene
from tests.fakes.slack import (
    APP_TOKEN,
    BOT_TOKEN,
    GENERAL,
    SEEN_SECONDS,
    SIGNING_SECRET,
    TEAM,
    Person,
    Shown,
    Slack,
)
from tests.fakes.workplace import Workplace, workplace

SCENE = Scene(platform="slack")
MEI, SAM = "U0MEI", "U0SAM"
STAFF = tuple(f"U0STAFF{number:03}" for number in range(40))
LUNCH = {
    "question": "Should we ask for paid lunch breaks?",
    "options": "Yes\nNo\nUnsure",
    "closes": "3d",
}


@dataclass
class House:
    """The workspace `slack`, and the installation `place` that serves it."""

    slack: Slack
    place: Workplace
    adapter: SlackAdapter
    keeper: Keeper
    served: "asyncio.Future[None]"

    def person(self, name: str) -> Person:
        return self.slack.person(name)

    async def welcome(self, name: str, role: Role = Role.ORGANIZER) -> None:
        """Make somebody an organizer."""
        await self.place.welcome(Actor(platform="slack", team=TEAM, user=name), role)

    async def advance(self, seconds: int) -> None:
        """Let time pass, stopping wherever something is due; posts go out meanwhile."""
        clock, gate = self.place.clock, self.place.gate
        end = clock.seconds + seconds
        while (due := gate.next_due()) is not None and due <= end:
            clock.seconds = max(clock.seconds, due)
            await self.keeper.look()
        clock.seconds = end
        await self.keeper.look()
        await self.posted()

    async def posted(self) -> None:
        """Wait until nothing waits to be posted."""
        async with asyncio.timeout(SEEN_SECONDS):
            while await self.place.store.posts():  # noqa: ASYNC110 - it is on disk
                await asyncio.sleep(0.005)

    async def poll(self, organizer: str = MEI, **values: Any) -> Shown:
        """Let an organizer who is alone start a poll; return its post."""
        return await self.start("poll", organizer, **(LUNCH | values))

    async def start(self, word: str, organizer: str = MEI, **values: Any) -> Shown:
        """Let an organizer who is alone fill in a form and start what it describes."""
        mei = self.person(organizer)
        preview = await mei.submit(await mei.command(word), **values)
        started = await mei.press(preview, "Start it")
        assert "is open" in started.words, started.words
        await self.posted()
        return self.slack.posts(values.get("channel", GENERAL))[-1]


@asynccontextmanager
async def slack_house(
    folder: Path,
    *,
    http: bool = False,
    pace_seconds: float = 0.0,
    around: Callable[[Service], Any] = lambda service: service,
    people: bool = True,
) -> AsyncIterator[House]:
    """Open a workspace with Mei, Sam and forty others; Mei leads the organizers."""
    slack = await Slack().open()
    slack.add_channel(GENERAL, "general")
    if people:
        slack.add_people(MEI, SAM, *STAFF)
    bind = f"127.0.0.1:{free_port()}" if http else ""
    settings = SlackSettings(
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        api_url=slack.api_url,
        signing_secret=SIGNING_SECRET,
        http_bind=bind,
    )
    async with (
        workplace(folder, scene=SCENE) as place,
        open_slack(
            settings, clock=place.clock, randomness=secrets.token_bytes
        ) as adapter,
    ):
        outbox = Outbox(
            place.gate, place.store, SCENE, adapter.platform, pace_seconds=pace_seconds
        )
        keeper = Keeper(place.gate, place.clock, [outbox])
        router = Router(
            gate=place.gate,
            desk=place.desk,
            platform=adapter.platform,
            clock=place.clock,
            scene=SCENE,
        )
        service = around(Service(router, keeper))
        served = asyncio.ensure_future(serve([(adapter, service, outbox)], keeper))
        house = House(
            slack=slack, place=place, adapter=adapter, keeper=keeper, served=served
        )
        try:
            if http:
                await listening(bind)
                slack.app_url = f"http://{bind}{HTTP_PATH}"
            else:
                await slack.connected()
            await house.welcome(MEI, Role.LEAD)
            yield house
        finally:
            served.cancel()
            await asyncio.gather(served, return_exceptions=True)
            await slack.close()


def free_port() -> int:
    """Return a port that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def listening(bind: str, *, seconds: float = SEEN_SECONDS) -> None:
    """Wait until something listens at HOST:PORT."""
    host, port = bind.split(":")
    async with asyncio.timeout(seconds):
        while True:
            try:
                _, writer = await asyncio.open_connection(host, int(port))
            except OSError:
                await asyncio.sleep(0.01)
            else:
                writer.close()
                return
