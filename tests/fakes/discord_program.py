"""`roundrobin run` as a process of its own, whose memory can be searched.

Whoever plays Discord knows every id, so that the bot must not live in that process.
It reads one line of JSON for each search: the needles, backwards, so that the search
does not find itself.
"""

import asyncio
import gc
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from adapters.discord import parse
from adapters.discord.listeners import DiscordAdapter
from bot import compose, log
from bot.core.canonical import JsonObject
from tests.world import PASSPHRASE

# What a bot that kept its events would hold: the control of the search.
kept: list[JsonObject] = []


def main() -> None:
    """Serve the folder that is named first; with --keep, keep all that is heard."""
    log.start(now=lambda: int(time.time()))
    if "--keep" in sys.argv:
        read = parse.read_interaction

        def read_and_keep(payload: JsonObject) -> Any:
            kept.append(payload)
            return read(payload)

        parse.read_interaction = read_and_keep
    asyncio.run(_serve(Path(sys.argv[1])))


async def _serve(folder: Path) -> None:
    async with asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(compose.run(folder, PASSPHRASE))
        while line := await asyncio.to_thread(sys.stdin.readline):
            asked = json.loads(line)
            hits = _search(asked["backwards"], sweep=asked["sweep"])
            sys.stdout.write(json.dumps(hits) + "\n")
            sys.stdout.flush()
        serving.cancel()


def _search(backwards: list[str], *, sweep: bool) -> dict[str, int]:
    """Return how many objects hold each needle, after the bot's own sweep or before."""
    for each in gc.get_objects() if sweep else []:
        if type(each) is DiscordAdapter:
            each.forget()
    gc.collect()
    # Needles are made last, one at a time: nothing else here holds them.
    return {needle: _count(needle) for needle in backwards}


def _count(backwards: str) -> int:
    needle = backwards[::-1]
    as_bytes = needle.encode()
    number = int(needle) if needle.isdecimal() else None
    mine = {id(needle), id(as_bytes), id(number)}
    hits = set[int]()
    for leaf in _leaves():
        if id(leaf) in mine:
            continue
        if isinstance(leaf, str):
            found = needle in leaf
        elif isinstance(leaf, (bytes, bytearray)):
            found = as_bytes in leaf
        else:
            found = leaf == number
        if found:
            hits.add(id(leaf))
    return len(hits)


def _leaves() -> Iterable[str | bytes | bytearray | int]:
    """Yield all texts, bytes and numbers that the collector can reach."""
    for container in gc.get_objects():
        for leaf in gc.get_referents(container):
            if isinstance(leaf, (str, bytes, bytearray)) or type(leaf) is int:
                yield leaf
