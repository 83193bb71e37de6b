"""What gate and counter both open: keystores, the database, the clock.

A counter loads no more than it needs: nothing here may import the gate or a page.
"""

import os
import time
from pathlib import Path

from adapters.console.clock import ReadClock
from bot.core.records import Party
from bot.ports import Clock
from storage.folder import DataFolder
from storage.keystore import SealedKeystore

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
    from bot.config import load  # noqa: PLC0415 - see settings_of in gates.py

    # The counter's user cannot read the gate's secrets, and needs no other than this.
    settings = load(data.path, secrets={"database_url"})
    address = settings.database_url.get_secret_value()
    return address or data.database
