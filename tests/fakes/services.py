"""Services that take their time, or whose answers a bug has emptied."""

import asyncio
from typing import cast

from bot.requests import Place, Reply, Request
from bot.service import Service
from bot.views.widgets import Card, CardKind, Line
from tests.fakes.slack_house import House


class Slow:
    """A service whose answers take their time."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.let_go = asyncio.Event()
        self.let_go.set()
        self.failing = False
        self.asked = 0

    async def handle(self, request: Request) -> list[Reply]:
        self.asked += 1
        await self.let_go.wait()
        if self.failing:
            raise RuntimeError("quotes U0SAM")
        return await self._service.handle(request)


class Speechless:
    """A service whose lines have no words, as a bug would make them: none is shown."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.speechless = False

    async def handle(self, request: Request) -> list[Reply]:
        replies = await self._service.handle(request)
        if not self.speechless:
            return replies
        bare = Line(text=cast("str", None))
        return [Reply(place=Place.DM, view=Card(kind=CardKind.NOTICE, blocks=(bare,)))]


async def nothing_more(house: House, person: str) -> bool:
    """Tell whether a person is shown nothing more, a moment later."""
    await asyncio.sleep(0.1)
    return house.person(person).has_seen_all
