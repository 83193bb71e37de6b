"""A signature's way in: what is stored, and that nothing tells it from another."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.actors import Actor
from bot.core.errors import CodeMistyped, PetitionClosed, PetitionNotOpen
from bot.core.name_boxes import SignedName
from bot.core.receipts import Receipt
from bot.core.records import Drive
from bot.core.trustees import Trustees
from bot.crypto.petition_keys import secret_of
from tests.core.petition import BREAKS, COUNTED, SEED
from tests.games.traces import hits
from tests.world import MEI, SAM, World, drafted, running_world

NAMES = replace(BREAKS, threshold=20, audience=60)
COUNT = replace(COUNTED, threshold=20, audience=60)
# A petition's slot opens with 256 dummies of a kilobyte.
pytestmark = pytest.mark.timeout(120)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """An installation where a petition is open."""
    async with running_world(tmp_path / "data") as started:
        drive = drafted(NAMES, now=started.clock.time, days=1)
        await started.gate.begin(await started.draft(drive))
        await started.gate.settle()
        yield started


def named(drive: Drive, name: str) -> SignedName:
    """Return what somebody signs with."""
    return SignedName(drive_id=drive.drive_id, name=name)


def shape(receipt: Receipt) -> tuple[int, int, int]:
    """Return what can be seen of a receipt besides its random parts."""
    return receipt.next_count, len(receipt.code), len(receipt.mark)


async def test_receipts_are_alike(world: World) -> None:
    """Signing, signing again, taking off, and taking off nothing are answered alike."""
    breaks = world.drive("breaks")
    gate = world.gate
    receipts = [
        first := await gate.sign(MEI, breaks, named(breaks, "Mei")),
        await gate.sign(MEI, breaks, named(breaks, "M" * 200)),
        await gate.withdraw(MEI, breaks),
        await gate.withdraw(SAM, breaks),
        await gate.withdraw(SAM, breaks, first.code),
    ]

    assert len(set(map(shape, receipts))) == 1
    assert len({receipt.code for receipt in receipts}) == len(receipts)


Way = Callable[[World, Actor, Drive], Awaitable[Receipt]]


async def short(world: World, who: Actor, drive: Drive) -> Receipt:
    """Sign with a short name."""
    return await world.gate.sign(who, drive, named(drive, "M"))


async def long(world: World, who: Actor, drive: Drive) -> Receipt:
    """Sign with the longest name that there is."""
    return await world.gate.sign(who, drive, named(drive, "é" * 100))


async def off(world: World, who: Actor, drive: Drive) -> Receipt:
    """Take a name off."""
    return await world.gate.withdraw(who, drive)


def blocks(world: World, copies: Path) -> list[bytes]:
    """Return the blocks of all inboxes, in their order."""
    found: list[bytes] = []
    # The gate keeps its inboxes locked: a thief copies them.
    shutil.copytree(world.folder.inboxes, copies)
    for path in sorted(copies.glob("*.db")):
        with closing(sqlite3.connect(path)) as inbox:
            rows = inbox.execute("SELECT body FROM blocks ORDER BY number")
            found += [body for (body,) in rows]
    return found


@pytest.mark.parametrize("way", [short, long, off])
async def test_what_is_stored_has_one_size(
    world: World, way: Way, tmp_path: Path
) -> None:
    """Each of them takes a dummy's place: no block is more or longer."""
    breaks = world.drive("breaks")
    before = blocks(world, tmp_path / "before")
    await way(world, MEI, breaks)
    after = blocks(world, tmp_path / "after")

    assert list(map(len, after)) == list(map(len, before))
    # The control: something was written.
    assert after != before


async def test_name_is_in_no_file(world: World) -> None:
    """A name is sealed before it is stored, in every encoding; so is no key of TK."""
    breaks = world.drive("breaks")
    await world.gate.sign(MEI, breaks, named(breaks, "Canary Ødegård"))
    written = world.bytes_of_all()
    trustees = breaks.petition.trustees
    assert isinstance(trustees, Trustees)

    assert hits(written, ["Canary Ødegård".encode(), b"Canary", secret_of(SEED)]) == []
    # The control: the public half stands in the terms, and is found.
    assert hits(written, [trustees.line().encode()])


async def test_count_stores_no_box(tmp_path: Path) -> None:
    """Where people only count, a signature has nothing in it but the act."""
    async with running_world(tmp_path / "data") as world:
        drive = drafted(COUNT, now=world.clock.time, days=1)
        await world.gate.begin(await world.draft(drive))
        await world.gate.settle()
        breaks = world.drive("breaks")
        signed = await world.gate.sign(MEI, breaks, None)
        taken_off = await world.gate.withdraw(MEI, breaks)

        assert shape(signed) == shape(taken_off)


async def test_mistyped_code_stores_nothing(world: World) -> None:
    """A code that cannot be one is told, before anything is written."""
    before = world.bytes_of_all()

    with pytest.raises(CodeMistyped):
        await world.gate.withdraw(MEI, world.drive("breaks"), "AAAA")
    assert world.bytes_of_all() == before


async def test_closed_petition_says_so(world: World) -> None:
    """After the close, and before the start, a petition is named as one."""
    breaks = world.drive("breaks")
    closed = await world.pass_all("breaks")

    with pytest.raises(PetitionClosed):
        await world.gate.sign(MEI, closed, named(breaks, "Mei"))
    waiting = await world.draft(drafted(replace(NAMES, name="later")))
    with pytest.raises(PetitionNotOpen):
        await world.gate.withdraw(MEI, waiting)
