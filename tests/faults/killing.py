"""Kill gates and counters of one poll with SIGKILL, and tell what became of answers.

Run as `python -m tests.faults.killing FOLDER KILLS SEED`: it forks a process for each
life of a gate or a counter, so that a life costs no imports, kills it at a random
moment, and prints a report as JSON. This process itself runs no loop and no thread.
"""

import asyncio
import json
import os
import select
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from nacl.bindings import crypto_scalarmult_base

from bot.core.ballots import POLL_ENVELOPE_BYTES, Answer, Kind
from bot.core.drives import State
from bot.core.slots import DAY
from bot.crypto.opening import open_envelope
from bot.crypto.tags import make_tag
from storage.folder import DataFolder
from tests.world import NOON, StandingClock, World, drafted, person, pick, poll_terms

SLOTS = 4
PEOPLE_PER_SLOT = 25
# How long lives last, in seconds: a gate's after it opened, a counter's in all.
GATE_SECONDS_MAX = 0.12
COUNTER_SECONDS_MAX = 0.15
# A gate is also killed while it starts and while it ends a slot.
STARTING_SHARE = 0.25

Life = Callable[[World, int], Awaitable[None]]


@dataclass
class Report:
    """What the killed processes said, and what was found in the files."""

    gate_kills: int = 0
    counter_kills: int = 0
    acknowledged: int = 0
    people: int = 0
    lost: list[int] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)
    invented: int = 0
    miscounted: int = 0
    published: bool = False


@dataclass
class Said:
    """For each person the options that may count: the last acknowledged, and later."""

    allowed: dict[int, list[int]] = field(default_factory=dict)
    acknowledged: set[int] = field(default_factory=set)
    answers: int = 0

    def hear(self, lines: list[str]) -> None:
        """Take what a gate printed: S before an answer was sent, A once it returned."""
        for kind, who, option in (line.split() for line in lines if line[0] in "SA"):
            if kind == "S":
                self.allowed.setdefault(int(who), []).append(int(option))
            else:
                self.answers += 1
                self.acknowledged.add(int(who))
                self.allowed[int(who)] = [int(option)]


def live(
    folder: Path, now: int, act: Life, *, kill_after: float | None = None
) -> tuple[list[str], bool]:
    """Fork a process that does `act`; return what it printed and if it was killed.

    The seconds begin when the process says "ready", or at once if it never does.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            os.close(reading)
            world = World(folder=DataFolder(folder), clock=StandingClock(now))
            world.counter_is_off = True
            asyncio.run(_ended(act, world, writing))
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    said = _listen(reading, child, kill_after)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status)
    if not killed and status:
        raise RuntimeError(f"a process failed by itself: {status}")
    # A line that the death cut off was not said.
    return said.decode().split("\n")[:-1], killed


def _listen(reading: int, child: int, kill_after: float | None) -> bytes:
    said = b""
    end = None if kill_after is None else time.monotonic() + kill_after + 60
    if kill_after is not None and kill_after < 0:
        end = time.monotonic() - kill_after
    while True:
        left = None if end is None else max(0.0, end - time.monotonic())
        if not select.select([reading], [], [], left)[0]:
            os.kill(child, signal.SIGKILL)
            end = None
        part = os.read(reading, 65536)
        if not part:
            os.close(reading)
            return said
        if kill_after is not None and b"ready" in part and b"ready" not in said:
            end = time.monotonic() + max(0.0, kill_after)
        said += part


async def _ended(act: Life, world: World, pipe: int) -> None:
    try:
        await act(world, pipe)
    finally:
        await world.close()


def say(pipe: int, text: str) -> None:
    """Print a line at once."""
    os.write(pipe, f"{text}\n".encode())


# What gates and counters do ----------------------------------------------------------


async def start_poll(world: World, pipe: int) -> None:
    """Start the poll."""
    world.counter_is_off = False
    await world.open()
    draft = await world.draft(drafted(poll_terms(), days=SLOTS))
    await world.gate.begin(draft)
    await world.gate.settle()
    say(pipe, "ready")


def take_answers(slot: int, seed: int) -> Life:
    """Return a gate's life in which the slot's people answer again and again."""

    async def answer(world: World, pipe: int, who: int, random: Random) -> None:
        while True:
            option = random.randrange(4)
            say(pipe, f"S {who} {option}")
            await world.gate.submit(person(who), world.drive(), pick(option))
            say(pipe, f"A {who} {option}")

    async def act(world: World, pipe: int) -> None:
        await world.open()
        await world.gate.settle()
        say(pipe, "ready")
        first = slot * PEOPLE_PER_SLOT
        random = Random(seed)
        async with asyncio.TaskGroup() as tasks:
            for who in random.sample(range(first, first + PEOPLE_PER_SLOT), 12):
                tasks.create_task(answer(world, pipe, who, random))

    return act


async def end_slot(world: World, pipe: int) -> None:
    """Start the gate and let it do what is due."""
    say(pipe, "ready")
    await world.open()
    await world.gate.settle()


async def count(world: World, pipe: int) -> None:
    """Run the counter."""
    say(pipe, "ready")
    await world.count()


def read_bundle(slot: int) -> Life:
    """Return a look into an ended slot with both keystores: who sent what last."""

    async def act(world: World, pipe: int) -> None:
        await world.open()
        drive_id = world.drive().drive_id
        counter = world.counter_drive()
        k_gate = world.gate_secrets().drives[drive_id].k_gate
        people = {
            make_tag(k_gate, drive_id, person(who)): who
            for who in range(SLOTS * PEOPLE_PER_SLOT)
        }
        secret = counter.slot_keys[slot]
        public = crypto_scalarmult_base(secret)
        last: dict[int, tuple[int, int]] = {}
        async for chunk in world.store.bundle(drive_id, slot):
            for at in range(0, len(chunk), POLL_ENVELOPE_BYTES):
                ballot = open_envelope(
                    chunk[at : at + POLL_ENVELOPE_BYTES],
                    public=public,
                    secret=secret,
                    k_mac=counter.k_mac,
                )
                if ballot.kind is Kind.ANSWER:
                    option = Answer.decode(ballot.payload).chosen.bit_length() - 1
                    who = people[ballot.tag]
                    last[who] = max(last.get(who, (0, 0)), (ballot.seq, option))
        found = {who: option for who, (_, option) in last.items()}
        say(pipe, json.dumps(found))

    return act


async def read_count(world: World, pipe: int) -> None:
    """Print the raw count and what the gate shows."""
    await world.open()
    await world.gate.settle()
    state = world.drive().state
    cells: list[int] = []
    if state is State.OPEN:
        cells = list((await world.running()).tally.cells)
    total = (await world.released()).total if state is State.PUBLISHED else 0
    say(pipe, json.dumps({"cells": cells, "state": state, "total": total}))


# The whole ---------------------------------------------------------------------------


def kill(path: Path, kills: int, seed: int) -> Report:
    """Run a poll through so many kills; return what was found."""
    random = Random(seed)
    report, counted = Report(), [0, 0, 0, 0]
    live(path, NOON, start_poll)
    for slot in range(SLOTS):
        said = Said()
        now = NOON + slot * DAY
        while report.gate_kills < kills * 0.6 * (slot + 1) / SLOTS:
            starting = random.random() < STARTING_SHARE
            seconds = random.random() * GATE_SECONDS_MAX
            act = take_answers(slot, random.randrange(2**32))
            lines, killed = (
                live(path, now, act, kill_after=-seconds or seconds)
                if (starting)
                else live(path, now, act, kill_after=seconds)
            )
            said.hear(lines)
            report.gate_kills += killed
        # Everybody of the slot answers once, so that there are enough to be counted.
        found, cells = _end_and_count(path, now + DAY, slot, random, report, kills)
        _compare(report, said, found)
        for option in found.values():
            counted[option] += 1
        if cells["cells"]:
            report.miscounted += cells["cells"] != counted
        else:
            report.published = cells["state"] == State.PUBLISHED
            report.miscounted += cells["total"] != sum(counted) // 5 * 5
    return report


def _end_and_count(
    path: Path, now: int, slot: int, random: Random, report: Report, kills: int
) -> tuple[dict[int, int], dict[str, Any]]:
    for _ in range(3):
        seconds = random.random() * GATE_SECONDS_MAX
        report.gate_kills += live(path, now, end_slot, kill_after=seconds)[1]
    live(path, now, end_slot)
    (text,) = live(path, now, read_bundle(slot))[0]
    found = {int(who): option for who, option in json.loads(text).items()}
    while report.counter_kills < kills * 0.4 * (slot + 1) / SLOTS:
        seconds = random.random() * COUNTER_SECONDS_MAX
        killed = live(path, now, count, kill_after=seconds)[1]
        report.counter_kills += killed
        if not killed:
            # Nothing was left to do: the kills that remain have other slots.
            break
    live(path, now, count)
    for _ in range(2):
        seconds = random.random() * GATE_SECONDS_MAX
        report.gate_kills += live(path, now, end_slot, kill_after=seconds)[1]
    (text,) = live(path, now, read_count)[0]
    return found, json.loads(text)


def _compare(report: Report, said: Said, found: dict[int, int]) -> None:
    report.people += len(found)
    report.acknowledged += said.answers
    report.lost += sorted(said.acknowledged - set(found))
    report.invented += len(set(found) - set(said.allowed))
    for who, option in found.items():
        if option not in said.allowed.get(who, ()):
            report.wrong.append(who)


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        done = kill(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
        print(json.dumps(asdict(done)))  # noqa: T201 - the report
