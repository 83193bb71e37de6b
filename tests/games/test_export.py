"""G2, the export of all messages: replies are the same bytes, whatever was before.

The attacker owns the workspace, exports every reply that the bot ever gave, and may
answer in a worker's place. Two worlds differ in whether Mei answered before, whether
her answer was counted, and with what. If all replies are the same bytes in the same
order, no attacker can tell the worlds apart.
"""

from dataclasses import replace

import pytest

from bot.core.drives import State
from bot.core.manifest import DriveId
from bot.core.receipts import Receipt
from bot.crypto.codes import make_code
from bot.views.cards import received
from tests.world import MEI, SAM, World, poll_terms

STRANGE_CODE = make_code(b"nobody has this")
# What was before: the options that Mei chose in the first slot and in the second.
WORLDS: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = (
    ((), ()),
    ((0,), ()),
    ((3,), ()),
    ((0, 1, 2), ()),
    ((), (1,)),
    ((2,), (1,)),
)


def export(world: World, receipts: list[Receipt]) -> bytes:
    """Return the replies as they are shown; the poll's public id is left out."""
    drive = replace(world.drive(), drive_id=DriveId(bytes(16)))
    shown = [
        (each.code, each.mark, received(drive, each.next_count)) for each in receipts
    ]
    return repr(shown).encode()


async def replies(
    world: World, first: tuple[int, ...], second: tuple[int, ...]
) -> bytes:
    """Let Mei answer before; return what whoever signs in as her reads then."""
    await world.start(poll_terms(), days=3)
    await world.crowd(*[0, 1] * 6)
    for option in first:
        await world.vote(MEI, option)
    await world.pass_slot()
    for option in second:
        await world.vote(MEI, option)
    receipts: list[Receipt] = []
    for option in range(4):
        receipts.append(await world.vote(MEI, option))
        receipts.append(await world.vote(MEI, option, code=STRANGE_CODE))
        receipts.append(await world.vote(SAM, option))
    return export(world, receipts)


@pytest.mark.parametrize(("first", "second"), WORLDS)
async def test_replies_are_the_same_bytes(
    world: World, first: tuple[int, ...], second: tuple[int, ...]
) -> None:
    """Nobody reads from a reply if, when and what somebody answered before."""
    found = await replies(world, first, second)
    again = await _world_of_nobody(world)

    assert found == again


async def _world_of_nobody(world: World) -> bytes:
    """Return the replies of the world in which Mei never answered."""
    await world.gate.close_early(world.drive())
    await world.gate.settle()
    assert world.drive().state is State.PUBLISHED
    # The same hour of another poll of the same name, so that nothing else differs.
    world.clock.time -= world.clock.time - world.drive().drafted_at
    return await replies(world, (), ())


async def test_bot_that_thanks_once_tells_who_answered(world: World) -> None:
    """The control: a reply that differs for a repeat tells all worlds apart."""
    await world.start(poll_terms(), days=3)
    answered: set[str] = set()

    async def reply(who) -> str:
        await world.vote(who, 0)
        words = "changed" if who.user in answered else "recorded"
        answered.add(who.user)
        return words

    won = 0
    for trial in range(10):
        answered.clear()
        if trial % 2:
            await reply(MEI)
        won += (await reply(MEI) == "changed") == bool(trial % 2)

    assert won / 10 >= 0.9
