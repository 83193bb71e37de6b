"""What time does to a poll: slots, closes, drafts, and a gate that was away."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core import canonical
from bot.core.drives import State
from bot.core.errors import (
    CannotClose,
    DriveClosed,
    NothingToConfirm,
    UnknownDrive,
)
from bot.core.records import (
    DropDrive,
    DropProposal,
    MarkPosted,
    Party,
    PostKind,
    Proposal,
    ProposalKind,
    SaveDrive,
    SaveProposal,
)
from bot.core.slots import DAY, HOUR
from bot.gate.held import RETRY_SECONDS
from bot.ports import OtherVersion, Stale, StorageError, Tampered
from bot.schedule import DRAFT_SECONDS_MAX, PROPOSAL_SECONDS_MAX
from storage.database import DiskFull
from storage.keystore import KeystoreNotWritten
from tests.world import (
    AUTHOR,
    CROWD,
    MEI,
    NOON,
    SAM,
    StandingClock,
    World,
    drafted,
    open_world,
    pick,
    poll_terms,
)


async def test_poll_opens_when_its_keys_come(world: World) -> None:
    """A poll that the counter keyed is open at once, for its full length."""
    drive = await world.start(days=3)

    assert drive.state is State.OPEN
    assert drive.schedule is not None
    assert (drive.schedule.opens_at, drive.schedule.closes_at) == (NOON, NOON + 3 * DAY)
    assert drive.author == b""


async def test_poll_waits_for_a_counter_that_is_off(world: World) -> None:
    """A counter that comes a day late takes no time away from a poll."""
    world.counter_is_off = True
    drive = await world.start(days=3)

    assert drive.state is State.CONFIRMED

    world.counter_is_off = False
    world.clock.time += DAY
    await world.gate.settle()
    schedule = world.drive().schedule

    assert world.drive().state is State.OPEN
    assert schedule is not None
    assert schedule.closes_at == NOON + 4 * DAY


async def test_poll_with_a_closing_date_keeps_it(world: World) -> None:
    """Who named a date gets that date, however late the counter came."""
    world.counter_is_off = True
    await world.start(closes_at=NOON + 2 * DAY)
    world.counter_is_off = False
    world.clock.time += DAY
    await world.gate.settle()
    schedule = world.drive().schedule

    assert schedule is not None
    assert (schedule.opens_at, schedule.closes_at) == (NOON + DAY, NOON + 2 * DAY)


async def test_date_that_passed_before_the_keys_closes(world: World) -> None:
    """A poll whose date passed before the counter ran closes with nothing."""
    world.counter_is_off = True
    await world.start(closes_at=NOON + DAY)
    world.counter_is_off = False
    world.clock.time += DAY
    await world.gate.settle()

    assert world.drive().state is State.CLOSED
    assert not world.gate_secrets().drives
    assert not world.counter_secrets().drives


async def test_slots_end_in_order_after_an_absence(tmp_path: Path) -> None:
    """A gate that was down over several slots ends them all, and counts them."""
    world = await open_world(tmp_path / "house")
    await world.start(days=3.5)
    await world.crowd(*[0] * 12)
    await world.pass_slot()
    await world.crowd(*[1] * 6, first=12)
    await world.close()
    world.clock.time = NOON + 4 * DAY
    await world.open()
    await world.gate.settle()
    ends = await world.store.slot_ends(world.drive().drive_id)

    assert [end.slot for end in ends] == [0, 1, 2, 3]
    assert world.drive().state is State.PUBLISHED
    assert await world.shown() == ["the rest", "5", "0–4", "0–4"]

    await world.close()


async def test_nothing_due_changes_nothing(world: World) -> None:
    """Settling twice is settling once."""
    await world.start()
    before = world.drive()
    for _ in range(3):
        await world.gate.settle()

    assert world.drive() == before


async def test_next_due_is_the_running_slots_end(world: World) -> None:
    """The timer needs to look at the nearest slot's end alone."""
    await world.start(days=3)

    assert world.gate.next_due() == NOON + DAY

    await world.start(poll_terms("supper"), days=0.5)

    assert world.gate.next_due() == NOON + DAY / 2


async def test_early_close_ends_the_slot_at_once(world: World) -> None:
    """Two organizers end a poll: it is counted now, and the time is posted."""
    await world.start(days=3)
    await world.crowd(*[0] * 12)
    world.clock.time += HOUR
    await world.gate.close_early(world.drive())

    assert world.drive().state is State.CLOSING
    with pytest.raises(DriveClosed):
        await world.vote(MEI, 1)

    await world.gate.settle()
    posts = {post.kind for post in await world.store.posts()}

    assert world.drive().state is State.PUBLISHED
    assert world.drive().closed_early_at == NOON + HOUR
    assert PostKind.CLOSED_EARLY in posts
    assert await world.shown() == ["the rest", "0–4", "0–4", "0–4"]


async def test_early_close_loses_nothing_of_a_slot_that_began(world: World) -> None:
    """Answers of a slot that the gate had no time to begin are counted too."""
    await world.start(days=3)
    await world.crowd(*[0] * 10)
    world.clock.time = NOON + DAY + 1
    await world.crowd(*[1] * 10, first=10)
    await world.gate.close_early(world.drive())
    await world.gate.settle()

    assert (await world.released()).total == 20


async def test_early_close_loses_nothing_to_a_clock_set_back(world: World) -> None:
    """Answers that a wrong clock put into a later slot are counted too."""
    await world.start(days=4)
    await world.crowd(*[0] * 10)
    world.clock.time = NOON + 2 * DAY + 1
    await world.crowd(*[1] * 10, first=10)
    world.clock.time = NOON + HOUR
    await world.gate.close_early(world.drive())
    await world.gate.settle()

    assert (await world.released()).total == 20


async def test_early_close_counts_answers_that_arrive_meanwhile(world: World) -> None:
    """Each answer beside an early close is counted or refused, never lost."""
    await world.start(days=3)
    await world.crowd(*[0] * 10)

    async def late(number: int) -> bool:
        await asyncio.sleep(number / 2000)
        try:
            await world.vote(CROWD[10 + number], 1)
        except DriveClosed:
            return False
        return True

    taken, _ = await asyncio.gather(
        asyncio.gather(*map(late, range(30))), world.gate.close_early(world.drive())
    )
    world.counter_is_off = True
    bundle = b"".join(
        [part async for part in world.store.bundle(world.drive().drive_id, 0)]
    )
    world.counter_is_off = False
    await world.gate.settle()

    assert bundle
    assert (await world.released()).total == (10 + sum(taken)) // 5 * 5


async def test_poll_that_is_not_open_cannot_be_closed(world: World) -> None:
    """A second close, and a close of a draft, change nothing."""
    draft = await world.draft(drafted(poll_terms("supper")))
    await world.start()
    await world.gate.close_early(world.drive())

    for drive in (world.drive(), draft):
        with pytest.raises(CannotClose):
            await world.gate.close_early(drive)


@pytest.mark.parametrize("days", [0.5, 2])
async def test_early_close_and_its_proposal_are_one_commit(
    world: World, days: float
) -> None:
    """If the proposal was withdrawn meanwhile, the poll goes on as if not asked."""
    await world.start(days=days)
    await world.crowd(*[0] * 10)
    with pytest.raises(Stale):
        await world.gate.close_early(
            world.drive(), [DropProposal(proposal_id="withdrawn")]
        )
    await world.crowd(*[1] * 10, first=10)

    assert world.drive().state is State.OPEN

    await world.pass_all()

    assert (await world.released()).total == 20


async def test_draft_expires(world: World) -> None:
    """What nobody confirmed in a week is dropped."""
    await world.draft(drafted(poll_terms()))
    world.clock.time += DRAFT_SECONDS_MAX - 1
    await world.gate.settle()

    assert world.gate.drive("lunch") is not None
    assert world.gate.next_due() == NOON + DRAFT_SECONDS_MAX

    world.clock.time += 1
    await world.gate.settle()

    assert world.gate.drive("lunch") is None
    assert await world.store.drives() == []


async def test_proposal_expires(world: World) -> None:
    """What nobody confirmed in a week is dropped, a close too."""
    drive = await world.start(days=30)
    proposal = Proposal(
        proposal_id="p1",
        kind=ProposalKind.CLOSE,
        target=drive.drive_id,
        author=AUTHOR,
        expires_at=NOON + PROPOSAL_SECONDS_MAX,
    )
    await world.gate.commit([SaveProposal(proposal=proposal)])
    world.clock.time += PROPOSAL_SECONDS_MAX - 1
    await world.gate.settle()

    assert await world.store.proposals() == [proposal]

    world.clock.time += 1
    await world.gate.settle()

    assert await world.store.proposals() == []


async def test_poll_that_started_cannot_start_again(world: World) -> None:
    """Two organizers who confirm at once start one poll."""
    draft = await world.draft(drafted(poll_terms()))
    await world.gate.begin(draft)

    with pytest.raises(NothingToConfirm):
        await world.gate.begin(draft)
    with pytest.raises(NothingToConfirm):
        await world.gate.begin(drafted(poll_terms("supper")))


async def test_newest_poll_of_a_name_is_meant(world: World) -> None:
    """A name that was used before means the newest poll, in any case of letters."""
    old = replace(drafted(poll_terms(), now=NOON), drafted_at=NOON - DAY)
    await world.draft(old)
    new = await world.draft(drafted(poll_terms("Lunch")))

    assert world.gate.drive("LUNCH") == new


async def test_certificate_exists_only_when_published(world: World) -> None:
    """A poll without a result has no file."""
    await world.start()

    with pytest.raises(UnknownDrive):
        await world.gate.file_of(world.drive())


async def test_manifest_says_the_terms(world: World) -> None:
    """What DS signed is what the organizers agreed to."""
    await world.start()

    assert world.manifest().terms == poll_terms()
    assert world.manifest().drive_id == world.drive().drive_id


async def test_inbox_of_an_ended_slot_is_gone(world: World) -> None:
    """A slot's file is removed once its bundle is in the store."""
    await world.start(days=2)
    await world.vote(MEI, 0)
    drive_id = world.drive().drive_id

    assert [path.name for path in world.folder.inboxes.glob("*.db")] == [
        f"{drive_id.hex()}-0.db"
    ]

    await world.pass_slot()

    assert [path.name for path in world.folder.inboxes.glob("*.db")] == [
        f"{drive_id.hex()}-1.db"
    ]


async def test_bundle_is_sorted_and_hides_the_number(world: World) -> None:
    """An ended slot is whole blocks of envelopes in the order of their hashes."""
    world_drive = await world.start(days=2)
    await world.crowd(*[0] * 7)
    await world.pass_slot()
    (end,) = await world.store.slot_ends(world_drive.drive_id)
    hashes = await world.store.board_hashes(world_drive.drive_id, 0)
    entries = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]

    assert end.size == len(entries) == 256
    assert entries == sorted(set(entries))


async def test_restart_takes_new_numbers(world: World) -> None:
    """The order of answers goes on across a restart, so that the last one counts."""
    await world.start(days=1)
    await world.crowd(*[0] * 12)
    await world.vote(MEI, 1)
    for option in (2, 3):
        await world.crash()
        await world.open()
        await world.vote(MEI, option)
    await world.pass_all()
    await world.reopen()

    assert (await world.released()).total == 10
    assert world.gate_secrets().seq_reserved >= 3 * 2**16


async def test_gate_restarts_twice_after_a_crash_while_reading(
    tmp_path: Path,
) -> None:
    """A crash between a letter's effect and the keystore is made good for ever."""

    class Dies(BaseException):
        """The process ends here."""

    armed = [False]

    def dying(keystore):
        replace_inner = keystore.replace

        class Keystore:
            content = keystore.content

            def replace(self, content: bytes) -> None:
                if armed[0]:
                    raise Dies
                replace_inner(content)

        return Keystore()

    world = await open_world(tmp_path / "house", around_gate_keystore=dying)
    await world.start(days=2)
    await world.crowd(*[0] * 12)
    world.clock.time += DAY
    await world.gate.settle()
    world.clock.time += DAY
    world.counter_is_off = True
    await world.gate.settle()
    await world.count()
    armed[0] = True
    with pytest.raises(Dies):
        await world.gate.settle()
    await world.crash()
    armed[0] = False
    for _ in range(3):
        await world.open()
        await world.close()
    await world.open()
    await world.gate.settle()

    assert world.drive().state is State.PUBLISHED

    await world.close()


@pytest.mark.parametrize("when", ["start", "slot", "close"])
async def test_keystore_that_fails_once_stops_nothing(
    tmp_path: Path, when: str
) -> None:
    """A full disk of the moment keeps no slot from ending later."""
    left = [10**6]

    def failing(keystore):
        replace_inner = keystore.replace

        class Keystore:
            content = keystore.content

            def replace(self, content: bytes) -> None:
                left[0] -= 1
                if left[0] == 0:
                    raise KeystoreNotWritten
                replace_inner(content)

        return Keystore()

    world = await open_world(tmp_path / "house", around_gate_keystore=failing)
    draft = await world.draft(drafted(poll_terms(), days=2))
    if when == "start":
        # The first makes the keys, the second marks the letter as sent.
        left[0] = 2
        with pytest.raises(StorageError):
            await world.gate.begin(draft)
        with pytest.raises(NothingToConfirm):
            await world.gate.begin(draft)
    else:
        await world.gate.begin(draft)
    await world.gate.settle()
    await world.crowd(*[0] * 12)
    world.clock.time = NOON + (1 if when == "slot" else 2) * DAY
    if when != "start":
        left[0] = 1
        await world.gate.settle()
    await world.gate.settle()
    await world.crash()
    await world.open()
    await world.pass_all()

    assert await world.shown() == ["the rest", "0–4", "0–4", "0–4"]

    await world.close()


async def test_store_that_fails_once_stops_nothing(tmp_path: Path) -> None:
    """A slot whose commit failed is ended again, with all of its answers."""
    left = [10**6]

    def failing(store):
        commit = store.commit

        async def maybe(changes):
            left[0] -= 1
            if left[0] == 0:
                raise DiskFull
            await commit(changes)

        store.commit = maybe
        return store

    world = await open_world(tmp_path / "house", around_gate_store=failing)
    await world.start(days=2)
    await world.crowd(*[0] * 12)
    world.clock.time += DAY
    left[0] = 1
    await world.gate.settle()

    assert world.gate.next_due() == world.clock.now() + RETRY_SECONDS

    await world.vote(MEI, 0)
    await world.gate.settle()

    assert (await world.running()).tally.cells == (12, 0, 0, 0)

    await world.crowd(*[0] * 7, first=20)
    await world.pass_all()

    assert (await world.released()).total == 20

    await world.close()


async def test_keys_of_a_poll_that_never_started_are_destroyed(world: World) -> None:
    """A crash while a poll starts leaves no keys behind for good."""
    draft = await world.draft(drafted(poll_terms()))
    world.gate._vault.make_keys(draft.drive_id)
    await world.reopen()

    assert not world.gate_secrets().drives


async def test_older_database_is_noticed(tmp_path: Path) -> None:
    """A database from a backup does not run with today's keystore."""
    world = await open_world(tmp_path / "house")
    await world.start(days=2)
    await world.close()
    old = world.folder.database.read_bytes()
    await world.open()
    await world.crowd(*[0] * 12)
    await world.pass_slot()
    await world.close()
    world.folder.database.write_bytes(old)

    with pytest.raises(Tampered):
        await world.open()


async def test_lost_keystore_is_not_replaced(tmp_path: Path) -> None:
    """A gate without a poll's keys stops, rather than count people twice."""
    world = await open_world(tmp_path / "house")
    keystore = world.folder.keystore(Party.GATE)
    old = keystore.read_bytes()
    await world.start(days=2)
    await world.close()
    keystore.write_bytes(old)

    with pytest.raises(Tampered):
        await world.open()


@pytest.mark.parametrize("role", list(Party))
async def test_keys_of_another_version_are_told_as_such(
    tmp_path: Path, role: Party
) -> None:
    """Whoever starts another version reads what to do, and nothing is changed."""
    world = await open_world(tmp_path / "house")
    await world.start(days=2)
    if role is Party.GATE:
        await world.close()
    keystore = world.keystore(role)
    others = canonical.decode(keystore.content)
    assert isinstance(others, dict)
    keystore.replace(canonical.encode(others | {"later": 1}))
    before = world.folder.keystore(role).read_bytes()

    with pytest.raises(OtherVersion, match="another version"):
        await (world.open() if role is Party.GATE else world.count())
    assert world.folder.keystore(role).read_bytes() == before
    if role is Party.COUNTER:
        await world.close()


async def test_two_polls_do_not_share_people(world: World) -> None:
    """Who answered one poll is a stranger in the other."""
    await world.start(days=1)
    await world.start(poll_terms("supper"), days=1)
    await world.crowd(*[0] * 12)
    await asyncio.gather(
        *(world.gate.submit(who, world.drive("supper"), pick(1)) for who in CROWD[6:18])
    )
    await world.pass_all()

    assert await world.shown() == ["the rest", "0–4", "0–4", "0–4"]
    assert await world.shown("supper") == ["0–4", "the rest", "0–4", "0–4"]


async def test_commit_of_the_desk_is_remembered(world: World) -> None:
    """What the organizers' side writes is what the gate shows."""
    draft = await world.draft(drafted(poll_terms()))
    asked = replace(draft, state=State.AWAITING)
    await world.gate.commit([SaveDrive(drive=asked)])

    assert world.gate.drives() == [asked]
    assert world.gate.organizer_tag(MEI) != world.gate.organizer_tag(SAM)


async def test_what_has_started_is_no_draft_any_more(world: World) -> None:
    """Whoever read it before it started neither drops it nor writes over it."""
    draft = await world.draft(drafted(poll_terms()))
    await world.gate.begin(draft)
    await world.gate.settle()
    for change in (SaveDrive(drive=draft), DropDrive(drive_id=draft.drive_id)):
        with pytest.raises(Stale):
            await world.gate.commit([change])

    assert world.drive().state is State.OPEN


@pytest.mark.parametrize("what", ["a draft", "a start"])
async def test_cancelled_commit_is_whole(tmp_path: Path, what: str) -> None:
    """Whoever stops waiting leaves the store, the gate and its keystore as one."""
    begun, going = asyncio.Event(), asyncio.Event()

    def slow(store):
        commit = store.commit

        async def slowly(changes):
            await commit(changes)
            begun.set()
            await going.wait()

        store.commit = slowly
        return store

    world = await open_world(tmp_path / "house", around_gate_store=slow)
    draft = drafted(poll_terms())
    if what == "a start":
        going.set()
        await world.draft(draft)
        going.clear()
        begun.clear()
        work = world.gate.begin(draft)
    else:
        work = world.gate.commit([SaveDrive(drive=draft)])
    task = asyncio.create_task(work)
    await begun.wait()
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
    going.set()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert world.gate.drives() == await world.store.drives()
    assert world.drive().state is (
        State.CONFIRMED if what == "a start" else State.DRAFT
    )
    assert world.gate_secrets().sent == (what == "a start")

    await world.close()


async def test_close_at_the_closing_time_is_no_early_close(world: World) -> None:
    """A poll that has ended by itself goes on by its terms, whoever asks late."""
    await world.start(poll_terms(extend=True), days=1)
    await world.crowd(*[0] * 4)
    world.clock.time = NOON + DAY
    with pytest.raises(CannotClose):
        await world.gate.close_early(world.drive())
    await world.gate.settle()

    assert world.drive().extended
    assert not world.drive().closed_early_at


async def test_early_close_that_takes_long_extends_nothing(tmp_path: Path) -> None:
    """What organizers ended in the last second stays ended, however slow the disk."""

    class Running(StandingClock):
        """Time that passes with every look at it, once it is let go."""

        step = 0

        def now(self) -> int:
            """Return the time, which is later the next time."""
            self.time += self.step
            return self.time

    clock = Running()
    world = await open_world(tmp_path / "house", clock=clock)
    await world.start(poll_terms(extend=True), days=1)
    await world.crowd(*[0] * 4)
    clock.time, clock.step = NOON + DAY - 3, 2
    await world.gate.close_early(world.drive())
    clock.step = 0
    await world.gate.settle()

    assert clock.time >= NOON + DAY
    assert world.drive().state is State.CLOSED
    assert not world.drive().extended

    await world.close()


async def test_post_is_revised_at_each_slots_end_alike(world: World) -> None:
    """A slot in which nobody answered and one that was counted look the same."""
    drive = await world.start(days=4)
    revised: list[bool] = []
    for people in (0, 12, 3):
        for post in await world.store.posts():
            await world.gate.commit(
                [
                    MarkPosted(
                        drive_id=drive.drive_id,
                        kind=post.kind,
                        place=post.place,
                        shown=post.wanted,
                        reference="m",
                    )
                ]
            )
        await world.crowd(*[0] * people)
        await world.pass_slot()
        kinds = [post.kind for post in await world.store.posts()]
        revised.append(kinds == [PostKind.DRIVE])

    assert revised == [True, True, True]


async def test_failed_start_keeps_its_keys(tmp_path: Path) -> None:
    """The counter may have had the keys of a start that failed: they are used again."""
    fails = [False]

    def failing(store):
        commit = store.commit

        async def maybe(changes):
            if fails[0]:
                raise DiskFull
            await commit(changes)

        store.commit = maybe
        return store

    world = await open_world(tmp_path / "house", around_gate_store=failing)
    draft = await world.draft(drafted(poll_terms()))
    fails[0] = True
    with pytest.raises(DiskFull):
        await world.gate.begin(draft)
    fails[0] = False
    made = world.gate_secrets().drives[draft.drive_id]
    await world.gate.begin(draft)
    used = world.gate_secrets().drives[draft.drive_id]

    assert (used.k_gate, used.k_mac, used.k_inbox) == (
        made.k_gate,
        made.k_mac,
        made.k_inbox,
    )
    assert (made.state, used.state) == (None, State.CONFIRMED)

    await world.close()
