"""Who is counted, by which answer, and what is destroyed when."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.core.drives import State
from bot.core.publication import Rules
from bot.core.records import PostKind
from bot.core.slots import DAY, HOUR
from bot.core.tallies import Choice
from bot.crypto.codes import make_code
from bot.ports import Tampered
from storage.database import StillInUse
from tests.faults.dying import Died, Fuse, put_fuses
from tests.world import (
    CROWD,
    MEI,
    NOON,
    SAM,
    StandingClock,
    World,
    count_apart,
    open_world,
    pick,
    poll_terms,
)


async def test_last_vote_wins(world: World) -> None:
    """A person who votes twice is counted once, by the later vote."""
    await world.start(days=2)
    await world.crowd(*[0] * 10)
    await world.vote(MEI, 0)
    await world.vote(MEI, 1)
    await world.pass_slot()

    assert (await world.running()).tally.cells == (10, 1, 0, 0)


async def test_vote_after_a_count_is_locked_without_its_code(world: World) -> None:
    """Who takes over an account cannot change what was counted."""
    await world.start(days=3)
    await world.crowd(*[0] * 10)
    await world.pass_slot()
    await world.crowd(*[1] * 10)
    await world.crowd(*[2] * 10, first=10)
    await world.pass_slot()

    assert (await world.running()).tally.cells == (10, 0, 10, 0)


async def test_code_changes_a_counted_answer(world: World) -> None:
    """Who has the code changes their answer, also after it was counted."""
    await world.start(days=3)
    await world.crowd(*[0] * 10)
    code = await world.vote_with_code(MEI, 0)
    await world.pass_slot()
    await world.vote(MEI, 3, code=code)
    await world.crowd(*[0] * 10, first=10)
    await world.pass_slot()

    assert (await world.running()).tally.cells == (20, 0, 0, 1)


async def test_code_changes_an_answer_in_the_last_round(world: World) -> None:
    """A change in the last slot is counted, though nobody new came."""
    await world.start(days=2)
    await world.crowd(*[0] * 10, *[1] * 9)
    codes = [await world.vote_with_code(who, 0) for who in CROWD[20:29]]
    await world.pass_slot()
    for who, code in zip(CROWD[20:29], codes, strict=True):
        await world.vote(who, 2, code=code)
    await world.pass_slot()

    assert await world.shown() == ["top group", "top group", "top group", "0–4"]


async def test_code_changes_an_answer_again_and_again(world: World) -> None:
    """A code stays good for as long as the poll is open."""
    await world.start(days=5)
    await world.crowd(*[0] * 10)
    code = await world.vote_with_code(MEI, 0)
    await world.pass_slot()
    for turn, option in enumerate((1, 2, 3), start=1):
        await world.vote(MEI, option, code=code)
        await world.crowd(*[0] * 10, first=10 * turn)
        await world.pass_slot()

        assert (await world.running()).tally.cells[option] == 1

    assert (await world.running()).tally.answers == 41


async def test_last_change_of_a_round_wins(world: World) -> None:
    """Two changes with one code count as the later one."""
    await world.start(days=3)
    await world.crowd(*[0] * 10)
    code = await world.vote_with_code(MEI, 0)
    await world.pass_slot()
    await world.vote(MEI, 1, code=code)
    await world.vote(MEI, 2, code=code)
    await world.vote(MEI, 3)
    await world.crowd(*[0] * 10, first=10)
    await world.pass_slot()

    assert (await world.running()).tally.cells == (20, 0, 1, 0)


async def test_code_is_not_needed_before_the_count(world: World) -> None:
    """Until the next count the last tap wins, also over an answer with a code."""
    await world.start(days=2)
    await world.crowd(*[0] * 10)
    await world.vote_with_code(MEI, 1)
    await world.vote(MEI, 2)
    await world.pass_slot()

    assert (await world.running()).tally.cells == (10, 0, 1, 0)


async def test_code_of_an_answer_that_was_replaced_opens_nothing(world: World) -> None:
    """The code belongs to the answer that was counted, not to one before it."""
    await world.start(days=3)
    await world.crowd(*[0] * 10)
    code = await world.vote_with_code(MEI, 1)
    await world.vote(MEI, 2)
    await world.pass_slot()
    await world.vote(MEI, 3, code=code)
    await world.crowd(*[0] * 10, first=10)
    await world.pass_slot()

    assert (await world.running()).tally.cells == (20, 0, 1, 0)


async def test_code_of_somebody_else_changes_nothing(world: World) -> None:
    """A code opens its owner's answer only from its owner's account."""
    await world.start(days=3)
    await world.crowd(*[0] * 10)
    code = await world.vote_with_code(MEI, 0)
    await world.vote_with_code(SAM, 1)
    await world.pass_slot()
    await world.vote(SAM, 3, code=code)
    await world.crowd(*[0] * 10, first=10)
    await world.pass_slot()

    assert (await world.running()).tally.cells == (21, 1, 0, 0)


async def test_code_that_nobody_has_changes_nothing(world: World) -> None:
    """A well-formed code that was guessed opens nothing."""
    await world.start(days=3)
    await world.crowd(*[0] * 10)
    await world.vote_with_code(MEI, 0)
    await world.pass_slot()
    await world.vote(MEI, 3, code=make_code(bytes(15)))
    await world.crowd(*[0] * 10, first=10)
    await world.pass_slot()

    assert (await world.running()).tally.cells == (21, 0, 0, 0)


async def test_two_people_with_one_code_keep_their_own_answers(world: World) -> None:
    """Two people who type the same code before a count do not meet in one row."""
    await world.start(days=3)
    code = make_code(bytes(15))
    await world.crowd(*[0] * 10)
    await world.vote(MEI, 0, code=code)
    await world.vote(SAM, 1, code=code)
    await world.pass_slot()
    await world.vote(MEI, 2, code=code)
    await world.vote(SAM, 3, code=code)
    await world.crowd(*[0] * 10, first=10)
    await world.pass_slot()

    assert (await world.running()).tally.cells == (20, 0, 1, 1)


async def test_first_answer_with_a_code_counts_like_any(world: World) -> None:
    """Who is not counted yet needs no code that opens anything."""
    await world.start(days=2)
    await world.crowd(*[0] * 10)
    await world.vote(MEI, 1, code=make_code(bytes(range(15))))
    await world.pass_slot()

    assert (await world.running()).tally.cells == (10, 1, 0, 0)


async def test_segments_change_with_the_answer(world: World) -> None:
    """A change with a code moves the group as well."""
    await world.start(poll_terms(segments=("Day", "Night")), days=3)
    await world.crowd(*[0] * 10)
    receipt = await world.gate.submit(MEI, world.drive(), pick(0), wants_code=True)
    await world.pass_slot()
    await world.vote(MEI, 1, code=receipt.code, segment=1)
    for who in CROWD[10:20]:
        await world.vote(who, 0, segment=0)
    await world.pass_slot()
    tally = (await world.running()).tally

    assert tally.cells == (20, 1, 0, 0)
    assert [part.cells for part in tally.segments] == [(10, 0, 0, 0), (0, 1, 0, 0)]


async def test_several_answers_count_each_option(world: World) -> None:
    """In a poll with several answers each chosen option counts."""
    await world.start(poll_terms(choice=Choice.MULTI), days=2)
    for who in CROWD[:12]:
        await world.vote(who, 0, 2)
    await world.pass_slot()
    tally = (await world.running()).tally

    assert (tally.answers, tally.cells) == (12, (12, 0, 12, 0))


async def test_fewer_than_ten_new_people_carry_the_slot(world: World) -> None:
    """Nothing is counted for nine people; their slot's key is kept."""
    await world.start(days=3)
    await world.crowd(*[0] * 9)
    await world.pass_slot()
    drive = world.counter_drive()

    assert drive.generation == 0
    assert set(drive.slot_keys) == {0, 1, 2}
    assert [end.slot for end in drive.waiting] == [0]
    assert world.drive().floor == 0


async def test_repeats_do_not_make_ten(world: World) -> None:
    """Ten answers of nine people are nine people."""
    await world.start(days=3)
    await world.crowd(*[0] * 9)
    await world.crowd(*[1] * 9)
    await world.pass_slot()

    assert world.counter_drive().generation == 0


async def test_carried_slot_is_counted_with_the_next(world: World) -> None:
    """Two slots that hold ten people together are counted as one round."""
    await world.start(days=3)
    await world.crowd(*[0] * 6)
    await world.pass_slot()
    # One of them changes their mind: it is one round, so the last answer wins.
    await world.vote(CROWD[0], 1)
    await world.crowd(*[0] * 4, first=6)
    await world.pass_slot()
    drive = world.counter_drive()

    assert (await world.running()).tally.cells == (9, 1, 0, 0)
    assert (drive.generation, set(drive.slot_keys), drive.waiting) == (1, {2}, ())
    assert world.drive().floor == 10


async def test_ten_new_people_are_counted_and_the_key_is_gone(world: World) -> None:
    """After a count nothing opens the envelopes of its slots."""
    await world.start(days=3)
    before = world.counter_drive()
    await world.crowd(*[0] * 10)
    await world.pass_slot()
    drive = world.counter_drive()

    assert set(drive.slot_keys) == {1, 2}
    assert before.slot_keys[0] not in drive.slot_keys.values()
    assert drive.k_state != before.k_state
    assert [part async for part in world.store.bundle(world.drive().drive_id, 0)] == []


async def test_later_rounds_need_ten_new_people_too(world: World) -> None:
    """Nobody is counted apart from nine others, also in a later round."""
    await world.start(days=4)
    await world.crowd(*[0] * 10)
    await world.pass_slot()
    await world.crowd(*[0] * 19)
    await world.pass_slot()

    assert world.counter_drive().generation == 1

    await world.vote(CROWD[19], 0)
    await world.pass_slot()

    assert world.counter_drive().generation == 2
    assert (await world.running()).tally.answers == 20


async def test_stricter_rules_carry_longer(world: World) -> None:
    """A poll that asks for more than ten people waits for them."""
    await world.start(poll_terms(rules=Rules(answers_min=15)), days=3)
    await world.crowd(*[0] * 14)
    await world.pass_slot()

    assert world.counter_drive().generation == 0

    await world.vote(CROWD[14], 0)
    await world.pass_slot()

    assert world.counter_drive().generation == 1


async def test_floors_rise_in_steps_at_counts_only(world: World) -> None:
    """Between counts the number does not move, and it is never exact."""
    await world.start(days=4)
    floors: list[int] = []
    for first, people in ((0, 12), (12, 7), (19, 14), (33, 1)):
        await world.crowd(*[0] * people, first=first)

        assert world.drive().floor == max(floors, default=0)

        await world.pass_slot()
        floors.append(world.drive().floor)

    assert floors == [10, 10, 30, 30]


async def test_each_count_wants_a_revision_of_the_post(world: World) -> None:
    """What the channel shows follows a count, with nothing of the answers."""
    await world.start(days=2)
    await world.crowd(*[0] * 12)
    before = {post.kind: post.wanted for post in await world.store.posts()}
    await world.pass_slot()
    after = {post.kind: post.wanted for post in await world.store.posts()}

    assert after[PostKind.DRIVE] > before[PostKind.DRIVE]
    assert set(after) == {PostKind.DRIVE}


async def test_last_round_always_counts(world: World) -> None:
    """Whoever comes last is counted, however few they are."""
    await world.start(days=2)
    await world.crowd(*[0] * 14)
    await world.pass_slot()
    await world.vote(MEI, 1)
    await world.pass_slot()
    table = await world.released()

    assert table.total == 15
    assert world.drive().state is State.PUBLISHED


async def test_under_ten_nothing_is_published(world: World) -> None:
    """Nine answers leave nothing: no table, no number, no certificate, no key."""
    await world.start(days=2)
    await world.crowd(*[0] * 9)
    drive = await world.pass_all()
    posts = {post.kind for post in await world.store.posts()}

    assert drive.state is State.CLOSED
    assert (drive.certificate, drive.floor) == (b"", 0)
    assert PostKind.CERTIFICATE not in posts
    assert not world.gate_secrets().drives
    assert not world.counter_secrets().drives
    assert [
        part
        for slot in range(2)
        async for part in world.store.bundle(drive.drive_id, slot)
    ] == []


async def test_close_destroys_all_keys(world: World) -> None:
    """After the result neither role has a key of the poll, and no count is left."""
    await world.start(days=2)
    await world.crowd(*[0] * 12)
    await world.pass_slot()
    await world.crowd(*[1] * 12, first=12)
    drive = await world.pass_all()

    assert drive.state is State.PUBLISHED
    assert not world.gate_secrets().drives
    assert not world.counter_secrets().drives
    assert await world.store.state(drive.drive_id, 1) is None
    assert not list(world.folder.inboxes.iterdir())


async def test_result_comes_from_the_rules_alone(world: World) -> None:
    """The table holds words and rounded numbers, never a small cell's count."""
    await world.start(days=1)
    await world.crowd(*[0] * 20, *[1] * 8, *[2] * 3)
    await world.pass_all()
    table = await world.released()

    assert [row.shown for row in table.rows] == ["the rest", "10", "0–4", "0–4"]
    assert table.total == 30


async def test_extension_goes_on_once(world: World) -> None:
    """A poll that may be extended goes on for as long again, with what it has."""
    await world.start(poll_terms(extend=True), days=2)
    await world.crowd(*[0] * 4)
    await world.pass_slot()
    await world.pass_slot()
    drive = world.drive()
    posts = {post.kind for post in await world.store.posts()}

    assert (drive.state, drive.extended, drive.next_slot) == (State.OPEN, True, 2)
    assert drive.schedule is not None
    assert drive.schedule.closes_at == NOON + 4 * DAY
    assert PostKind.EXTENDED in posts

    await world.crowd(*[1] * 6, first=4)
    await world.pass_all()

    assert (await world.released()).total == 10
    assert world.drive().state is State.PUBLISHED


async def test_late_counter_takes_nothing_from_an_extension(world: World) -> None:
    """An extension lasts as long as the poll did, from when it opens."""
    await world.start(poll_terms(extend=True), days=2)
    await world.crowd(*[0] * 4)
    world.counter_is_off = True
    await world.pass_slot()
    await world.pass_slot()
    world.clock.time += 5 * DAY
    late = world.clock.now()
    world.counter_is_off = False
    await world.gate.settle()
    schedule = world.drive().schedule

    assert schedule is not None
    assert (schedule.opens_at, schedule.closes_at) == (late, late + 2 * DAY)
    assert world.gate.next_due() == late + DAY

    # It stands so after a restart, and what came before is counted with it.
    await world.reopen()
    await world.crowd(*[1] * 6, first=4)
    await world.pass_all()
    await world.gate.settle()

    assert (await world.released()).total == 10
    assert world.clock.now() == late + 2 * DAY
    assert world.gate.held() == []
    await world.reopen()
    assert world.gate.held() == []


@pytest.mark.parametrize("at", range(4, 18))
async def test_extension_survives_a_death_at_any_step(tmp_path: Path, at: int) -> None:
    """A gate that dies around any step of an extension goes on with the poll."""
    world = await open_world(tmp_path / "house")
    await world.start(poll_terms(extend=True), days=1)
    await world.crowd(*[0] * 4)
    await world.close()
    fuse = Fuse(at)
    put_fuses(world, gate=fuse, counter=Fuse())

    async def through(step: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                if world._gate is None:
                    await world.open()
                await step()
                break
            except Died:
                await world.crash()

    async def settle() -> None:
        await world.gate.settle()
        await world.gate.settle()

    for day in (1, 2):
        world.clock.time = NOON + day * DAY
        await through(settle)
        if day == 1:
            await through(lambda: world.crowd(*[0] * 12, first=4))

    assert fuse.is_blown
    assert world.gate.held() == []
    assert world.drive().state is State.PUBLISHED
    assert (await world.released()).total == 15

    await world.reopen()

    assert world.gate.held() == []

    await world.close()


async def test_rewrite_that_failed_is_owed(world: World) -> None:
    """What was counted leaves the free pages too, if not now then in the next run."""
    failing = [True]

    def around(store):
        rewrite = store.rewrite

        async def maybe() -> None:
            if failing[0]:
                raise StillInUse
            rewritten.append(True)
            await rewrite()

        store.rewrite = maybe
        return store

    rewritten: list[bool] = []
    world.around_counter_store = around
    await world.start(days=3)
    await world.crowd(*[0] * 12)
    await world.pass_slot()

    assert world.counter_secrets().owes_rewrite

    failing[0] = False
    await world.count()

    assert rewritten == [True]
    assert not world.counter_secrets().owes_rewrite

    await world.count()

    assert rewritten == [True]


async def test_second_close_under_ten_is_the_end(world: World) -> None:
    """There is one extension; then a small poll closes with nothing."""
    await world.start(poll_terms(extend=True), days=1)
    await world.crowd(*[0] * 4)
    await world.pass_slot()

    assert world.drive().state is State.OPEN

    await world.pass_slot()

    assert world.drive().state is State.CLOSED
    assert not world.counter_secrets().drives


async def test_poll_with_ten_is_not_extended(world: World) -> None:
    """Ten answers are enough, whatever the terms allow."""
    await world.start(poll_terms(extend=True), days=1)
    await world.crowd(*[0] * 10)
    await world.pass_slot()

    assert world.drive().state is State.PUBLISHED


async def test_early_close_is_not_extended(world: World) -> None:
    """What organizers end stays ended, though few answered."""
    await world.start(poll_terms(extend=True), days=2)
    await world.crowd(*[0] * 4)
    world.clock.time += HOUR
    await world.gate.close_early(world.drive())
    await world.gate.settle()

    assert world.drive().state is State.CLOSED


async def test_early_close_counts_carried_slots(world: World) -> None:
    """An early close counts what earlier slots had left as well."""
    await world.start(days=5)
    await world.crowd(*[0] * 6)
    await world.pass_slot()
    await world.crowd(*[1] * 6, first=6)
    await world.gate.close_early(world.drive())
    await world.gate.settle()

    assert await world.shown() == ["top group", "top group", "0–4", "0–4"]


async def test_counter_that_runs_much_later_counts_all(world: World) -> None:
    """On a laptop that is mostly off, everything is counted at the end."""
    await world.start(days=3)
    world.counter_is_off = True
    for turn in range(3):
        await world.crowd(*[turn] * 11, first=11 * turn)
        await world.pass_slot()

    assert world.drive().state is State.CLOSING
    assert world.drive().floor == 0

    world.clock.time += 30 * DAY
    world.counter_is_off = False
    await world.gate.settle()

    assert await world.shown() == ["top group", "top group", "top group", "0–4"]


async def test_slot_that_ended_ahead_of_the_counters_clock_waits(
    world: World,
) -> None:
    """A gate whose clock runs ahead cannot make the counter count early."""
    world.counter_clock = StandingClock()
    await world.start(days=2)
    await world.crowd(*[0] * 12)
    await world.pass_slot()

    assert world.counter_drive().ended == 0

    world.counter_clock.time = NOON + DAY - 301
    await world.gate.settle()

    assert world.counter_drive().ended == 0

    world.counter_clock.time = NOON + DAY - 300
    await world.gate.settle()

    assert world.counter_drive().ended == 1
    assert world.drive().floor == 10


async def test_second_counter_finds_nothing_to_do(world: World) -> None:
    """Counting is done once for each letter, however often the counter runs."""
    await world.start(days=2)
    await world.crowd(*[0] * 12)
    await world.pass_slot()
    before = await world.running()
    keystore = world.counter_secrets().encode()

    assert [await world.count() for _ in range(3)] == [0, 0, 0]
    assert world.counter_secrets().encode() == keystore
    assert (await world.running()).tally == before.tally


async def test_counter_runs_in_a_process_of_its_own(world: World) -> None:
    """The same count comes from a process that shares only the files."""
    world.wake = lambda: count_apart(world)
    await world.reopen()
    await world.start(days=1)
    await world.crowd(*[0] * 12)
    await world.pass_all()

    assert await world.shown() == ["the rest", "0–4", "0–4", "0–4"]


async def test_older_count_is_noticed(world: World) -> None:
    """A running count from a backup is not gone on with."""
    await world.start(days=4)
    await world.crowd(*[0] * 12)
    await world.pass_slot()
    await world.close()
    old = world.folder.database.read_bytes()
    await world.open()
    await world.crowd(*[0] * 12, first=12)
    await world.pass_slot()
    await world.pass_slot()
    await world.close()
    world.folder.database.write_bytes(old)

    with pytest.raises(Tampered):
        await world.count()


async def test_counter_of_many_polls_keeps_them_apart(world: World) -> None:
    """Two polls at once have their own keys, counts and results."""
    await world.start(days=2)
    await world.start(poll_terms("supper"), days=1)
    for who in CROWD[:12]:
        await world.vote(who, 0)
        await world.gate.submit(who, world.drive("supper"), pick(3))
    await world.pass_slot()

    assert world.drive("supper").state is State.PUBLISHED
    assert set(world.counter_secrets().drives) == {world.drive().drive_id}
    assert (await world.running()).tally.cells == (12, 0, 0, 0)
