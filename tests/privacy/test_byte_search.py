"""No person's id lies in any file, in any form, after thousands of operations."""

import asyncio
import base64
import random
from pathlib import Path

import pytest

from tests.games.traces import hits
from tests.world import World, person, poll_terms

PEOPLE = [person(number) for number in range(60)]
IDS = [who.user.encode() for who in PEOPLE] + [b"T0WORKPLACE"]
ROUNDS = 60
ANSWERS_A_ROUND = 50


async def random_round(
    world: World, dice: random.Random, codes: dict[int, str]
) -> None:
    """Let fifty random people answer at once, with right and wrong codes and none."""
    answers = []
    for _ in range(ANSWERS_A_ROUND):
        number = dice.randrange(len(PEOPLE))
        code = dice.choice(["", "", *codes.values()])
        answers.append(world.vote(PEOPLE[number], dice.randrange(4), code=code))
    await asyncio.gather(*answers)
    number = dice.randrange(len(PEOPLE))
    codes[number] = await world.vote_with_code(PEOPLE[number], dice.randrange(4))


@pytest.mark.timeout(120)
async def test_no_id_in_any_file(world: World) -> None:
    """Three thousand answers, counts and crashes leave no trace of an account."""
    dice = random.Random(7)
    codes: dict[int, str] = {}
    await world.start(poll_terms(), days=8)
    found: list[str] = []
    for turn in range(ROUNDS):
        await random_round(world, dice, codes)
        found += hits(world.bytes_of_all(), IDS)
        if turn % 10 == 9:
            await world.pass_slot()
        if turn % 15 == 14:
            await world.crash()
            found += hits(world.bytes_of_all(), IDS)
            await world.open()
    await world.pass_all()
    await world.close()

    assert found == []
    assert hits(world.bytes_of_all(), IDS) == []


@pytest.mark.parametrize("shift", [0, 1, 2])
def test_search_finds_what_is_there(tmp_path: Path, shift: int) -> None:
    """The control: an id that was written down is found, however it was encoded."""
    needle = IDS[0]
    written = {
        "raw": b"x" * shift + needle,
        "hex": (b"x" * shift + needle).hex().encode(),
        "base64": base64.b64encode(b"x" * shift + needle + b"y"),
        "little": needle.decode().encode("utf-16-le"),
        "big": needle.decode().encode("utf-16-be"),
    }
    files = {tmp_path / name: content for name, content in written.items()}

    assert set(hits(files, [needle])) == set(written)
