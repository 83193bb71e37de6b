"""The commands that run a role: the gate (console, run) and the counter (count)."""

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO, TypeVar

import typer

from bot import compose, log
from bot.cli.passphrase import COUNTERS, find_counter_passphrase, find_passphrase
from bot.cli.shield import DONE, CannotDo
from bot.core.records import Party
from bot.hardening import leave_no_memory_behind
from bot.ports import CannotConnect

_T = TypeVar("_T")
ANOTHER_COUNT = "Another count is under way."


def open_console(
    data: Path, passphrase_file: Path | None, *, jsonl: bool, plain: bool
) -> int:
    """Open the simulated workspace, for a program or for a person."""
    compose.check(data)
    passphrase = find_passphrase(passphrase_file, folder=data)
    counters = find_counter_passphrase(data)
    leave_no_memory_behind()
    if jsonl:
        _start_log(sys.stderr)
        return _run(compose.console_for_programs(data, passphrase, counters))
    # The screen belongs to the conversation; a log can be had with 2>FILE.
    with Path(os.devnull).open("w") as nowhere:
        stream = nowhere if sys.stderr.isatty() else sys.stderr
        _start_log(stream)
        return _run(
            compose.console_for_a_person(
                data, passphrase, counters, plain=plain, log_file=stream
            )
        )


def play_demo(*, no_input: bool, plain: bool) -> int:
    """Tell the demo in a folder that is gone afterwards; in a terminal, stay in it."""
    leave_no_memory_behind()
    stay = not no_input and sys.stdin.isatty() and sys.stdout.isatty()
    with TemporaryDirectory(prefix="roundrobin-demo-") as root:
        all_well = _run(compose.show_demo(Path(root), plain=plain, stay=stay))
    if not all_well:
        raise CannotDo("the demo did not show what it should: please report this.")
    return DONE


def connect(data: Path, passphrase_file: Path | None) -> int:
    """Connect the platforms that are set up, and serve them."""
    compose.check(data)
    if missing := compose.what_run_needs(data):
        raise CannotDo(missing)
    passphrase = find_passphrase(passphrase_file, folder=data)
    leave_no_memory_behind()
    _start_log(sys.stderr)
    try:
        return _run(compose.run(data, passphrase))
    except CannotConnect as refused:
        raise CannotDo(str(refused)) from None


def count_due(
    data: Path, passphrase_file: Path | None, *, from_pipe: bool, every: int | None
) -> int:
    """Count what is due: once in this process, or again and again in its own ones."""
    compose.check(data)
    passphrase = find_passphrase(
        passphrase_file, folder=data, names=COUNTERS, from_pipe=from_pipe
    )
    leave_no_memory_behind()
    _start_log(sys.stderr)
    if every is not None:
        return _run(_watch(data, passphrase, every))
    if not _run(compose.count(data, passphrase)):
        typer.echo(ANOTHER_COUNT)
    return DONE


async def _watch(data: Path, passphrase: str, every: int) -> int:
    """Start a count every so many seconds until SIGTERM or SIGINT."""
    compose.check_passphrase(data, passphrase, Party.COUNTER)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, ended.set)
    # Memory cannot be wiped in Python: each count is a process that ends.
    counter = compose.CounterProgram(folder=data, passphrase=passphrase)
    while not ended.is_set():
        await counter()
        try:
            async with asyncio.timeout(every):
                await ended.wait()
        except TimeoutError:
            continue
    return DONE


def _start_log(stream: TextIO) -> None:
    log.start(now=compose.SystemClock().now, stream=stream)


def _run(work: Coroutine[None, None, _T]) -> _T:
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        loop.set_exception_handler(_on_forgotten_error)
        return runner.run(work)


def _on_forgotten_error(
    loop: asyncio.AbstractEventLoop, context: dict[str, object]
) -> None:
    """Log an error that nobody fetched: its type and place, nothing of its text."""
    del loop
    error = context.get("exception")
    log.failure("forgotten_error", error if isinstance(error, Exception) else None)
