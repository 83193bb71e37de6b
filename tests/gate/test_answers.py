"""One answer's way in: what is taken, what is refused, and what it says."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.ballots import POLL_ENVELOPE_BYTES, Answer, Tag
from bot.core.errors import (
    CodeMistyped,
    DriveClosed,
    DriveNotOpen,
    StorageFailed,
    StorageFull,
    TooBusy,
    UnknownOption,
)
from bot.core.slots import DAY
from bot.core.tallies import Choice
from bot.gate import pace
from bot.gate.answers import FREE_BYTES_MIN
from storage import waiting
from storage.inbox import DiskInboxes
from tests.world import (
    CROWD,
    MEI,
    NOON,
    SAM,
    World,
    drafted,
    open_world,
    pick,
    poll_terms,
)

CROWD_TAG = Tag(b"\x2a" * 32)


async def test_receipt_is_equal_for_first_repeat_and_locked(world: World) -> None:
    """Nobody can tell from a receipt whether somebody answered before."""
    await world.start()
    first = await world.vote(MEI, 0)
    repeat = await world.vote(MEI, 1)
    await world.crowd(*[1] * 12)
    await world.pass_slot()
    locked = await world.vote(MEI, 2)
    fresh = await world.vote(SAM, 2)

    assert first == repeat
    assert locked == fresh
    assert first.next_count == NOON + DAY
    assert locked.next_count == NOON + 2 * DAY
    assert (first.code, first.mark) == ("", "")


async def test_receipt_with_a_wrong_code_is_equal(world: World) -> None:
    """A well-formed code that opens nothing gets the receipt that all get."""
    await world.start()
    code = await world.vote_with_code(MEI, 0)

    assert await world.vote(SAM, 1, code=code) == await world.vote(SAM, 1)


async def test_next_count_is_the_schedules(world: World) -> None:
    """A receipt names the slot's end, also after a slot that was carried."""
    await world.start(days=2.5)
    await world.vote(MEI, 0)
    await world.pass_slot()

    assert (await world.vote(SAM, 0)).next_count == NOON + 2 * DAY

    await world.pass_slot()

    assert (await world.vote(SAM, 0)).next_count == NOON + 2.5 * DAY


async def test_code_comes_with_a_mark_on_the_board(world: World) -> None:
    """Whoever asked for a code can look for their envelope in the certificate."""
    await world.start(days=1)
    await world.crowd(*[1] * 12)
    receipt = await world.gate.submit(MEI, world.drive(), pick(0), wants_code=True)
    await world.pass_all()
    file = await world.file()

    assert file.has_mark(receipt.mark)
    assert not file.has_mark("0" * 16)
    assert len(receipt.code.replace(" ", "")) == 26


async def test_code_is_new_each_time(world: World) -> None:
    """Two people, and one person twice, get different codes."""
    await world.start()
    codes = [await world.vote_with_code(who, 0) for who in (MEI, MEI, SAM)]

    assert len(set(codes)) == 3


async def test_code_that_was_typed_is_not_shown_again(world: World) -> None:
    """Who answers with a code and asks for one keeps the one they have."""
    await world.start()
    code = await world.vote_with_code(MEI, 0)
    receipt = await world.gate.submit(
        MEI, world.drive(), pick(1), code=code, wants_code=True
    )

    assert receipt.code == ""


async def test_mistyped_code_is_refused(world: World) -> None:
    """A typing mistake is told at once, and nothing is stored."""
    await world.start()
    code = await world.vote_with_code(MEI, 0)
    wrong = ("1" if code[0] == "0" else "0") + code[1:]

    with pytest.raises(CodeMistyped):
        await world.vote(MEI, 1, code=wrong)


@pytest.mark.parametrize("chosen", [0, 0b11, 1 << 4, -1])
async def test_unknown_option_is_refused(world: World, chosen: int) -> None:
    """What the terms do not offer is not stored, whatever a platform sends."""
    await world.start()

    with pytest.raises(UnknownOption):
        await world.gate.submit(MEI, world.drive(), Answer(chosen=chosen))


async def test_unknown_segment_is_refused(world: World) -> None:
    """A group that the terms do not name is not stored."""
    await world.start(poll_terms(segments=("Day", "Night")))
    await world.vote(MEI, 0, segment=1)

    with pytest.raises(UnknownOption):
        await world.vote(MEI, 0, segment=2)


async def test_several_options_in_a_poll_with_several(world: World) -> None:
    """A poll with several answers takes several, and never none."""
    await world.start(poll_terms(choice=Choice.MULTI))
    await world.vote(MEI, 0, 3)

    with pytest.raises(UnknownOption):
        await world.gate.submit(MEI, world.drive(), Answer(chosen=0))


async def test_poll_that_has_not_started_refuses(world: World) -> None:
    """Before the counter made the keys nothing can be sealed."""
    world.counter_is_off = True
    await world.start()

    with pytest.raises(DriveNotOpen):
        await world.vote(MEI, 0)


async def test_draft_refuses(world: World) -> None:
    """A poll that waits for a second organizer takes no answer."""
    await world.draft(drafted(poll_terms()))

    with pytest.raises(DriveNotOpen):
        await world.vote(MEI, 0)


async def test_closed_poll_refuses(world: World) -> None:
    """After the count an answer is refused, not taken and lost."""
    await world.start(days=1)
    await world.crowd(*[0] * 12)
    await world.pass_all()

    with pytest.raises(DriveClosed):
        await world.vote(MEI, 0)


async def test_unknown_poll_refuses(world: World) -> None:
    """A poll that the gate does not know takes no answer."""
    with pytest.raises(DriveClosed):
        await world.gate.submit(MEI, drafted(poll_terms()), pick(0))


async def test_closing_poll_refuses(world: World) -> None:
    """Between the closing time and the count nothing is taken."""
    await world.start(days=1)
    world.counter_is_off = True
    await world.pass_slot()

    with pytest.raises(DriveClosed):
        await world.vote(MEI, 0)


async def test_last_slot_that_is_over_refuses(world: World) -> None:
    """After the closing time nothing is taken, also before the gate acts on it."""
    await world.start(days=1)
    world.clock.time = NOON + DAY

    with pytest.raises(DriveClosed):
        await world.vote(MEI, 0)


async def test_answer_after_a_slots_end_is_counted_with_the_next(world: World) -> None:
    """What comes before the gate acted on a slot's end is the next slot's."""
    await world.start(days=2)
    await world.crowd(*[0] * 12)
    world.clock.time = NOON + DAY
    await world.vote(MEI, 1)
    await world.gate.settle()

    assert (await world.running()).tally.cells == (12, 0, 0, 0)

    await world.crowd(*[1] * 9, first=20)
    await world.pass_all()

    assert await world.shown() == ["top group", "top group", "0–4", "0–4"]


async def test_clock_set_back_puts_nothing_into_an_ended_slot(world: World) -> None:
    """An answer goes to the running slot, though the clock says an earlier one."""
    await world.start(days=2)
    await world.crowd(*[0] * 12)
    await world.pass_slot()
    world.clock.time = NOON + 3600
    receipt = await world.vote(MEI, 1)

    assert receipt.next_count == NOON + 2 * DAY

    await world.crowd(*[1] * 11, first=20)
    world.clock.time = NOON + 2 * DAY
    await world.pass_all()

    assert await world.shown() == ["top group", "top group", "0–4", "0–4"]


async def test_clock_set_back_while_a_slot_ends(tmp_path: Path) -> None:
    """What is acknowledged while a slot's envelopes are handed over is counted."""
    late: list[asyncio.Task[object]] = []

    class Jumping(DiskInboxes):
        """Sets the clock back the moment the slot's envelopes were read."""

        def open(self, *args, **named):
            inner = super().open(*args, **named)
            finish = inner.finish

            async def finish_and_jump():
                envelopes = await finish()
                if not late:
                    world.clock.time = NOON + DAY - 60
                    late.append(asyncio.ensure_future(world.vote(MEI, 1)))
                    await asyncio.sleep(0.05)
                return envelopes

            inner.finish = finish_and_jump  # type: ignore[method-assign]
            return inner

    world = await open_world(
        tmp_path / "house", around_inboxes=lambda inner: Jumping(inner._folder)
    )
    await world.start(days=2)
    await world.crowd(*[0] * 12)
    await world.pass_slot()
    await asyncio.gather(*late)

    assert len(late) == 1
    assert world.counter_drive().ended == 1

    world.clock.time = NOON + DAY + 60
    await world.crowd(*[1] * 4, first=20)
    await world.pass_slot()

    assert await world.shown() == ["the rest", "5", "0–4", "0–4"]

    await world.close()


async def test_full_disk_refuses_before_it_acknowledges(tmp_path: Path) -> None:
    """Where a bundle may find no room any more, an answer is not taken."""
    room = [FREE_BYTES_MIN]

    class Small(DiskInboxes):
        def free_bytes(self) -> int:
            return room[0]

    world = await open_world(
        tmp_path / "house", around_inboxes=lambda inner: Small(inner._folder)
    )
    await world.start()
    await world.vote(MEI, 0)
    await world.reopen()
    room[0] -= 1

    with pytest.raises(StorageFull):
        await world.vote(SAM, 0)

    await world.close()


async def test_full_queue_says_that_too_many_arrive(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is dropped silently when the disk cannot keep up."""
    await world.start()
    monkeypatch.setattr(waiting, "WAITING_RECORDS_MAX", 0)

    with pytest.raises(TooBusy):
        await world.vote(MEI, 0)


async def test_failing_disk_refuses(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that could not be written is not acknowledged."""
    await world.start()

    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("storage.block_file.BlockFile.add", fail)

    with pytest.raises(StorageFailed):
        await world.vote(MEI, 0)


async def test_keystore_that_cannot_be_written_refuses(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gate that cannot reserve numbers takes no answer, and says so."""
    await world.start()

    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("storage.keystore._replace_file", fail)

    with pytest.raises(StorageFailed):
        await world.vote(MEI, 0)


async def test_flood_waits_and_is_not_dropped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who sends very many answers waits; the last one counts all the same."""
    monkeypatch.setattr(pace, "DELAY_SECONDS_EACH", 0.001)
    await world.start(days=1)
    await world.crowd(*[1] * 10)
    for turn in range(pace.FREE_PER_WINDOW + 10):
        await world.vote(MEI, turn % 2)
    await world.vote(MEI, 2)
    await world.pass_all()

    assert await world.shown() == ["0–4", "the rest", "0–4", "0–4"]
    assert (await world.released()).total == 10


async def test_flood_delay_grows_and_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who sends one answer after another waits longer for each, and never too long."""
    now = [60.0]
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now[0])
    flood = pace.Pace(b"mask")
    delays: list[float] = []
    for _ in range(pace.FREE_PER_WINDOW + 15):
        delays.append(flood.delay(CROWD_TAG))
        now[0] += delays[-1]

    assert delays[: pace.FREE_PER_WINDOW] == [0] * pace.FREE_PER_WINDOW
    assert delays[pace.FREE_PER_WINDOW] == pytest.approx(pace.DELAY_SECONDS_EACH)
    assert max(delays) <= pace.DELAY_SECONDS_MAX
    assert sorted(delays) == delays


async def test_flood_beside_itself_waits_in_a_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sending everything at once is no faster than one after the other."""
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: 60.0)
    flood = pace.Pace(b"mask")
    waits: list[float] = []
    refused = 0
    for _ in range(300):
        try:
            waits.append(flood.delay(CROWD_TAG))
        except TooBusy:
            refused += 1
    at_once = waits[pace.FREE_PER_WINDOW :]

    assert len(set(at_once)) == len(at_once) < 12
    assert max(at_once) <= pace.WAIT_SECONDS_MAX
    assert refused == 300 - len(waits)
    assert flood.delay(Tag(b"\xff" * 32)) == 0


async def test_others_do_not_wait_for_a_flood() -> None:
    """Another person's answers have their own count, but for chance."""
    flood = pace.Pace(bytes(32))
    for _ in range(200):
        with suppress(TooBusy):
            flood.delay(CROWD_TAG)
    others = [flood.delay(Tag(bytes([n]) * 32)) for n in range(43, 142)]

    assert sum(others) == 0


async def test_same_account_elsewhere_is_another_person(world: World) -> None:
    """Two workspaces may use one id for two people."""
    await world.start(days=1)
    await world.crowd(*[0] * 9)
    await world.vote(replace(CROWD[0], team="T0ELSEWHERE"), 0)
    await world.pass_all()

    assert (await world.released()).total == 10


async def test_envelopes_have_one_length(world: World) -> None:
    """Nothing shows in an envelope's length: code, segment, number of options."""
    await world.start(poll_terms(choice=Choice.MULTI, segments=("Day", "Night")))
    inbox = world.gate._intake.opened(world.drive().drive_id, 0)
    assert inbox is not None
    lengths: set[int] = set()
    append = inbox.append

    def measured(record: bytes):
        lengths.add(len(record))
        return append(record)

    inbox.append = measured  # type: ignore[method-assign]
    await world.vote(MEI, 0)
    await world.vote_with_code(SAM, 0, 1, 2, 3)
    await world.vote(SAM, 0, 1, 2, segment=1)

    assert lengths == {POLL_ENVELOPE_BYTES - 48}
