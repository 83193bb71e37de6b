"""Plays a simulated workplace in the console, with the real gate and counter."""

import secrets
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from adapters.console.clock import FileClock
from adapters.console.listeners import JsonListener, Lines, show_on
from adapters.console.people import People
from adapters.console.platform import ConsolePlatform
from adapters.console.render import Shown
from adapters.console.workspace import Workspace
from bot import log
from bot.compose.counting import CounterProgram
from bot.compose.founding import found
from bot.compose.gates import open_gate, scene_of, settings_of
from bot.compose.parts import SystemClock
from bot.core.records import Party
from bot.desk import Desk
from bot.outbox import Outbox
from bot.router import Router
from storage.folder import DataFolder
from storage.keystore import CHEAPEST


async def console_for_programs(
    folder: Path, passphrase: str, counter_passphrase: str = ""
) -> int:
    """Answer lines of JSON on standard input until they end."""
    lines = Lines(sys.stdout.fileno())
    try:
        async with console(
            folder,
            passphrase,
            counter_passphrase,
            show=lambda shown: show_on(lines, shown),
        ) as workspace:
            await JsonListener(workspace, lines=lines).serve(sys.stdin.fileno())
    finally:
        lines.end()
    return 0


async def console_for_a_person(
    folder: Path,
    passphrase: str,
    counter_passphrase: str = "",
    *,
    plain: bool,
    log_file: IO[str],
) -> int:
    """Play the workspace in the terminal until the person leaves."""
    # Programs, and the counter, have no use for what draws on a terminal.
    from adapters.console.interactive import Conversation  # noqa: PLC0415

    conversation = Conversation(plain=plain)
    async with console(
        folder,
        passphrase,
        counter_passphrase,
        show=conversation.show,
        log_file=log_file,
    ) as workspace:
        await conversation.hold(workspace)
    return 0


async def show_demo(root: Path, *, plain: bool, stay: bool) -> bool:
    """Tell the demo in the empty folder `root`; return whether all went well."""
    from adapters.console.demo import Demo, Place, made_up_people  # noqa: PLC0415

    data, log_path = root / "data", root / "log"
    founded = await found(data, platform="console", cost=CHEAPEST)
    demo = Demo(plain=plain, people=made_up_people())
    place = Place(root=root, data=data, log=log_path, invite=founded.invite)
    with log_path.open("w", encoding="utf-8") as log_file:
        log.start(now=SystemClock().now, stream=log_file)
        async with console(
            data, founded.passphrase, show=demo.show, log_file=log_file
        ) as workspace:
            all_well = await demo.tell(workspace, place)
            if stay:
                await demo.play(workspace)
        log.stop()
    return all_well


@asynccontextmanager
async def console(
    folder: Path,
    passphrase: str,
    counter_passphrase: str = "",
    *,
    show: Callable[[Shown], None],
    log_file: IO[str] | None = None,
) -> AsyncGenerator[Workspace]:
    """Open the simulated workspace of an installation; be its only gate meanwhile."""
    data = DataFolder(folder)
    with data.lock(Party.GATE):
        settings = settings_of(folder)
        clock = FileClock.open(folder, first=SystemClock().now())
        people = People.open(folder)
        platform = ConsolePlatform(
            certificates=data.certificates.absolute(), people=people, show=show
        )
        scene = scene_of(settings, "console")
        # In the console one person plays both roles, whatever the level.
        counter = CounterProgram(
            folder=folder,
            passphrase=counter_passphrase or passphrase,
            log_file=log_file,
        )
        async with open_gate(data, passphrase, clock, counter) as (gate, store):
            desk = Desk(roll=gate.roll, clock=clock, randomness=secrets.token_bytes)
            workspace = Workspace(
                gate=gate,
                router=Router(
                    gate=gate, desk=desk, platform=platform, clock=clock, scene=scene
                ),
                outbox=Outbox(gate, store, scene, platform),
                platform=platform,
                clock=clock,
                people=people,
                command=settings.command,
            )
            await workspace.open()
            yield workspace
