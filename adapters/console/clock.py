"""The simulated clock: a time in DIR/clock that moves only when somebody says so.

The counter reads the same file, so that both roles agree on what is due.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from bot.ports import StorageError

CLOCK_FILE = "clock"
# 9999-12-31T23:59:59Z: the last second that ISO 8601 writes with four digits.
SECOND_MAX = 253_402_300_799
_FORM = "%Y-%m-%dT%H:%M:%SZ"


class ClockUnreadable(StorageError):
    """DIR/clock does not hold a time. It should read like 2031-05-01T09:00:00Z."""


class FileClock:
    """A clock that stands still between two calls of `move_to`."""

    def __init__(self, path: Path, now: int) -> None:
        self._path = path
        self._now = now

    @classmethod
    def open(cls, folder: Path, *, first: int) -> "FileClock":
        """Go on with the clock in `folder`; one that is made now starts at `first`."""
        path = folder / CLOCK_FILE
        if path.exists():
            return cls(path, read_time(path))
        clock = cls(path, first)
        clock.move_to(first)
        return clock

    def now(self) -> int:
        """Return whole seconds since 1970-01-01T00:00:00Z."""
        return self._now

    def move_to(self, second: int) -> None:
        """Set the clock, in the file first."""
        replace_text(self._path, f"{iso_time(second)}\n")
        self._now = second


class ReadClock:
    """The clock of a folder as another process left it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / CLOCK_FILE

    def now(self) -> int:
        """Return whole seconds since 1970-01-01T00:00:00Z."""
        return read_time(self._path)


def iso_time(second: int) -> str:
    """Return a time as people and programs read it, with its zone."""
    return datetime.fromtimestamp(second, UTC).strftime(_FORM)


def read_time(path: Path) -> int:
    """Return the time in a clock's file."""
    try:
        text = path.read_text(encoding="ascii").strip()
        return int(datetime.strptime(text, _FORM).replace(tzinfo=UTC).timestamp())
    except ValueError:
        raise ClockUnreadable(
            "DIR/clock does not hold a time like 2031-05-01T09:00:00Z"
        ) from None


def replace_text(path: Path, text: str) -> None:
    """Put a text in the place of a file, all of it or nothing."""
    replace_bytes(path, text.encode())


def replace_bytes(path: Path, content: bytes) -> None:
    """Put bytes in the place of a file, all of them or nothing."""
    beside = path.with_name(f"{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
    beside.replace(path)
