"""Slack in front of the core: what the framework costs, and how much goes through.

Bolt dispatches a tap as it comes off the socket, our listener takes it, the answer goes
to disk, and the acknowledgement is built. Slack's own network is left out.
"""

import asyncio
import secrets
import statistics
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import perf_counter

from adapters.slack.stand import CHANNEL, TEAM, Stand, Tap
from bot.bench import limits
from bot.bench.house import House, open_house
from bot.bench.ratio import Ratio, ratio_of
from bot.core.actors import Actor
from bot.core.records import Drive
from bot.core.terms import PollTerms
from bot.desk import Desk
from bot.gate import Gate
from bot.requests import Place, Press, Reply, Request
from bot.router import Router
from bot.service import Keeper, Service
from bot.views import cards
from bot.views.scene import Scene

ALONE = 300
CROWD = 3_000
# 30,000 answers in ten minutes.
WANTED_A_SECOND = 50
SCENE = Scene(platform="slack")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """One turn: seconds of one tap alone, and taps a second of a crowd."""

    core_alone: float
    routed_alone: float
    routed: float
    bolt: float
    seals: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What is measured: the core alone, with bolt before it, and bolt alone."""

    gate: Gate
    service: Service
    routed: Tap
    empty: Tap


async def measure_routing(folder: Path, turns: int) -> list[Ratio]:
    """Return the ratios of answers that come through Slack."""
    numbers = count()
    async with open_house(folder / "routed") as (house, gate):
        stand = Stand(clock=house.clock, randomness=secrets.token_bytes)
        await stand.load()
        service = _service(house, gate, stand)
        async with asyncio.TaskGroup() as tasks:
            parts = _Parts(
                gate=gate,
                service=service,
                routed=stand.taps(service, tasks),
                empty=stand.taps(_AtOnce(), tasks),
            )
            samples = [await _turn(house, parts, numbers) for _ in range(turns)]
    return [
        ratio_of(
            "framework_tax_slack",
            "time of one tap through bolt ÷ time of the same answer without it",
            [(each.routed_alone, each.core_alone) for each in samples],
            1.3,
            lower_is_better=True,
        ),
        ratio_of(
            "routed_throughput_slack",
            "taps/s with 3,000 waiting ÷ 1/(1/bolt + 1/one core's seals)",
            [(each.routed, 1 / (1 / each.bolt + 1 / each.seals)) for each in samples],
            0.8,
        ),
        Ratio(
            name="headroom_slack",
            formula="taps/s with 3,000 waiting ÷ 50 (30,000 answers in ten minutes)",
            samples=tuple(each.routed / WANTED_A_SECOND for each in samples),
            goal=100,
        ),
    ]


class _AtOnce:
    """A service without a core: what is left is bolt and our listener."""

    def __init__(self) -> None:
        """Make the one reply."""
        reply = Reply(place=Place.EPHEMERAL, view=cards.notice("Received."))
        self._replies = [reply]

    async def handle(self, request: Request) -> list[Reply]:
        """Return the same reply to everybody."""
        del request
        return self._replies


def _service(house: House, gate: Gate, stand: Stand) -> Service:
    desk = Desk(roll=gate.roll, clock=house.clock, randomness=secrets.token_bytes)
    router = Router(
        gate=gate,
        desk=desk,
        platform=stand.platform,
        clock=house.clock,
        scene=SCENE,
    )
    return Service(router, Keeper(gate, house.clock, []))


async def _turn(house: House, parts: _Parts, numbers: Iterator[int]) -> _Sample:
    drive = await house.open_poll(parts.gate, place=f"slack/{CHANNEL}")

    async def core(user: str, action: str) -> None:
        actor = Actor(platform="slack", team=TEAM, user=user)
        await parts.service.handle(Press(actor=actor, action=action))

    core_alone: list[float] = []
    routed_alone: list[float] = []
    for _ in range(ALONE):
        core_alone.append(await _seconds(core, drive, next(numbers)))
        routed_alone.append(await _seconds(parts.routed, drive, next(numbers)))
    routed = await _crowd(parts.routed, drive, numbers)
    bolt = await _crowd(parts.empty, drive, numbers)
    total = await house.close_poll(parts.gate, drive)
    # Every acknowledged answer is durable and counts once, or the figures are void.
    if total != 2 * ALONE + CROWD:
        raise RuntimeError("acknowledged answers and counted answers differ")
    return _Sample(
        core_alone=statistics.median(core_alone),
        routed_alone=statistics.median(routed_alone),
        routed=routed,
        bolt=bolt,
        seals=limits.seals_a_second(CROWD),
    )


async def _seconds(
    tap: Callable[[str, str], Awaitable[None]], drive: Drive, number: int
) -> float:
    start = perf_counter()
    await tap(*_tapped(drive, number))
    return perf_counter() - start


async def _crowd(tap: Tap, drive: Drive, numbers: Iterator[int]) -> float:
    """Let a crowd tap at once; return the taps a second."""
    people = [_tapped(drive, next(numbers)) for _ in range(CROWD)]
    start = perf_counter()
    await asyncio.gather(*(tap(user, action) for user, action in people))
    return CROWD / (perf_counter() - start)


def _tapped(drive: Drive, number: int) -> tuple[str, str]:
    assert isinstance(drive.terms, PollTerms)
    options = len(drive.terms.options)
    return f"U{number:011d}", f"vote:{drive.name}:{number % options}"
