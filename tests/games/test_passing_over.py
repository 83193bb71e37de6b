"""A letter that moves nothing is told from one that was taken away (§9.3, §11.2).

The counter writes about a drive that the gate holds, and the gate reads the letter
without effect. It may die at any moment of that and has to start again; and whoever
writes the database must gain nothing by saying that it happened.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.manifest import DriveId
from bot.core.slots import DAY, HOUR
from bot.ports import Tampered
from tests.boxes import BOX, open_box, tell, texts
from tests.faults.dying import Died, Fuse, put_fuses, put_out
from tests.games.test_holding import ALL_TO_A, do, two_polls
from tests.world import CROWD, World, copy_of, new_folder

# What makes the gate hold a poll, so that its letters cannot move it.
ALTERATIONS = {
    "altered": "UPDATE drives SET next_slot = 1 WHERE drive_id = ?",
    "missing": "DELETE FROM drives WHERE drive_id = ?",
}
# What a forger makes of the same row: a poll that ended without a result.
NO_RESULT = "UPDATE drives SET state = 'closed', next_slot = 2 WHERE drive_id = ?"


async def with_letters(path: Path, alteration: str) -> World:
    """Return an installation with letters about two polls, one of which is held."""
    world = await two_polls(path)
    world.clock.time += 2 * DAY
    world.counter_is_off = True
    await world.gate.settle()
    await world.count()
    lunch = world.drive("lunch").drive_id
    await world.close()
    do(world.folder.database, ALTERATIONS[alteration], values=(lunch,))
    return world


async def held_by(before: World, path: Path) -> list[DriveId]:
    """Return what a gate holds that starts here."""
    world = await World(folder=copy_of(before.folder, path), clock=before.clock).open()
    held = world.gate.held()
    await world.close()
    return held


async def read_until(before: World, path: Path, fuse: Fuse) -> World:
    """Let the gate read its letters, or die of the fuse."""
    world = World(folder=copy_of(before.folder, path), clock=before.clock)
    world.counter_is_off = True
    put_fuses(world, gate=fuse, counter=Fuse())
    try:
        await world.open()
        await world.gate.settle()
    except Died:
        await world.crash()
    else:
        await world.close()
    put_out(world)
    return world


@pytest.mark.parametrize("alteration", ALTERATIONS)
async def test_death_at_any_step_stops_nothing(tmp_path: Path, alteration: str) -> None:
    """The gate starts again, and the other poll has its result."""
    before = await with_letters(tmp_path / "before", alteration)
    whole = Fuse()
    await read_until(before, tmp_path / "whole", whole)
    assert whole.names.count("after gate commit") > 2

    for at in range(whole.points):
        world = await read_until(before, tmp_path / f"at-{at}", Fuse(at))
        for _ in range(2):
            await world.open()
            await world.gate.settle()

            assert len(world.gate.held()) == 1
            assert await world.shown("supper") == ALL_TO_A
            assert not world.gate_secrets().drives

            await world.close()


async def test_death_hides_no_result(tmp_path: Path) -> None:
    """A row that is altered once more behind the death is not believed either."""
    before = await with_letters(tmp_path / "before", "altered")
    (lunch,) = await held_by(before, tmp_path / "look")
    whole = Fuse()
    await read_until(before, tmp_path / "whole", whole)

    deaths = [at for at, name in enumerate(whole.names) if name == "after gate commit"]
    for at in deaths:
        world = await read_until(before, tmp_path / f"at-{at}", Fuse(at))
        do(world.folder.database, NO_RESULT, values=(lunch,))
        await world.open()
        await world.gate.settle()

        assert world.gate.held() == [lunch]
        assert [drive.name for drive in world.gate.drives()] == ["supper"]

        await world.close()


@pytest.mark.parametrize("alteration", ALTERATIONS)
async def test_letter_cannot_be_taken_away(tmp_path: Path, alteration: str) -> None:
    """Who moves the cursor past it is noticed: the keystore knows nothing of it."""
    world = await with_letters(tmp_path / "house", alteration)
    do(
        world.folder.database,
        "UPDATE cursors SET number = number + 1 WHERE reader = 'gate'",
    )

    with pytest.raises(Tampered, match="passed over"):
        await world.open()


async def test_next_letter_cannot_be_taken_away(tmp_path: Path) -> None:
    """That one was read without effect says nothing of the one behind it."""
    before = await with_letters(tmp_path / "before", "altered")
    whole = Fuse()
    await read_until(before, tmp_path / "whole", whole)
    first = whole.names.index("after gate commit")
    # Behind the commit the keystore knows of the letter.
    world = await read_until(before, tmp_path / "house", Fuse(first + 2))
    assert world.gate_secrets().passed_over == world.gate_secrets().received
    do(
        world.folder.database,
        "UPDATE cursors SET number = number + 1 WHERE reader = 'gate'",
    )

    with pytest.raises(Tampered, match="passed over"):
        await world.open()


async def test_death_after_a_release_of_a_held_box(tmp_path: Path) -> None:
    """Its reports are taken, its row stays as it is, and the gate starts again."""
    before = await World(folder=await new_folder(tmp_path / "before")).open()
    await open_box(before, replace(BOX, slot_seconds=6 * HOUR))
    for number in range(6):
        await tell(before, CROWD[number], f"text {number}")
    before.counter_is_off = True
    before.clock.time += 6 * HOUR
    await before.gate.settle()
    await before.count()
    box = before.drive(BOX.name).drive_id
    await before.close()
    do(before.folder.database, ALTERATIONS["missing"], values=(box,))
    whole = Fuse()
    await read_until(before, tmp_path / "whole", whole)

    for at in range(whole.points):
        world = await read_until(before, tmp_path / f"at-{at}", Fuse(at))
        await world.open()
        await world.gate.settle()

        assert world.gate.held() == [box]
        assert texts(world) == {f"text {number}" for number in range(6)}

        await world.close()
