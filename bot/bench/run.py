"""Runs the measurements and prints them, for people or for programs."""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from bot.bench import tallying
from bot.bench.ratio import Ratio
from bot.bench.routing import measure_routing
from bot.bench.submitting import measure_submitting
from bot.bench.tallying import measure_memory, measure_tallying

_HELP_RUNS = 7
TURNS, TURNS_QUICK = 7, 3
TALLIED, TALLIED_QUICK = 200_000, 40_000
PEERS = (
    "For scale, one ballot of five choices: Helios seals in 138 ms, ElectionGuard in "
    "43 ms, Belenios in 34 ms; ours in 0.05 ms. They prove their ballots in public. "
    "Ours trusts its counter."
)


def main(*, quick: bool = False, as_json: bool = False) -> int:
    """Measure, print, and return 0 if every ratio keeps its bound, else 1."""
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="roundrobin-bench-") as name:
        ratios = asyncio.run(_measure(Path(name), console, quick=quick))
    if as_json:
        sys.stdout.write(
            json.dumps({ratio.name: ratio.to_json() for ratio in ratios}) + "\n"
        )
    else:
        _print(ratios)
    return 0 if all(ratio.is_reached for ratio in ratios) else 1


async def _measure(folder: Path, console: Console, *, quick: bool) -> list[Ratio]:
    turns = TURNS_QUICK if quick else TURNS
    console.print("Answers coming in …", style="dim")
    ratios = await measure_submitting(folder, turns)
    console.print("Answers coming in through Slack …", style="dim")
    ratios += await measure_routing(folder, turns)
    console.print("Answers being counted …", style="dim")
    ratios += await measure_tallying(folder, turns, TALLIED_QUICK if quick else TALLIED)
    if not quick:
        console.print("A million answers in memory …", style="dim")
        ratios.append(await measure_memory(folder, tallying.MEMORY_ENVELOPES))
    ratios.append(_measure_start())
    return ratios


def _measure_start() -> Ratio:
    """Return how long `roundrobin --help` takes, as a whole process."""
    times: list[float] = []
    for _ in range(_HELP_RUNS):
        start = perf_counter()
        subprocess.run(
            [sys.executable, "-m", "bot", "--help"], capture_output=True, check=True
        )
        times.append(perf_counter() - start)
    return Ratio(
        name="help_seconds",
        formula="time of `roundrobin --help`, in seconds",
        samples=(statistics.median(times),),
        goal=0.3,
        lower_is_better=True,
    )


def _print(ratios: list[Ratio]) -> None:
    table = Table("ratio", "median", "min", "max", "bound", "", "what it is")
    for ratio in ratios:
        sign = "≤" if ratio.lower_is_better else "≥"
        table.add_row(
            ratio.name,
            f"{ratio.value:.2f}",
            f"{min(ratio.samples):.2f}",
            f"{max(ratio.samples):.2f}",
            f"{sign} {ratio.goal:g}",
            "ok" if ratio.is_reached else "missed",
            ratio.formula,
        )
    console = Console()
    console.print(table)
    console.print("Acknowledged answers and counted answers were equal in every run.")
    console.print(PEERS, style="dim")
