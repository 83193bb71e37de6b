"""The only way to log: event names and a few keys, as JSON lines on stderr.

A line holds no user, name, text, tag, receipt, payload or address, and no time more
exact than the hour (protocol.md §10): each key takes one type that can hold none of
them, and a value of another type is left out. What libraries log is cut down to which
library it was and how bad.
"""

import logging
import re
import sys
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, LiteralString, TextIO, cast

import structlog

Now = Callable[[], int]

HOUR_SECONDS = 60 * 60
# What an operating system can answer for a process that ended: -SIGNAL or 0 to 255.
EXIT_CODES = range(-64, 256)

_ROOT = Path(__file__).resolve().parent.parent
_OURS = ("bot", "adapters", "storage")
_EVENT = re.compile(r"[a-z][a-z_]{0,39}")
_TYPE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}")
_DRIVE_ID_BYTES = 16
# Libraries that are known to log what people send, some of them below WARNING only.
_LIBRARIES = (
    "aiohttp",
    "aiosqlite",
    "alembic",
    "asyncio",
    "asyncpg",
    "concurrent",
    "discord",
    "prompt_toolkit",
    "pydantic",
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
)

_logger: Any = None


def start(*, now: Now, stream: TextIO | None = None) -> None:
    """Write events from here on, and cut down what libraries log and warn of.

    Before this nothing is written. `stream` is stderr where none is given.
    """
    global _logger  # noqa: PLW0603 - one process has one log
    _logger = structlog.wrap_logger(
        structlog.PrintLogger(file=stream or sys.stderr),
        processors=[_hour_stamp(now), structlog.processors.JSONRenderer()],
    )
    root = logging.getLogger()
    root.handlers[:] = [_Muffler()]
    root.setLevel(logging.WARNING)
    for library in _LIBRARIES:
        logger = logging.getLogger(library)
        logger.handlers.clear()
        logger.setLevel(logging.WARNING)
        logger.propagate = True
    # A handler that fails would print the record with its arguments.
    logging.raiseExceptions = False
    warnings.showwarning = _show_warning


def stop() -> None:
    """Write nothing from here on."""
    global _logger  # noqa: PLW0603 - one process has one log
    _logger = None


def library(name: LiteralString) -> logging.Logger:
    """Return the logger to hand to a library: of what it is told nothing is written."""
    assert name in _LIBRARIES
    logger = logging.getLogger(name)
    # Otherwise a library puts together texts of what people send, for nobody.
    logger.setLevel(logging.WARNING)
    return logger


def event(
    name: LiteralString,
    *,
    drive: bytes | None = None,
    slot: int | None = None,
    state: StrEnum | None = None,
    exit_code: int | None = None,
) -> None:
    """Log that something happened, never to whom, how often or exactly when."""
    _write("info", name, _keys(drive, slot, state, exit_code))


def failure(
    name: LiteralString,
    error: BaseException | None = None,
    *,
    drive: bytes | None = None,
    slot: int | None = None,
    state: StrEnum | None = None,
    exit_code: int | None = None,
) -> None:
    """Log that something failed: the error's type and place, never its message."""
    keys = _keys(drive, slot, state, exit_code)
    if isinstance(error, BaseException):
        leaf = leaf_of(error)
        keys |= {"error_type": type_of(leaf), "place": place_of(leaf)}
    _write("error", name, keys)


def leaf_of(error: BaseException) -> BaseException:
    """Return the first error inside groups of errors."""
    while isinstance(error, BaseExceptionGroup):
        group = cast("BaseExceptionGroup[BaseException]", error)
        error = group.exceptions[0]
    return error


def type_of(error: BaseException) -> str:
    """Return the name of an error's type."""
    name = type(error).__name__
    return name if _TYPE_NAME.fullmatch(name) else "Exception"


def place_of(error: BaseException) -> str:
    """Return the innermost line of our own code that an error passed, or "outside"."""
    found = "outside"
    trace = error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(_ROOT):
            inside = path.relative_to(_ROOT)
            if inside.parts[0] in _OURS:
                found = f"{inside.as_posix()}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


def _keys(
    drive: object, slot: object, state: object, exit_code: object
) -> dict[str, object]:
    """Return the values that are of their key's type; the others are left out."""
    keys: dict[str, object] = {}
    if type(drive) is bytes and len(drive) == _DRIVE_ID_BYTES:
        keys["drive"] = drive.hex()
    if type(slot) is int:
        keys["slot"] = slot
    if isinstance(state, StrEnum):
        keys["state"] = state.value
    if type(exit_code) is int and exit_code in EXIT_CODES:
        keys["exit_code"] = exit_code
    return keys


def _write(level: LiteralString, name: str, keys: dict[str, object]) -> None:
    if _logger is None or not _EVENT.fullmatch(name):
        return
    try:
        _logger.msg(name, level=level, **keys)
    except (OSError, ValueError):
        # Whoever read the log has gone. The bot goes on without one.
        stop()


def _hour_stamp(now: Now) -> structlog.typing.Processor:
    def stamp(
        _logger: object, _method: str, fields: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        seconds = now() // HOUR_SECONDS * HOUR_SECONDS
        hour = datetime.fromtimestamp(seconds, UTC)
        return {"hour": hour.strftime("%Y-%m-%dT%HZ"), **fields}

    return stamp


class _Muffler(logging.Handler):
    """Keep of a library's record which library it was and how bad; drop the rest."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write no message, argument, address or exception of a library."""
        library = record.name.partition(".")[0]
        _write(
            "error" if record.levelno >= logging.ERROR else "warning",
            "library",
            {"library": library if library in _LIBRARIES else "other"},
        )


def _show_warning(
    message: object,
    category: type[Warning],
    *_where: object,
    **_more: object,
) -> None:
    """Write which kind of warning came up; its text may quote anything."""
    del message
    name = category.__name__
    if _TYPE_NAME.fullmatch(name):
        _write("warning", "warning", {"error_type": name})
