"""Counts once in this process, or starts a process that does."""

import asyncio
import os
import secrets
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bot import log
from bot.compose.parts import (
    FOR_THE_COUNTER,
    PREFIX,
    clock_of,
    database_of,
    open_keystore,
)
from bot.core.records import Party
from bot.counter import count_once
from storage.folder import AlreadyRunning, DataFolder
from storage.store import open_store

# A count of a million envelopes takes minutes; one that takes longer hangs.
COUNT_SECONDS_MAX = 30 * 60


async def count(folder: Path, passphrase: str) -> bool:
    """Count what is due, once, in this process; tell whether it was free to."""
    data = DataFolder(folder)
    try:
        with data.lock(Party.COUNTER):
            keystore = open_keystore(data, passphrase, Party.COUNTER)
            store = await open_store(database_of(data))
            try:
                await count_once(
                    store=store,
                    keystore=keystore,
                    clock=clock_of(data),
                    randomness=secrets.token_bytes,
                )
            finally:
                await store.close()
    except AlreadyRunning:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CounterProgram:
    """Starts `roundrobin count` in a process of its own, and waits for it."""

    folder: Path
    passphrase: str
    log_file: IO[str] | None = None

    async def __call__(self) -> None:
        """Count once. A count that fails is logged, and tried again when it is due."""
        try:
            exit_code = await self._run()
        except (OSError, TimeoutError) as error:
            log.failure("counter_failed", error)
            return
        if exit_code:
            log.failure("counter_failed", exit_code=exit_code)

    async def _run(self) -> int:
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(PREFIX) or name in FOR_THE_COUNTER
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            # Not a package of this name that lies where somebody happens to stand.
            "-P",
            "-m",
            "bot",
            "count",
            "--data",
            str(self.folder.absolute()),
            "--passphrase-stdin",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=self.log_file,
            env=environment,
            # The terminal's Ctrl-C is for the gate; a count ends by itself.
            process_group=0,
        )
        try:
            async with asyncio.timeout(COUNT_SECONDS_MAX):
                await process.communicate(self.passphrase.encode() + b"\n")
                return await process.wait()
        except BaseException:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise


async def wake_nobody() -> None:
    """Start no counter: from level 1 on it has an account, and a timer, of its own."""
