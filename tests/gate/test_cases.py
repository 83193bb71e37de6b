"""Cases at the gate: across restarts, and against a database that was altered."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.cases import with_reply
from bot.core.errors import BoxClosed, BoxNotOpen, CaseGone, TooBusy
from bot.core.records import Drive, DropCase, SaveCase
from bot.core.releases import Released
from bot.core.reports import Act, Consent, Report
from bot.core.slots import HOUR
from bot.crypto.cases import seal_reply
from bot.ports import StorageError, Tampered
from tests.boxes import (
    BOX,
    be_counted,
    open_box,
    opened,
    pass_lane,
    tell,
    texts,
)
from tests.world import CROWD, World, running_world


@pytest.fixture
async def world(tmp_path: Path):
    """An installation with a report box and one case."""
    async with running_world(tmp_path / "data") as running:
        await open_box(running)
        await tell(running, CROWD[0], "urgent words", urgent=True)
        await pass_lane(running)
        yield running


async def test_cases_outlive_a_restart(world: World) -> None:
    """What organizers read and replied is there again."""
    (case,) = world.gate.cases()
    await world.gate.reply(case.name, "We look into it.")
    await world.reopen()

    (again,) = world.gate.cases()
    assert again.text == "urgent words"
    assert len(again.turns) == 1
    assert world.gate.next_due() is not None


async def test_a_case_that_was_altered_is_held(world: World) -> None:
    """Nobody without its key can write one; the others go on."""
    await tell(world, CROWD[1], "another", urgent=True)
    await pass_lane(world)
    (row, _) = await world.store.cases()
    sealed = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
    await world.store.commit([SaveCase(case=replace(row, sealed=sealed))])
    await world.reopen()

    assert len(world.gate.cases()) == 1
    assert len(await world.store.cases()) == 2


@pytest.mark.parametrize("restarts", [False, True])
async def test_organizers_wait_for_no_case_of_the_muted(
    world: World, *, restarts: bool
) -> None:
    """It is not opened for their pages: how long that takes would tell them of it."""
    (case,) = world.gate.cases()
    await world.gate.mute(case)
    code = await tell(world, CROWD[0], "muted words", urgent=True)
    await pass_lane(world)
    if restarts:
        await world.reopen()
    rows = {each.case_id: each for each in await world.store.cases()}
    (row,) = [rows[each] for each in rows if each != case.case_id]
    await world.gate.commit([SaveCase(case=replace(row, sealed=bytes(99)))])

    assert texts(world) == {"urgent words"}
    with pytest.raises(CaseGone):
        world.gate.case(row.case_id.hex()[:8])
    with pytest.raises(Tampered):
        opened(world, code)


async def test_a_row_without_its_key_is_over(world: World) -> None:
    """A crash between the key's end and the row's leaves nothing that opens."""
    (case,) = world.gate.cases()
    world.gate._vault.forget_cases(case.case_id)
    await world.reopen()

    assert world.gate.cases() == []
    assert await world.store.cases() == []


async def test_a_key_without_its_row_is_over(world: World) -> None:
    """A crash between the key's beginning and the row's leaves no key behind."""
    (case,) = world.gate.cases()
    await world.store.commit([DropCase(case_id=case.case_id)])
    await world.reopen()

    assert world.gate.cases() == []
    assert world.gate_secrets().cases == {}


async def test_a_reply_of_another_code_is_damage(world: World) -> None:
    """A reply that its case's code does not open was not written here."""
    code = await tell(world, CROWD[1], "more words", urgent=True)
    await pass_lane(world)
    (case,) = [each for each in world.gate.cases() if each.text == "more words"]
    foreign = seal_reply("to nobody", b"\x09" * 32)
    await world.gate.change_cases(case.name, lambda one, _: [with_reply(one, foreign)])

    with pytest.raises(Tampered):
        opened(world, code)


async def test_a_reply_during_a_count_keeps_the_author_s_words(tmp_path: Path) -> None:
    """What a count brings in is there, whatever organizers had on their screens."""
    async with running_world(tmp_path / "data") as world:
        await open_box(world)
        code = await tell(world, CROWD[0], "urgent words", urgent=True)
        await pass_lane(world)
        await world.gate.write_to_case(CROWD[0], code, Act.ADD, "and one thing more")
        at_work, go_on = asyncio.Event(), asyncio.Event()

        async def slowly() -> None:
            at_work.set()
            await go_on.wait()
            await world.wake_counter()

        world.wake = slowly
        await world.reopen()
        world.clock.time = world.gate.next_due() or 0
        counting = asyncio.create_task(world.gate.settle())
        await at_work.wait()
        (case,) = world.gate.cases()
        replying = asyncio.create_task(world.gate.reply(case.name, "We look into it."))
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(counting, replying)
        told = opened(world, code)

    assert told == ["urgent words", "and one thing more", "We look into it."]


async def test_a_full_disk_hides_no_words(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the store has is known, also if the keystore could not follow."""
    code = await tell(world, CROWD[1], "more words", urgent=True)
    await pass_lane(world)
    await world.gate.write_to_case(CROWD[1], code, Act.ADD, "and one thing more")
    vault = world.gate._vault
    follow = vault.follow
    fired: list[str] = []

    def full(saved: Sequence[Drive], **told: Any) -> None:
        read = told.get("read")
        if read is not None and isinstance(read[0], Released) and not fired:
            fired.append("full")
            raise StorageError("No space left on this disk.")
        follow(saved, **told)

    monkeypatch.setattr(vault, "follow", full)
    world.clock.time = world.gate.next_due() or 0
    with pytest.raises(StorageError):
        await world.gate.settle()
    (case,) = [each for each in world.gate.cases() if each.text == "more words"]
    await world.gate.reply(case.name, "We look into it.")

    assert fired
    assert opened(world, code) == [
        "more words",
        "and one thing more",
        "We look into it.",
    ]


async def test_no_lane_takes_nothing(tmp_path: Path) -> None:
    """Before the counter has made its keys, what needs the lane is refused."""
    async with running_world(tmp_path / "data") as world:
        await open_box(world)
        lane = world.gate._lanes.open_lane()
        assert lane is not None
        world.gate._answers.stop(lane.drive_id)
        with pytest.raises(TooBusy):
            await tell(world, CROWD[0], "now", urgent=True)
        world.gate._book._drives.pop(lane.drive_id)

        assert world.gate.next_letters() == world.clock.now()
        with pytest.raises(TooBusy):
            await world.gate.write_to_case(CROWD[0], "0" * 26, Act.TAKE_BACK)


async def test_a_box_that_is_ending_takes_nothing(world: World) -> None:
    """A report that comes as its box ends is refused, not lost."""
    box = world.drive("box")
    world.gate._answers.stop(box.drive_id)

    with pytest.raises(BoxClosed):
        await be_counted(world, CROWD[3])


async def test_a_box_that_has_not_started_takes_nothing(tmp_path: Path) -> None:
    """It waits for the counter."""
    async with running_world(tmp_path / "data", counter_is_off=True) as world:
        box = await open_box(world)
        report = Report(consent=Consent.COUNT, category=0, severity=0)

        with pytest.raises(BoxNotOpen):
            await world.gate.report(CROWD[0], box, report, urgent=False)


async def test_a_release_is_read_where_its_drive_is_held(world: World) -> None:
    """What happened to the lane's row takes no report from organizers."""
    lane = world.gate._lanes.open_lane()
    assert lane is not None
    await tell(world, CROWD[2], "another", urgent=True)
    world.counter_is_off = True
    await pass_lane(world)
    await world.count()
    world.gate._book.held.add(lane.drive_id, Tampered("for a test"))
    await world.gate.settle()

    assert texts(world) == {"urgent words", "another"}


async def test_every_reply_takes_the_lane(world: World) -> None:
    """Right, wrong and early codes are stored alike: one more envelope each."""
    code = await tell(world, CROWD[4], "waits")
    lane = world.gate._lanes.open_lane()
    assert lane is not None
    for typed in (code, "0" * 26):
        await world.gate.write_to_case(CROWD[4], typed, Act.ADD, "words")
    world.clock.time += 6 * HOUR
    await world.gate.settle()

    assert opened(world, code) is None
    assert BOX.name == "box"
