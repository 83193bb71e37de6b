"""G3, the thief of the disk: who has all files and the list of members learns nothing.

One of two people answers, with one of two answers, and the gate dies at a random
durable step. The thief takes all files, knows every account, and also has the disk as
it was the day before. They look for the account and the answer in every form, and at
the size of everything. Where nothing is found and all sizes are the same in both
worlds, guessing is all that is left.
"""

import random
from pathlib import Path

import pytest

from bot.core.actors import Actor
from bot.core.shapes import SEAL_BYTES
from storage import sealers, waiting
from tests.faults.dying import Died, Fuse, put_fuses
from tests.games.traces import hits
from tests.world import MEI, SAM, World, copy_of, new_folder, pick

TRIALS = 20
# A start makes a pool of dummies; up to here a death falls into one answer.
POINTS_MAX = 16

Files = dict[Path, bytes]


async def day_before(path: Path) -> World:
    """Return a poll that runs, with some answers, and is stopped."""
    world = await World(folder=await new_folder(path / "before")).open()
    await world.start(days=3)
    await world.crowd(0, 1, 2)
    await world.close()
    return world


async def stolen(
    before: World, path: Path, who: Actor, option: int, dies: int
) -> Files:
    """Let somebody answer, let the gate die meanwhile or after, and take all files."""
    world = World(folder=copy_of(before.folder, path), clock=before.clock)
    fuse = Fuse(dies)
    put_fuses(world, gate=fuse, counter=Fuse())
    try:
        await world.open()
        await world.gate.submit(who, world.drive(), pick(option))
    except Died:
        pass
    await world.crash()
    return world.bytes_of_all()


def trace_of_person(who: Actor) -> list[bytes]:
    """Return what an account would leave behind."""
    return [who.user.encode()]


def trace_of_answer(option: int) -> list[bytes]:
    """Return what an answer would leave behind: options, no group, end of record."""
    return [(1 << option).to_bytes(4, "big") + b"\xff\x80" + bytes(24)]


def guess(files: Files, first: list[bytes], second: list[bytes]) -> int | None:
    """Return which of two worlds the files give away, or nothing."""
    found = bool(hits(files, first)), bool(hits(files, second))
    return found.index(True) if found.count(True) == 1 else None


@pytest.mark.timeout(180)
async def test_thief_does_not_learn_who_answered_or_what(tmp_path: Path) -> None:
    """At random moments of death the files of two worlds give nothing away."""
    before = await day_before(tmp_path)
    dice = random.Random(11)
    told: list[int | None] = []
    for trial in range(TRIALS):
        dies = dice.randrange(POINTS_MAX)
        shapes: list[dict[str, int]] = []
        for who, option in ((MEI, 0), (SAM, 1)):
            path = tmp_path / f"{trial}-{option}"
            files = await stolen(before, path, who, option, dies)
            told.append(guess(files, trace_of_person(MEI), trace_of_person(SAM)))
            told.append(guess(files, trace_of_answer(0), trace_of_answer(1)))
            shapes.append(
                {
                    str(file.relative_to(path)): len(content)
                    for file, content in files.items()
                }
            )

        assert shapes[0] == shapes[1], dies
    assert set(told) == {None}


@pytest.mark.parametrize("what", ["who", "answer"])
async def test_unsealed_answers_are_told_apart(
    tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same thief wins against a gate that does not seal."""
    before = await day_before(tmp_path)
    worlds = ((MEI, 0), (SAM, 1))
    attacks = {
        "who": lambda files: guess(files, trace_of_person(MEI), trace_of_person(SAM)),
        "answer": lambda files: guess(files, trace_of_answer(0), trace_of_answer(1)),
    }
    won = 0
    for trial in range(5):
        for number, (who, option) in enumerate(worlds):
            name = who.user.encode()

            def unsealed(records, _public, name=name):
                return [name.ljust(SEAL_BYTES, b"\x00") + record for record in records]

            for module in (sealers, waiting):
                monkeypatch.setattr(module, "seal_records", unsealed)
            path = tmp_path / f"{trial}-{number}"
            files = await stolen(before, path, who, option, 10**6)
            won += attacks[what](files) == number

    assert won / 10 >= 0.9
