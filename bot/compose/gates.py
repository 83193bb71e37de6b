"""What the gate's programs open: the settings, the gate, what pages must know."""

import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.compose.parts import database_of, open_keystore
from bot.core.cases import Deadlines
from bot.core.legal import read_legal_lines
from bot.core.records import Party
from bot.core.slots import DAY
from bot.gate import Gate
from bot.hardening import make_ready_for_a_rush
from bot.ports import Clock
from bot.views.scene import Scene
from storage.folder import DataFolder
from storage.inbox import DiskInboxes
from storage.store import SqlStore, open_store

if TYPE_CHECKING:
    from bot.config import Settings


def settings_of(folder: Path) -> "Settings":
    """Return the settings of an installation, the environment's first."""
    # A quarter of a second, which each count would pay again.
    from bot.config import load  # noqa: PLC0415

    return load(folder)


def scene_of(
    settings: "Settings", platform: str, *, elsewhere: tuple[str, ...] = ()
) -> Scene:
    """Return what the pages of one platform must know of the installation."""
    return Scene(
        level=settings.level,
        elsewhere=elsewhere,
        platform=platform,
        command=settings.command,
        owner=settings.owner,
        keeper=settings.keeper,
        deadlines=Deadlines(
            reply_seconds=settings.reply_days * DAY,
            outcome_seconds=settings.outcome_days * DAY,
        ),
        legal_lines=read_legal_lines(settings.legal_lines),
    )


@asynccontextmanager
async def open_gate(
    data: DataFolder,
    passphrase: str,
    clock: Clock,
    counter: Callable[[], Awaitable[None]],
) -> AsyncGenerator[tuple[Gate, SqlStore]]:
    """Open an installation's gate and its store; `counter` is how a count is begun."""
    make_ready_for_a_rush()
    keystore = open_keystore(data, passphrase, Party.GATE)
    store = await open_store(database_of(data))
    try:
        gate = await Gate.open(
            store=store,
            keystore=keystore,
            inboxes=DiskInboxes(data.inboxes),
            clock=clock,
            randomness=secrets.token_bytes,
            wake_counter=counter,
        )
        try:
            yield gate, store
        finally:
            await gate.close()
    finally:
        await store.close()
