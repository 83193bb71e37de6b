"""What every program here opens: keystores, the database, the gate, the settings."""

import os
import secrets
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.console.clock import ReadClock
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
from storage.keystore import SealedKeystore
from storage.store import SqlStore, open_store

if TYPE_CHECKING:
    from bot.config import Settings

PREFIX = "ROUNDROBIN_"
# All that a counter needs to know from the environment.
FOR_THE_COUNTER = frozenset([f"{PREFIX}DATABASE_URL", f"{PREFIX}DATABASE_URL_FILE"])


class SystemClock:
    """The time of this computer."""

    def now(self) -> int:
        """Return whole seconds since 1970-01-01T00:00:00Z."""
        return int(time.time())  # noqa: TID251 - the one place that reads it


def open_keystore(data: DataFolder, passphrase: str, role: Party) -> SealedKeystore:
    """Return a role's keystore, or raise if the passphrase does not open it."""
    return SealedKeystore.open(data.keystore(role), passphrase, role)


def clock_of(data: DataFolder) -> Clock:
    """Return the simulated clock where there is one, else the computer's."""
    return ReadClock(data.path) if data.clock.exists() else SystemClock()


def database_of(data: DataFolder) -> Path | str:
    """Return where the database is: in the folder, unless a setting says otherwise."""
    told = data.config.read_bytes() if data.config.exists() else b""
    if b"database_url" not in told and not FOR_THE_COUNTER & os.environ.keys():
        return data.database
    from bot.config import load  # noqa: PLC0415 - see settings_of

    # The counter's user cannot read the gate's secrets, and needs no other than this.
    settings = load(data.path, secrets={"database_url"})
    address = settings.database_url.get_secret_value()
    return address or data.database


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
