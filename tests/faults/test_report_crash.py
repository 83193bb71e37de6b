"""A death at any durable step loses no report that was acknowledged, and doubles none.

Six people report, five with a text, and one of them adds to their case. The step in
which the slots end, the counter releases and the gate takes the cases over is run again
for points before and after its durable steps: the process dies there, everything is
read again from disk, and organizers read the same.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.reports import Act
from bot.core.slots import HOUR
from tests.boxes import BOX, open_box, opened, pass_time, tell, texts
from tests.faults.dying import Died, Fuse, put_fuses, put_out
from tests.world import CROWD, World, copy_of, new_folder

WORDS = {f"text {number}" for number in range(6)}
# Each part runs every fourth point; together they are all of them.
PARTS = 4


async def before_the_slot(path: Path) -> tuple[World, str]:
    """Return an installation with one case, five texts that wait, and a letter."""
    world = await World(folder=await new_folder(path)).open()
    await open_box(world, replace(BOX, slot_seconds=6 * HOUR))
    code = await tell(world, CROWD[0], "text 0", urgent=True)
    await pass_time(world, 6 * HOUR)
    for number in range(1, 6):
        await tell(world, CROWD[number], f"text {number}")
    await world.gate.write_to_case(CROWD[0], code, Act.ADD, "and again")
    await world.close()
    return world, code


async def run(before: World, path: Path, fuse: Fuse) -> World:
    """Let six hours pass, through the death that the fuse brings."""
    world = World(folder=copy_of(before.folder, path), clock=replace_clock(before))
    put_fuses(world, gate=fuse, counter=fuse)
    try:
        await world.open()
        await pass_time(world, 6 * HOUR)
    except Died:
        await world.crash()
        put_out(world)
        await world.open()
        await pass_time(world, 0)
    return world


def replace_clock(world: World):
    """Return a clock of its own that stands where the world's does."""
    return type(world.clock)(world.clock.time)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("part", range(PARTS))
async def test_death_at_any_step_changes_nothing(tmp_path: Path, part: int) -> None:
    """All six cases are there once, and the letter is in its case once."""
    before, code = await before_the_slot(tmp_path / "before")
    whole = Fuse()
    world = await run(before, tmp_path / "whole", whole)
    assert texts(world) == WORDS
    await world.close()
    assert whole.points > 20

    for at in range(part, whole.points, PARTS):
        world = await run(before, tmp_path / f"at-{at}", Fuse(at))
        if world.clock.time == before.clock.time:
            await pass_time(world, 6 * HOUR)
        found = sorted(case.text for case in world.gate.cases())
        said = opened(world, code)
        names = whole.names[at]
        await world.close()

        assert found == sorted(WORDS), names
        assert said == ["text 0", "and again"], names
