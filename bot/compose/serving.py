"""Serves all platforms that are set up with one gate and one desk."""

import asyncio
import secrets
import signal
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot import log
from bot.compose.connecting import open_adapters, what_run_needs
from bot.compose.counting import CounterProgram, wake_nobody
from bot.compose.gates import open_gate, scene_of, settings_of
from bot.compose.parts import SystemClock
from bot.core.records import Party
from bot.desk import Desk
from bot.gate import Gate
from bot.outbox import Outbox
from bot.platforms import Platforms
from bot.ports import CannotConnect, Clock, Platform
from bot.router import Router
from bot.service import Adapter, Keeper, Service, serve
from bot.views.scene import Scene
from storage.folder import DataFolder
from storage.store import SqlStore

if TYPE_CHECKING:
    from bot.config import Settings

# Slack takes about one message a second in a channel (docs.slack.dev/apis/web-api/
# rate-limits); Discord takes five in five seconds.
PACE_SECONDS = 1.0


async def run(folder: Path, passphrase: str) -> int:
    """Serve the platforms that are set up until SIGTERM or SIGINT."""
    settings = settings_of(folder)
    data = DataFolder(folder)
    with data.lock(Party.GATE):
        clock = SystemClock()
        counter = (
            wake_nobody
            if settings.level
            else CounterProgram(folder=folder, passphrase=passphrase)
        )
        async with AsyncExitStack() as stack:
            gate, store = await stack.enter_async_context(
                open_gate(data, passphrase, clock, counter)
            )
            adapters = [
                await stack.enter_async_context(opened)
                for opened in open_adapters(settings)
            ]
            if not adapters:
                raise CannotConnect(what_run_needs(folder))
            served = _Served(settings=settings, gate=gate, store=store, clock=clock)
            await _until_ended(served.by(adapters))
    return 0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Served:
    """What all platforms share: one gate, one desk, one decision at a time."""

    settings: "Settings"
    gate: Gate
    store: SqlStore
    clock: Clock

    async def by(self, adapters: Sequence[Adapter]) -> None:
        """Serve through `adapters` until cancelled."""
        desk = Desk(
            roll=self.gate.roll, clock=self.clock, randomness=secrets.token_bytes
        )
        lock = asyncio.Lock()
        platforms = {each.platform.name: each.platform for each in adapters}
        outboxes = [self._outbox(each.platform, platforms) for each in adapters]
        keeper = Keeper(self.gate, self.clock, outboxes)
        services = [
            Service(
                Router(
                    gate=self.gate,
                    desk=desk,
                    platform=Platforms(each.platform, platforms),
                    clock=self.clock,
                    scene=self._scene(each.platform, platforms),
                    lock=lock,
                ),
                keeper,
            )
            for each in adapters
        ]
        await serve(list(zip(adapters, services, outboxes, strict=True)), keeper)

    def _outbox(self, platform: Platform, platforms: Mapping[str, Platform]) -> Outbox:
        scene = self._scene(platform, platforms)
        return Outbox(self.gate, self.store, scene, platform, pace_seconds=PACE_SECONDS)

    def _scene(self, platform: Platform, platforms: Mapping[str, Platform]) -> Scene:
        elsewhere = tuple(name for name in platforms if name != platform.name)
        return scene_of(self.settings, platform.name, elsewhere=elsewhere)


async def _until_ended(work: Coroutine[None, None, None]) -> None:
    """Do `work` until it fails, or SIGTERM or SIGINT asks for its end."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, task.cancel)
    try:
        with suppress(asyncio.CancelledError):
            await task
    except BaseExceptionGroup as faults:
        raise log.leaf_of(faults) from None
    finally:
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(each)
