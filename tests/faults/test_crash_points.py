"""A death at any durable step of gate or counter changes no count.

One poll of three slots, with codes, a change, a locked answer and a carried slot, is
run once without a death. Then it is run again for every point before and after each
durable step: the process dies there, everything is read again from disk, people whose
answer was not acknowledged tap again, and the count must be the same to one answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.core import publication
from bot.core.actors import Actor
from bot.core.drives import State
from bot.core.slots import DAY
from bot.core.tallies import RawTally
from tests.faults.dying import Died, Fuse, put_fuses
from tests.world import (
    CROWD,
    MEI,
    NOON,
    SAM,
    World,
    drafted,
    new_folder,
    pick,
    poll_terms,
)

# The points are shared out over so many tests, for as many cores.
PARTS = 8
# Twelve, six (carried) and five people, SAM and MEI, and MEI's change to C.
EXPECTED = (13, 6, 1 + 5, 0)

Action = Callable[["Poll"], Any]


@dataclass
class Poll:
    """The script's poll: what people were told, and what is still to be done."""

    world: World
    codes: dict[Actor, str] = field(default_factory=dict)
    acknowledged: set[tuple[int, Actor, int]] = field(default_factory=set)

    async def start(self) -> None:
        """Start the poll, unless it started before a death."""
        drive = self.world.gate.drive("lunch")
        if drive is None:
            drive = await self.world.draft(drafted(poll_terms(), days=3))
        if drive.state is State.DRAFT:
            await self.world.gate.begin(drive)
        while self.world.drive().state is not State.OPEN:
            await self.world.gate.settle()

    async def vote(self, slot: int, who: Actor, option: int) -> None:
        """Answer until it is acknowledged."""
        if (slot, who, option) not in self.acknowledged:
            code = self.codes.get(who, "")
            await self.world.vote(who, option, code=code)
            self.acknowledged.add((slot, who, option))

    async def vote_with_code(self, who: Actor, option: int) -> None:
        """Answer until a code is shown."""
        if who not in self.codes:
            receipt = await self.world.gate.submit(
                who, self.world.drive(), pick(option), wants_code=True
            )
            self.codes[who] = receipt.code

    async def people(self, slot: int, first: int, last: int, option: int) -> None:
        """Let some of the crowd answer one after another."""
        for who in CROWD[first:last]:
            await self.vote(slot, who, option)

    async def until(self, slot: int) -> None:
        """Let time pass to the end of a slot, and wait until it was dealt with."""
        self.world.clock.time = NOON + (slot + 1) * DAY
        for _ in range(2):
            await self.world.gate.settle()


async def _first(poll: Poll) -> None:
    await poll.people(0, 0, 12, 0)
    await poll.vote_with_code(MEI, 0)
    await poll.vote(0, SAM, 1)
    await poll.vote(0, SAM, 0)


async def _second(poll: Poll) -> None:
    await poll.people(1, 12, 18, 1)
    await poll.vote(1, MEI, 2)
    # Locked: counted before, and without a code.
    await poll.vote(1, SAM, 3)


async def _third(poll: Poll) -> None:
    await poll.people(2, 18, 23, 2)


SCRIPT: tuple[Action, ...] = (
    Poll.start,
    _first,
    lambda poll: poll.until(0),
    _second,
    lambda poll: poll.until(1),
    _third,
    lambda poll: poll.until(2),
)


async def run_script(world: World, tallies: list[RawTally]) -> Poll:
    """Run the poll to its end, through whatever deaths the world's fuses bring."""
    poll = Poll(world)
    for action in SCRIPT:
        while True:
            try:
                if world._gate is None:
                    await world.open()
                await action(poll)
                break
            except Died:
                await world.crash()
    assert world.drive().state is State.PUBLISHED
    assert tallies[-1].cells == EXPECTED
    assert tallies[-1].answers == sum(EXPECTED)
    assert await world.shown() == ["the rest", "5", "5", "0–4"]
    assert not world.gate_secrets().drives
    assert not world.counter_secrets().drives
    # A start after it all finds nothing to mend, twice.
    for _ in range(2):
        await world.reopen()
    await world.close()
    return poll


@pytest.fixture
def tallies(monkeypatch: pytest.MonkeyPatch) -> list[RawTally]:
    """Return what comes before the rules, which no file ever holds."""
    seen: list[RawTally] = []
    release = publication.release_table

    def watched(tally: RawTally, rules: Any) -> Any:
        seen.append(tally)
        return release(tally, rules)

    monkeypatch.setattr("bot.counter.outcomes.release_table", watched)
    return seen


async def points_of(path: Path, role: str, tallies: list[RawTally]) -> list[str]:
    """Return the names of the points of a run without a death."""
    gate, counter = Fuse(), Fuse()
    world = World(folder=await new_folder(path))
    put_fuses(world, gate=gate, counter=counter)
    await run_script(world, tallies)
    return (gate if role == "gate" else counter).names


@pytest.mark.timeout(120)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("role", ["gate", "counter"])
async def test_death_at_any_step_changes_no_count(
    tmp_path: Path, role: str, part: int, tallies: list[RawTally]
) -> None:
    """After each death the count is the one without, and nobody is lost or doubled."""
    points = await points_of(tmp_path / "calm", role, tallies)
    for at in range(part, len(points), PARTS):
        world = World(folder=await new_folder(tmp_path / f"house{at}"))
        fuse = Fuse(at)
        idle = Fuse()
        put_fuses(
            world,
            gate=fuse if role == "gate" else idle,
            counter=fuse if role == "counter" else idle,
        )
        await run_script(world, tallies)

        assert fuse.is_blown, points[at]


async def test_points_are_the_durable_steps(
    tmp_path: Path, tallies: list[RawTally]
) -> None:
    """The script passes each kind of step, so that each kind is died at."""
    names = await points_of(tmp_path / "one", "gate", tallies)
    names += await points_of(tmp_path / "two", "counter", tallies)

    assert {name.partition(" ")[2] for name in names} == {
        "gate commit",
        "gate rewrite",
        "gate keystore",
        "opening an inbox",
        "finishing an inbox",
        "removing an inbox",
        "an answer",
        "counter commit",
        "counter rewrite",
        "counter keystore",
    }
    assert len(names) >= 140
