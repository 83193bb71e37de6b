"""The computer: core dumps, swap, logs, clock and versions.

What Linux alone can tell is passed over elsewhere, and the finding says so.
"""

import ctypes
import logging
import os
import resource
import sqlite3
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bot import log
from bot.doctor.findings import Finding, fail, fine, warn, worst
from bot.hardening import leave_no_memory_behind

# Slack refuses requests that are five minutes old; a slot's end may be a minute off.
CLOCK_SECONDS_OFF_WARN = 30
CLOCK_SECONDS_OFF_MAX = 5 * 60

_PYTHON_MIN = (3, 11)
# Older ones were never tried.
_SQLITE_MIN = (3, 37, 0)
_LIBRARIES = (
    "aiohttp",
    "discord.py",
    "pynacl",
    "slack-bolt",
    "slack-sdk",
    "sqlalchemy",
)
_VENDORS = ("aiohttp", "asyncio", "discord", "slack_bolt", "slack_sdk", "sqlalchemy")
# Each of them makes Python or asyncio print what is being worked on.
_TALKATIVE = ("PYTHONASYNCIODEBUG", "PYTHONDEVMODE", "PYTHONINSPECT", "PYTHONVERBOSE")

# Linux: prctl(2), adjtimex(2). 512 bytes hold `struct timex` on every machine.
_PR_GET_DUMPABLE = 3
_TIMEX_BYTES = 512
_TIME_ERROR = 5

_SWAPS = Path("/proc/swaps")
_BLOCKS = Path("/sys/block")


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Whether this process could be kept from leaving its memory on a disk."""

    core_bytes: int
    is_dumpable: bool
    open_swaps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """What the bot runs on; a library that is missing has no version."""

    python: tuple[int, int]
    sqlite: tuple[int, ...]
    libraries: tuple[tuple[str, str], ...]


def look_at_memory() -> Memory:
    """Ask for no core dump and no reader, as every role does, and see what came."""
    leave_no_memory_behind()
    dumpable = 0
    if sys.platform == "linux":
        dumpable = ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0)
    return Memory(
        core_bytes=resource.getrlimit(resource.RLIMIT_CORE)[0],
        is_dumpable=dumpable != 0,
        open_swaps=count_open_swaps(_SWAPS, _BLOCKS),
    )


def count_open_swaps(swaps: Path, blocks: Path) -> int:
    """Return how many swap places could keep memory readable on a disk."""
    try:
        lines = swaps.read_text(encoding="utf-8", errors="replace").splitlines()[1:]
    except OSError:
        return 0
    return sum(
        not _is_closed(line.split()[0], blocks) for line in lines if line.strip()
    )


def judge_memory(memory: Memory) -> list[Finding]:
    """Say whether keys could reach the disk in a core dump or in swap."""
    dumps = fine("core_dumps", "no core dump is written, and no process may look in")
    if memory.core_bytes:
        dumps = fail(
            "core_dumps",
            "a crash may write the keys to disk",
            "set the limit for core dumps to 0 (ulimit -c 0, LimitCORE=0)",
        )
    elif memory.is_dumpable:
        dumps = fail(
            "core_dumps",
            "other processes of this user may read the keys from memory",
            "let the process use prctl(PR_SET_DUMPABLE): a filter forbids it",
        )
    swap = fine("swap", "memory is not written to a disk")
    if memory.open_swaps:
        swap = warn(
            "swap",
            "swap is on and not encrypted: keys in memory may be written to the disk",
            "swapoff -a and take it out of /etc/fstab, or encrypt it, or use zram",
        )
    return [dumps, swap]


def loud_loggers(environment: Iterable[str]) -> list[str]:
    """Return what would log more than warnings, after our log was started."""
    names = [name for name in logging.root.manager.loggerDict if _is_vendors(name)]
    loud = [
        name
        for name in [*_VENDORS, *names]
        if logging.getLogger(name).getEffectiveLevel() < logging.WARNING
    ]
    return sorted({*loud, *(name for name in environment if name in _TALKATIVE)})


def look_at_logs() -> list[str]:
    """Start our log into nothing, and return what is louder than it may be."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        log.start(now=lambda: 0, stream=nowhere)
        log.stop()
    set_variables = [name for name, value in os.environ.items() if value]
    return loud_loggers(set_variables)


def judge_logs(loud: list[str]) -> Finding:
    """Say whether a library or a variable would log what people send."""
    if loud:
        return fail(
            "logs",
            f"{', '.join(loud)} may log what people send",
            "take the variable out of the environment, or set the level to WARNING",
        )
    return fine("logs", "libraries log warnings at most, and those without their text")


def is_clock_kept() -> bool | None:
    """Return whether something keeps the clock right; None if nobody can tell."""
    if sys.platform != "linux":
        return None
    state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return None if state < 0 else state != _TIME_ERROR


def judge_clock(*, is_kept: bool | None, seconds_off: int | None) -> Finding:
    """Say whether polls will end when they should; the platform's clock is compared."""
    off = abs(seconds_off or 0)
    if off > CLOCK_SECONDS_OFF_MAX:
        return fail(
            "clock",
            f"the clock is {off // 60} minutes off the platform's",
            "timedatectl set-ntp true, then wait a minute",
        )
    if off > CLOCK_SECONDS_OFF_WARN:
        return warn(
            "clock",
            f"the clock is {off} seconds off the platform's",
            "timedatectl set-ntp true, then wait a minute",
        )
    if seconds_off is not None:
        return fine("clock", "the clock agrees with the platform's")
    if is_kept is False:
        return warn(
            "clock",
            "nothing keeps this computer's clock right",
            "timedatectl set-ntp true (in a container: on its host)",
        )
    return fine("clock", "the clock is kept" if is_kept else "no clock to compare with")


def look_at_versions() -> Versions:
    """Return which Python, SQLite and libraries are here."""
    return Versions(
        python=(sys.version_info.major, sys.version_info.minor),
        sqlite=sqlite3.sqlite_version_info,
        libraries=tuple((name, _version_of(name)) for name in _LIBRARIES),
    )


def judge_versions(versions: Versions) -> list[Finding]:
    """Say which part is missing or too old."""
    faults: list[Finding] = []
    if versions.python < _PYTHON_MIN:
        faults.append(
            fail("versions", "this Python is too old", "install Python 3.11 or newer")
        )
    if versions.sqlite < _SQLITE_MIN:
        faults.append(
            fail(
                "versions",
                "this SQLite is too old",
                "install a Python with SQLite 3.37",
            )
        )
    missing = [name for name, found in versions.libraries if not found]
    if missing:
        faults.append(
            fail(
                "versions",
                f"{', '.join(missing)} cannot be found",
                "install again: pip install --require-hashes -r requirements.lock",
            )
        )
    found = ", ".join(f"{name} {number}" for name, number in versions.libraries)
    python = ".".join(map(str, versions.python))
    return worst(faults, fine("versions", f"Python {python}, {found}"))


def _is_closed(device: str, blocks: Path) -> bool:
    """Tell whether a swap place is memory itself, or encrypted."""
    name = Path(device).name
    if name.startswith("zram"):
        return True
    kind = blocks / Path(device).resolve().name / "dm" / "uuid"
    try:
        return kind.read_text(encoding="ascii").startswith("CRYPT-")
    except (OSError, UnicodeDecodeError):
        return False


def _is_vendors(name: str) -> bool:
    return name.partition(".")[0] in _VENDORS


def _version_of(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
