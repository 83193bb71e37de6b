"""What `run` serves: people's requests as they come, and what is due as time goes by.

One keeper for the gate's time, and for each platform a service with a router and an
outbox of its own.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from bot import log
from bot.gate import Gate
from bot.outbox import Outbox
from bot.ports import Clock, Platform, StorageError
from bot.requests import Reply, Request, is_quiet
from bot.router import Router

# The counter may run on another host, on its own schedule: its letters are looked for.
LOOK_SECONDS_MAX = 60
# After a fault of the disk or the database.
FAULT_SECONDS = 10


class Keeper:
    """Does what is due by the clock, and tells the outboxes when it has."""

    def __init__(self, gate: Gate, clock: Clock, outboxes: Sequence[Outbox]) -> None:
        """Join the parts."""
        self._gate = gate
        self._clock = clock
        self._outboxes = outboxes
        self._more = asyncio.Event()

    def wake(self) -> None:
        """Look now: somebody did something that may have consequences."""
        self._more.set()

    async def keep(self) -> None:
        """Keep the gate's time until cancelled. A fault is logged and tried again."""
        while True:
            self._more.clear()
            seconds = await self.look()
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._more.wait()

    async def look(self) -> float:
        """Do what is due now; return the seconds until the next look."""
        try:
            await self._gate.settle()
        except StorageError as fault:
            log.failure("not_settled", fault)
            return FAULT_SECONDS
        finally:
            for outbox in self._outboxes:
                outbox.wake()
        due = self._gate.next_due()
        if due is None:
            return LOOK_SECONDS_MAX
        # What stays due cannot be done now, such as a count whose counter fails.
        return min(max(due - self._clock.now(), 1), LOOK_SECONDS_MAX)


class Service:
    """Answers the people of one platform."""

    def __init__(self, router: Router, keeper: Keeper) -> None:
        """Join the parts."""
        self._router = router
        self._keeper = keeper

    async def handle(self, request: Request) -> list[Reply]:
        """Return what the person sees; what follows from it is done afterwards."""
        try:
            return await self._router.handle(request)
        finally:
            if not is_quiet(request):
                self._keeper.wake()


class Adapter(Protocol):
    """One vendor's connection: a platform to post on, and people to answer."""

    @property
    def platform(self) -> Platform:
        """Where posts go, and who may answer."""
        ...

    async def serve(self, service: Service) -> None:
        """Answer people until cancelled.

        Raises `CannotConnect` if the platform refuses the bot for good.
        """
        ...


async def serve(
    adapters: Sequence[tuple[Adapter, Service, Outbox]], keeper: Keeper
) -> None:
    """Serve all platforms and keep the time, until cancelled or one cannot go on."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(keeper.keep())
        for adapter, service, outbox in adapters:
            tasks.create_task(outbox.keep())
            tasks.create_task(adapter.serve(service))
