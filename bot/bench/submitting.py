"""Answers in: how near the gate comes to sealing and to the disk."""

import asyncio
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import perf_counter

from bot.bench import limits
from bot.bench.house import House, open_house, vote, voter
from bot.bench.ratio import Ratio, ratio_of
from bot.core.ballots import POLL_ENVELOPE_BYTES
from bot.core.records import Drive
from bot.gate import Gate

WAITING = 5_000
GROUP = 100
ALONE = 200
# Long enough for the write-ahead log to be emptied into the file.
QUIET_SECONDS = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """One turn through all measurements, ours and the limits'."""

    crowd: float
    crowd_limit: float
    amplification: float
    group: float
    commit: float
    alone: float
    seal: float


async def measure_submitting(folder: Path, turns: int) -> list[Ratio]:
    """Return the ratios of answers coming in."""
    numbers = count()
    async with open_house(folder / "house") as (house, gate):
        await _warm_up(house, gate, numbers)
        samples = [await _turn(folder, house, gate, numbers) for _ in range(turns)]
    return [
        ratio_of(
            "submit_efficiency",
            "answers/s with 5,000 waiting ÷ min(one core's seals/s, appends/s)",
            [(sample.crowd, sample.crowd_limit) for sample in samples],
            1.2,
        ),
        ratio_of(
            "latency_overhead",
            "time of one answer alone ÷ (one commit + one seal)",
            [(sample.alone, sample.commit + sample.seal) for sample in samples],
            1.8,
            lower_is_better=True,
        ),
        ratio_of(
            "group_gain",
            "answers/s with 100 waiting ÷ single commits/s",
            [(sample.group, 1 / sample.commit) for sample in samples],
            4.0,
        ),
        Ratio(
            name="write_amplification",
            formula="bytes written ÷ bytes of envelopes, with 5,000 waiting",
            samples=tuple(sample.amplification for sample in samples),
            goal=4.0,
            lower_is_better=True,
        ),
    ]


async def _warm_up(house: House, gate: Gate, numbers: Iterator[int]) -> None:
    """Let one crowd answer unmeasured.

    What seals beside the gate starts with the first crowd, once in a gate's life.
    """
    drive = await house.open_poll(gate)
    await _submit(gate, drive, [next(numbers) for _ in range(WAITING)])
    await house.close_poll(gate, drive)


async def _turn(
    folder: Path, house: House, gate: Gate, numbers: Iterator[int]
) -> _Sample:
    drive = await house.open_poll(gate)
    await asyncio.sleep(QUIET_SECONDS)
    seals = limits.seals_a_second(WAITING // 2)
    before = _bytes_written()
    crowd = await _submit(gate, drive, [next(numbers) for _ in range(WAITING)])
    await asyncio.sleep(QUIET_SECONDS)
    written = _bytes_written() - before
    crowd_limit = min(seals, limits.appends_a_second(folder, WAITING))
    groups = [
        await _submit(gate, drive, [next(numbers) for _ in range(GROUP)])
        for _ in range(5)
    ]
    commit = limits.commit_seconds(folder, ALONE)
    alone = await _alone(gate, drive, numbers)
    acknowledged = WAITING + 5 * GROUP + ALONE
    total = await house.close_poll(gate, drive)
    # Every acknowledged answer is durable and counts once, or the figures are void.
    if total != acknowledged:
        raise RuntimeError("acknowledged answers and counted answers differ")
    return _Sample(
        crowd=crowd,
        crowd_limit=crowd_limit,
        amplification=written / (WAITING * POLL_ENVELOPE_BYTES),
        group=statistics.median(groups),
        commit=commit,
        alone=alone,
        seal=1 / seals,
    )


async def _submit(gate: Gate, drive: Drive, people: list[int]) -> float:
    """Let all of `people` answer at once; return the answers a second.

    Accounts and answers exist before: an adapter makes them of what a platform sends.
    """
    given = [(voter(number), vote(number)) for number in people]
    start = perf_counter()
    await asyncio.gather(*(gate.submit(actor, drive, one) for actor, one in given))
    return len(people) / (perf_counter() - start)


async def _alone(gate: Gate, drive: Drive, numbers: Iterator[int]) -> float:
    """Return the median time of an answer when nobody else answers."""
    times: list[float] = []
    for _ in range(ALONE):
        number = next(numbers)
        start = perf_counter()
        await gate.submit(voter(number), drive, vote(number))
        times.append(perf_counter() - start)
    return statistics.median(times)


def _bytes_written() -> int:
    """Return the bytes that this process has passed to write calls (Linux)."""
    for line in Path("/proc/self/io").read_text(encoding="ascii").splitlines():
        name, value = line.split(":")
        if name == "wchar":
            return int(value)
    raise RuntimeError("the system does not say what was written")
