"""What every Store promises, on the real file: reads, writes, faults, and no traces."""

import asyncio
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot import log
from bot.core.drives import State
from bot.core.manifest import DriveId
from bot.core.records import (
    BoxTables,
    CaseRow,
    Change,
    Drive,
    DropBundle,
    DropCase,
    DropDrive,
    DropInvite,
    DropMail,
    DropOrganizer,
    DropProposal,
    DropStates,
    Invite,
    Mail,
    MarkPosted,
    Organizer,
    OrganizerTag,
    Party,
    Post,
    PostKind,
    Proposal,
    ProposalKind,
    Role,
    SaveBundle,
    SaveCase,
    SaveDrive,
    SaveInvite,
    SaveMail,
    SaveOrganizer,
    SaveProposal,
    SaveSlotKeys,
    SaveState,
    SaveTables,
    SetCursor,
    SlotEnd,
    SlotKey,
    WantPost,
)
from bot.core.released import FEW, ReleasedRow, ReleasedTable
from bot.core.reports import CaseId
from bot.core.slots import DAY, Schedule
from bot.core.tallies import Choice
from bot.core.terms import PollTerms
from bot.ports import Stale
from storage import database
from storage import store as store_module
from storage.database import (
    Busy,
    Contradiction,
    Damaged,
    DatabaseExists,
    DiskFull,
    Failed,
    NoDatabase,
    NoSuchSlot,
    NotWritable,
    StillInUse,
    UnknownDatabase,
    database_faults,
)
from storage.store import SqlStore, create_store, open_store
from storage.writes import write

NOON = 1_935_403_200
LUNCH = DriveId(b"lunch".ljust(16, b"."))
ROTA = DriveId(b"rota".ljust(16, b"."))
ANNA = OrganizerTag(b"a" * 32)
BORIS = OrganizerTag(b"b" * 32)
CANARY = "canary-7f3a91c2"

LUNCH_TERMS = PollTerms(
    name="lunch",
    question="Où déjeuner ?",
    choice=Choice.SINGLE,
    options=("Yes", "No", "Unsure"),
    place="C1",
    audience=30,
)


def poll(drive_id: DriveId = LUNCH, **values) -> Drive:
    """Return a drive that Anna drafted at noon."""
    drafted = {
        "state": State.DRAFT,
        "terms": LUNCH_TERMS,
        "author": ANNA,
        "drafted_at": NOON,
    }
    return Drive(drive_id=drive_id, **{**drafted, **values})


def letter(reader: Party, number: int, box: bytes = b"sealed") -> SaveMail:
    """Return the saving of a numbered message."""
    mail = Mail(reader=reader, number=number, box=box, signature=b"s" * 64)
    return SaveMail(mail=mail)


def ended(slot: int, *chunks: bytes, drive_id: DriveId = LUNCH) -> SaveBundle:
    """Return the saving of an ended slot."""
    end = SlotEnd(drive_id=drive_id, slot=slot, size=len(chunks), root=b"r" * 32)
    return SaveBundle(slot_end=end, chunks=chunks, hashes=b"h" * 32 * len(chunks))


def proposal(proposal_id: str, author: OrganizerTag = ANNA) -> Proposal:
    """Return the proposal to close the lunch poll."""
    return Proposal(
        proposal_id=proposal_id,
        kind=ProposalKind.CLOSE,
        target=LUNCH,
        author=author,
        expires_at=NOON + DAY,
    )


def invite(name: str) -> Invite:
    """Return an invite whose digest begins with a name."""
    digest = name.encode().ljust(32, b".")
    return Invite(digest=digest, role=Role.ORGANIZER, expires_at=NOON + DAY)


def organizer(tag: OrganizerTag, label: str) -> SaveOrganizer:
    """Return the saving of an organizer."""
    return SaveOrganizer(organizer=Organizer(tag=tag, role=Role.LEAD, label=label))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the test's database stands."""
    return tmp_path / "roundrobin.db"


@pytest.fixture
async def store(place: Path) -> AsyncIterator[SqlStore]:
    """A new store."""
    new = await create_store(place)
    yield new
    await new.close()


@pytest.fixture
async def other(store: SqlStore, place: Path) -> AsyncIterator[SqlStore]:
    """Another store on the same database, as the other role has it."""
    another = await open_store(place)
    yield another
    await another.close()


# --- reads and writes -----------------------------------------------------------------


def test_every_change_has_its_function() -> None:
    """No change is left that the store would not know how to write."""
    assert set(get_args(Change)) == set(write.registry) - {object}


async def test_new_store_is_empty(store: SqlStore) -> None:
    """Nothing is in a new database, and asking for it is no mistake."""
    assert await store.drives() == []
    assert await store.slot_keys(LUNCH) == []
    assert await store.mail(Party.GATE, 0) == []
    assert await store.last_mail(Party.GATE) is None
    assert await store.cursor(Party.GATE) == 0
    assert await store.slot_ends(LUNCH) == []
    assert [chunk async for chunk in store.bundle(LUNCH, 0)] == []
    assert await store.state(LUNCH, 0) is None
    assert await store.organizers() == []
    assert await store.invite(b"i" * 32) is None
    assert await store.proposals() == []
    assert await store.posts() == []


async def test_nothing_to_write_is_written(store: SqlStore) -> None:
    """A commit without changes does nothing and succeeds."""
    await store.commit([])

    assert await store.drives() == []


async def test_draft_returns_as_it_was_saved(store: SqlStore) -> None:
    """A draft has no schedule yet, and its terms keep every letter."""
    await store.commit([SaveDrive(drive=poll(length=DAY))])

    assert await store.drives() == [poll(length=DAY)]


async def test_open_drive_returns_as_it_was_saved(store: SqlStore) -> None:
    """A drive keeps its schedule, its manifest and all that was counted."""
    schedule = Schedule(
        opens_at=NOON, closes_at=NOON + DAY, slot_seconds=3600, first_slot=7
    )
    running = poll(
        state=State.OPEN,
        author=OrganizerTag(b""),
        schedule=schedule,
        closes_at=NOON + DAY,
        next_slot=9,
        floor=20,
        extended=True,
        closed_early_at=NOON + 5,
        manifest=b"{}",
        signature=b"s" * 64,
        certificate=b"c",
    )
    await store.commit([SaveDrive(drive=poll()), SaveDrive(drive=running)])

    assert await store.drives() == [running]


async def test_drives_come_by_the_time_they_were_drafted(store: SqlStore) -> None:
    """The list of drives has the order of drafting, whatever their ids are."""
    later, earlier = poll(LUNCH, drafted_at=NOON + 1), poll(ROTA)
    await store.commit([SaveDrive(drive=later), SaveDrive(drive=earlier)])

    assert await store.drives() == [earlier, later]


async def test_dropped_drive_is_gone(store: SqlStore) -> None:
    """Dropping removes the drive that is meant, and no other."""
    await store.commit([SaveDrive(drive=poll(LUNCH)), SaveDrive(drive=poll(ROTA))])
    await store.commit([DropDrive(drive_id=LUNCH)])

    assert await store.drives() == [poll(ROTA)]


async def test_slot_keys_come_in_slot_order(store: SqlStore) -> None:
    """A drive's keys come by slot, without those of another drive."""
    keys = [
        SlotKey(drive_id=LUNCH, slot=n, public=bytes([n]) * 32, signature=b"s" * 64)
        for n in range(12)
    ]
    foreign = SlotKey(drive_id=ROTA, slot=1, public=b"p" * 32, signature=b"s" * 64)
    await store.commit([SaveSlotKeys(keys=(*reversed(keys), foreign))])

    assert await store.slot_keys(LUNCH) == keys


async def test_no_slot_keys_are_no_row(store: SqlStore) -> None:
    """Saving an empty list of keys saves nothing."""
    await store.commit([SaveSlotKeys(keys=())])

    assert await store.slot_keys(LUNCH) == []


async def test_mail_comes_in_order_to_its_reader(store: SqlStore) -> None:
    """A reader gets what is new to them, in order; the other's mail stays apart."""
    numbers = (3, 1, 10, 2)
    await store.commit([letter(Party.GATE, n) for n in numbers])
    await store.commit([letter(Party.COUNTER, 4)])

    assert [m.number for m in await store.mail(Party.GATE, 1)] == [2, 3, 10]
    assert [m.number for m in await store.mail(Party.COUNTER, 0)] == [4]
    assert await store.last_mail(Party.GATE) == letter(Party.GATE, 10).mail


async def test_mail_is_dropped_up_to_a_number(store: SqlStore) -> None:
    """What was acted on goes, what came after it and the other's mail stay."""
    await store.commit([letter(Party.GATE, n) for n in (1, 2, 3)])
    await store.commit(
        [letter(Party.COUNTER, 1), DropMail(reader=Party.GATE, number=2)]
    )

    assert [m.number for m in await store.mail(Party.GATE, 0)] == [3]
    assert [m.number for m in await store.mail(Party.COUNTER, 0)] == [1]


async def test_second_message_with_a_number_is_a_bug(store: SqlStore) -> None:
    """A number is used once: the message that has it stays as it is."""
    await store.commit([letter(Party.GATE, 1, b"first")])

    with pytest.raises(Contradiction):
        await store.commit([letter(Party.GATE, 1, b"second")])
    assert await store.last_mail(Party.GATE) == letter(Party.GATE, 1, b"first").mail


async def test_cursors_are_kept_for_each_reader(store: SqlStore) -> None:
    """Each role's place in its mail is its own."""
    await store.commit([SetCursor(reader=Party.GATE, number=1)])
    await store.commit([SetCursor(reader=Party.GATE, number=4)])

    assert await store.cursor(Party.GATE) == 4
    assert await store.cursor(Party.COUNTER) == 0


async def test_bundle_is_read_in_its_order(store: SqlStore) -> None:
    """The chunks of an ended slot come as they were given, beyond nine of them too."""
    chunks = [bytes([n]) * 304 for n in range(12)]
    await store.commit([ended(0, *chunks), ended(1, b"other"), ended(2)])

    assert [chunk async for chunk in store.bundle(LUNCH, 0)] == chunks
    assert await store.board_hashes(LUNCH, 0) == b"h" * 32 * 12
    assert [end.slot for end in await store.slot_ends(LUNCH)] == [0, 1, 2]


async def test_bundle_leaves_and_the_board_stays(store: SqlStore) -> None:
    """After the count the envelopes go; what the board says of them does not."""
    await store.commit([ended(0, b"a", b"b"), ended(1, b"c")])
    await store.commit([DropBundle(drive_id=LUNCH, slot=0)])

    assert [chunk async for chunk in store.bundle(LUNCH, 0)] == []
    assert [chunk async for chunk in store.bundle(LUNCH, 1)] == [b"c"]
    assert [end.size for end in await store.slot_ends(LUNCH)] == [2, 1]
    assert await store.board_hashes(LUNCH, 0) == b"h" * 64


async def test_slot_ends_once(store: SqlStore) -> None:
    """A slot that has ended cannot end again with other envelopes."""
    await store.commit([ended(0, b"a")])

    with pytest.raises(Contradiction):
        await store.commit([ended(0, b"b")])
    assert [chunk async for chunk in store.bundle(LUNCH, 0)] == [b"a"]


async def test_board_of_an_unknown_slot_is_a_fault(store: SqlStore) -> None:
    """No hashes at all would look like an empty slot, which there is none of."""
    with pytest.raises(NoSuchSlot):
        await store.board_hashes(LUNCH, 0)


async def test_slow_reader_of_a_bundle_holds_up_nobody(
    store: SqlStore, other: SqlStore, place: Path
) -> None:
    """Between two chunks others write, and the log is emptied all the same."""
    await store.commit([ended(0, b"a" * 5000, b"b" * 5000)])
    chunks = other.bundle(LUNCH, 0)
    first = await anext(chunks)
    await store.commit([SetCursor(reader=Party.GATE, number=1)])

    assert place.with_name(place.name + "-wal").stat().st_size == 0
    assert [first] + [chunk async for chunk in chunks] == [b"a" * 5000, b"b" * 5000]


async def test_states_are_kept_by_generation(store: SqlStore) -> None:
    """One generation of a running count is kept, the others go."""
    for n in range(3):
        box = bytes([n])
        await store.commit([SaveState(drive_id=LUNCH, generation=n, box=box)])
    await store.commit([SaveState(drive_id=ROTA, generation=0, box=b"rota")])
    await store.commit([DropStates(drive_id=LUNCH, keep=1)])

    kept = [await store.state(LUNCH, n) for n in range(3)]
    assert kept == [None, b"\x01", None]
    assert await store.state(ROTA, 0) == b"rota"


async def test_no_state_is_kept_after_the_close(store: SqlStore) -> None:
    """Without a generation to keep all of a drive's states go."""
    await store.commit([SaveState(drive_id=LUNCH, generation=0, box=b"x")])
    await store.commit([DropStates(drive_id=LUNCH)])

    assert await store.state(LUNCH, 0) is None


async def test_state_of_a_crashed_count_is_replaced(store: SqlStore) -> None:
    """A count that ended before its keystore was written is made once more."""
    await store.commit([SaveState(drive_id=LUNCH, generation=1, box=b"crashed")])
    await store.commit([SaveState(drive_id=LUNCH, generation=1, box=b"again")])

    assert await store.state(LUNCH, 1) == b"again"


async def test_organizers_come_by_label(store: SqlStore) -> None:
    """The list has the order of labels, and a saved organizer replaces themselves."""
    await store.commit([organizer(ANNA, "Organizer 2"), organizer(BORIS, "Old")])
    await store.commit([organizer(BORIS, "Organizer 1")])

    labels = [(each.tag, each.label) for each in await store.organizers()]
    assert labels == [(BORIS, "Organizer 1"), (ANNA, "Organizer 2")]


async def test_what_waits_in_the_name_of_an_organizer_goes_with_them(
    store: SqlStore,
) -> None:
    """Proposals and drafts of a removed organizer cannot be confirmed any more."""
    started = poll(ROTA, state=State.OPEN, author=OrganizerTag(b""))
    await store.commit(
        [
            organizer(ANNA, "Anna"),
            organizer(BORIS, "Boris"),
            SaveProposal(proposal=proposal("hers")),
            SaveProposal(proposal=proposal("his", BORIS)),
            SaveDrive(drive=poll(LUNCH, state=State.AWAITING)),
            SaveDrive(drive=started),
        ]
    )
    await store.commit([DropOrganizer(tag=ANNA)])

    assert [each.tag for each in await store.organizers()] == [BORIS]
    assert await store.proposals() == [proposal("his", BORIS)]
    assert await store.drives() == [started]


async def test_invite_is_found_by_its_digest(store: SqlStore) -> None:
    """An invite is found by the digest of its code and by nothing else."""
    await store.commit([SaveInvite(invite=invite("a")), SaveInvite(invite=invite("b"))])

    assert await store.invite(invite("b").digest) == invite("b")
    assert await store.invite(invite("c").digest) is None


async def test_invite_is_taken_once(store: SqlStore) -> None:
    """The second use of a code fails, and what it would have given is not given."""
    await store.commit([SaveInvite(invite=invite("a"))])
    take = DropInvite(digest=invite("a").digest)
    await store.commit([take, organizer(ANNA, "Anna")])

    with pytest.raises(Stale):
        await store.commit([organizer(BORIS, "Boris"), take])
    assert [each.label for each in await store.organizers()] == ["Anna"]


async def test_invites_go_with_any_organizer(store: SqlStore) -> None:
    """Nobody who was removed comes back by an invite of their own making."""
    await store.commit([organizer(ANNA, "Anna"), SaveInvite(invite=invite("a"))])
    await store.commit([DropOrganizer(tag=ANNA)])

    assert await store.invite(invite("a").digest) is None


async def test_proposal_is_confirmed_once(store: SqlStore) -> None:
    """Of two confirmations of one proposal the second finds it gone."""
    await store.commit([SaveProposal(proposal=proposal("p"))])

    assert await store.proposals() == [proposal("p")]

    await store.commit([DropProposal(proposal_id="p")])
    with pytest.raises(Stale):
        await store.commit([DropProposal(proposal_id="p")])
    assert await store.proposals() == []


async def test_proposal_is_not_taken_over(store: SqlStore) -> None:
    """Nobody can put another author under a proposal and confirm their own."""
    await store.commit([SaveProposal(proposal=proposal("p"))])

    with pytest.raises(Contradiction):
        await store.commit([SaveProposal(proposal=proposal("p", BORIS))])
    assert await store.proposals() == [proposal("p")]


async def test_post_waits_until_it_is_shown(store: SqlStore) -> None:
    """A post waits; shown, it does not; wanted again, it waits with its reference."""
    want = WantPost(drive_id=LUNCH, kind=PostKind.DRIVE, place="general")
    await store.commit([want])

    assert await store.posts() == [
        Post(drive_id=LUNCH, kind=PostKind.DRIVE, place="general")
    ]

    shown = MarkPosted(
        drive_id=LUNCH, kind=PostKind.DRIVE, place="general", shown=1, reference="m1"
    )
    await store.commit([shown])
    assert await store.posts() == []

    await store.commit([want])
    revised = Post(
        drive_id=LUNCH,
        kind=PostKind.DRIVE,
        place="general",
        wanted=2,
        shown=1,
        reference="m1",
    )
    assert await store.posts() == [revised]


async def test_posts_come_oldest_first(store: SqlStore) -> None:
    """A post that waits keeps its turn; one that was shown takes a new one."""
    drive, result = PostKind.DRIVE, PostKind.RESULT
    await store.commit([WantPost(drive_id=ROTA, kind=drive, place="general")])
    await store.commit([WantPost(drive_id=LUNCH, kind=result, place="general")])
    await store.commit([WantPost(drive_id=LUNCH, kind=drive, place="general")])
    await store.commit([WantPost(drive_id=LUNCH, kind=result, place="general")])
    waiting = [(each.drive_id, each.kind) for each in await store.posts()]

    assert waiting == [(ROTA, drive), (LUNCH, result), (LUNCH, drive)]

    await store.commit(
        [
            MarkPosted(
                drive_id=ROTA, kind=drive, place="general", shown=1, reference="m1"
            ),
            WantPost(drive_id=ROTA, kind=drive, place="general"),
        ]
    )
    waiting = [(each.drive_id, each.kind) for each in await store.posts()]
    assert waiting == [(LUNCH, result), (LUNCH, drive), (ROTA, drive)]


async def test_unwanted_post_is_not_marked(store: SqlStore) -> None:
    """What nobody asked to be posted cannot have been posted."""
    mark = MarkPosted(
        drive_id=LUNCH, kind=PostKind.DRIVE, place="general", shown=1, reference="m"
    )

    with pytest.raises(Stale):
        await store.commit([mark])


# --- all or nothing -------------------------------------------------------------------


async def test_failure_in_the_middle_leaves_nothing(store: SqlStore) -> None:
    """Neither what stands before the failing change nor what comes after is written."""
    with pytest.raises(Stale):
        await store.commit(
            [
                SaveDrive(drive=poll()),
                letter(Party.GATE, 1),
                DropInvite(digest=b"i" * 32),
                ended(0, b"a"),
            ]
        )

    assert await store.drives() == []
    assert await store.mail(Party.GATE, 0) == []
    assert await store.slot_ends(LUNCH) == []


async def test_cancelled_commit_is_whole_or_absent(store: SqlStore) -> None:
    """A commit that is cancelled leaves all of itself or nothing, and no lock."""
    for n in range(1, 21):
        commit = asyncio.ensure_future(
            store.commit([letter(Party.GATE, n), letter(Party.COUNTER, n)])
        )
        await asyncio.sleep(n / 10_000)
        commit.cancel()
        await asyncio.wait([commit])
    await store.commit([letter(Party.GATE, 100), letter(Party.COUNTER, 100)])

    to_gate = [m.number for m in await store.mail(Party.GATE, 0)]
    assert to_gate == [m.number for m in await store.mail(Party.COUNTER, 0)]
    assert to_gate[-1] == 100


WRITER = """
import asyncio, sys
from storage.store import open_store
from bot.core.records import Mail, Party, SaveMail, SetCursor

async def main(place, first, step):
    store = await open_store(place)
    for n in range(first, 10_000, step):
        changes = [SetCursor(reader=Party.GATE, number=n)]
        for reader in Party:
            mail = Mail(reader=reader, number=n, box=b"x" * 9000, signature=b"s")
            changes.append(SaveMail(mail=mail))
        await store.commit(changes)
        print(n, flush=True)

asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
"""


def writer(place: Path, first: int, step: int) -> "subprocess.Popen[str]":
    """Start a process that commits pairs of messages and prints their number."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(place), str(first), str(step)],
        stdout=subprocess.PIPE,
        text=True,
    )


def read_numbers(process: "subprocess.Popen[str]", count: int) -> list[int]:
    """Return the next numbers that a writer acknowledges."""
    assert process.stdout
    return [int(process.stdout.readline()) for _ in range(count)]


@pytest.mark.timeout(180)
async def test_killed_writer_leaves_whole_commits(place: Path) -> None:
    """After kill -9 each commit is whole, and what was acknowledged is there."""
    await (await create_store(place)).close()
    first = 1
    for n in range(1, 6):
        with writer(place, first, 1) as process:
            acknowledged = read_numbers(process, 3 * n)[-1]
            process.kill()
        reopened = await open_store(place)
        to_gate = [m.number for m in await reopened.mail(Party.GATE, 0)]
        to_counter = [m.number for m in await reopened.mail(Party.COUNTER, 0)]
        cursor = await reopened.cursor(Party.GATE)
        await reopened.close()

        assert to_gate == to_counter == list(range(1, cursor + 1))
        assert cursor >= acknowledged

        first = cursor + 1


# --- two processes --------------------------------------------------------------------


@pytest.mark.timeout(180)
async def test_two_processes_write_at_once(store: SqlStore, place: Path) -> None:
    """Gate and counter write into one database side by side, and lose nothing."""
    with writer(place, 2, 2) as process:
        read_numbers(process, 1)
        for n in range(1, 60, 2):
            await store.commit([letter(Party.GATE, n), letter(Party.COUNTER, n)])
        theirs = read_numbers(process, 20)
        process.kill()

    to_gate = {m.number for m in await store.mail(Party.GATE, 0)}
    assert to_gate >= {*range(1, 60, 2), *theirs}


async def test_one_store_sees_what_the_other_wrote(
    store: SqlStore, other: SqlStore
) -> None:
    """What one role has committed the other reads at once."""
    await store.commit([SaveDrive(drive=poll())])

    assert await other.drives() == [poll()]


async def test_of_two_takers_of_an_invite_one_wins(
    store: SqlStore, other: SqlStore
) -> None:
    """A code that is used in two places at once gives one role."""
    await store.commit([SaveInvite(invite=invite("a"))])
    take = DropInvite(digest=invite("a").digest)

    results = await asyncio.gather(
        store.commit([take, organizer(ANNA, "Anna")]),
        other.commit([take, organizer(BORIS, "Boris")]),
        return_exceptions=True,
    )

    assert {type(each) for each in results} == {type(None), Stale}
    assert len(await store.organizers()) == 1


async def test_tasks_of_one_process_take_turns(store: SqlStore) -> None:
    """Many commits at once are all written, none into another's transaction."""
    async with asyncio.TaskGroup() as tasks:
        for n in range(1, 41):
            tasks.create_task(store.commit([letter(Party.GATE, n)]))

    assert len(await store.mail(Party.GATE, 0)) == 40


# --- no traces ------------------------------------------------------------------------


def files_hold(place: Path, secret: bytes) -> bool:
    """Tell whether a secret is in any file of the database."""
    files = place.parent.glob(place.name + "*")
    return any(secret in path.read_bytes() for path in files)


async def test_log_is_emptied_after_each_commit(store: SqlStore, place: Path) -> None:
    """The write-ahead log, which keeps the order of writing, holds nothing."""
    for n in range(1, 4):
        await store.commit([letter(Party.GATE, n)])

        assert place.with_name(place.name + "-wal").stat().st_size == 0


async def test_what_was_deleted_is_in_no_file(store: SqlStore, place: Path) -> None:
    """After the rewrite no byte of envelopes, counts and messages is left."""
    secret = CANARY.encode() * 500
    await store.commit([ended(0, secret), letter(Party.GATE, 1, secret)])
    await store.commit([SaveState(drive_id=LUNCH, generation=0, box=secret)])

    assert files_hold(place, CANARY.encode())

    await store.commit([DropBundle(drive_id=LUNCH, slot=0), DropStates(drive_id=LUNCH)])
    await store.commit([DropMail(reader=Party.GATE, number=1)])
    await store.rewrite()

    assert not files_hold(place, CANARY.encode())


async def test_author_of_a_draft_is_in_no_file_after_the_start(
    store: SqlStore, place: Path
) -> None:
    """The tag of who drafted a poll is gone from the files once it started."""
    author = OrganizerTag(CANARY.encode().ljust(32, b"!"))
    await store.commit([SaveDrive(drive=poll(author=author))])

    assert files_hold(place, author)

    await store.commit([SaveDrive(drive=poll(author=OrganizerTag(b"")))])
    await store.rewrite()

    assert not files_hold(place, author)


def test_control_ordinary_sqlite_keeps_what_was_deleted(place: Path) -> None:
    """The search would find what a database without our care leaves behind."""
    with closing(sqlite3.connect(place)) as db:
        db.execute("PRAGMA secure_delete = OFF")
        db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, box BLOB)")
        db.execute("INSERT INTO t (box) VALUES (?)", [CANARY.encode() * 500])
        db.commit()
        db.execute("DELETE FROM t")
        db.commit()

    assert files_hold(place, CANARY.encode())


def pages_of(place: Path, table: str) -> bytes:
    """Return the bytes of a table's first page."""
    with closing(sqlite3.connect(place)) as db:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        root = db.execute(query, [table]).fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
    return place.read_bytes()[(root - 1) * size : root * size]


@pytest.mark.parametrize("table", ["organizers", "invites", "proposals"])
async def test_pages_do_not_tell_who_came_first(tmp_path: Path, table: str) -> None:
    """Whatever the order in which rows came, the page has the same bytes."""
    names = ["anna", "boris", "chen", "dora", "emre"]
    pages = set[bytes]()
    for number, order in enumerate((names, names[::-1], [*names[2:], *names[:2]])):
        place = tmp_path / f"{number}.db"
        store = await create_store(place)
        for name in order:
            tag = OrganizerTag(name.encode().ljust(32, b"."))
            await store.commit(
                [
                    organizer(tag, f"label of {name}"),
                    SaveInvite(invite=invite(name)),
                    SaveProposal(proposal=proposal(name, tag)),
                ]
            )
        await store.close()
        pages.add(pages_of(place, table))

    assert len(pages) == 1


def test_control_pages_tell_who_came_first(tmp_path: Path) -> None:
    """Without laying out anew, the same rows in another order are other bytes."""
    pages = set[bytes]()
    for name, order in (("a", "xyz"), ("b", "zyx")):
        place = tmp_path / name
        with closing(sqlite3.connect(place)) as db:
            db.execute("CREATE TABLE t (tag TEXT PRIMARY KEY) WITHOUT ROWID")
            for tag in order:
                db.execute("INSERT INTO t VALUES (?)", [tag])
                db.commit()
        pages.add(pages_of(place, "t"))

    assert len(pages) == 2


# --- faults ---------------------------------------------------------------------------


async def filled(place: Path) -> None:
    """Make a database of many pages, and close it."""
    store = await create_store(place)
    await store.commit(
        [letter(Party.GATE, n, CANARY.encode() * 20) for n in range(600)]
    )
    await store.commit([ended(0, *[b"e" * 9000] * 20)])
    await store.close()


@pytest.mark.parametrize("at", [0.1, 0.3, 0.5, 0.7, 0.9])
async def test_overwritten_bytes_are_noticed(place: Path, at: float) -> None:
    """A database with pages of rubbish is not opened, and not changed."""
    await filled(place)
    content = bytearray(place.read_bytes())
    middle = int(len(content) * at) // 4096 * 4096
    content[middle : middle + 8192] = b"\xa5" * 8192
    place.write_bytes(content)

    with pytest.raises(Damaged, match="restore"):
        await open_store(place)
    assert place.read_bytes() == content


@pytest.mark.parametrize("left", [0, 1, 50, 4096, 100_000])
async def test_truncated_database_is_noticed(place: Path, left: int) -> None:
    """A database that was cut short, to nothing even, is not opened as another."""
    await filled(place)
    place.write_bytes(place.read_bytes()[:left])

    with pytest.raises(Damaged, match="restore"):
        await open_store(place)
    assert place.stat().st_size == left


async def test_other_file_is_no_database(place: Path) -> None:
    """A file of another program is refused and left alone."""
    place.write_text("Dear diary, " * 1000)

    with pytest.raises(Damaged):
        await open_store(place)
    assert place.read_text().startswith("Dear diary, ")


async def test_database_of_another_program_is_refused(place: Path) -> None:
    """Tables that are not ours are refused and left alone."""
    with closing(sqlite3.connect(place)) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")

    with pytest.raises(Damaged):
        await open_store(place)


async def test_missing_database_is_not_made(place: Path) -> None:
    """A database that is gone is a fault; an empty one in its place would hide it."""
    with pytest.raises(NoDatabase):
        await open_store(place)
    assert not place.exists()


async def test_database_is_not_made_twice(store: SqlStore, place: Path) -> None:
    """Making a database leaves the one that is there alone."""
    with pytest.raises(DatabaseExists):
        await create_store(place)


async def test_folder_is_no_database(tmp_path: Path) -> None:
    """A folder in place of the file is named as a matter of files."""
    with pytest.raises(NotWritable):
        await open_store(tmp_path)


async def test_store_is_made_in_a_folder_that_is_there(tmp_path: Path) -> None:
    """A place that does not exist is named as a matter of files."""
    with pytest.raises(NotWritable):
        await create_store(tmp_path / "missing" / "roundrobin.db")


async def test_damage_under_an_open_store_is_named(
    store: SqlStore, place: Path
) -> None:
    """A disk that fails while the store is open gives a fault, not rubbish."""
    # More than the driver keeps in memory.
    await store.commit([ended(0, *[b"e" * 1_000_000] * 6)])
    place.write_bytes(b"\xa5" * place.stat().st_size)

    with pytest.raises(Damaged):
        _ = [chunk async for chunk in store.bundle(LUNCH, 0)]


@pytest.mark.parametrize(
    ("column", "value"),
    [("state", CANARY), ("terms", f'{{"{CANARY}":1}}'), ("schedule_opens_at", 5)],
)
async def test_row_that_nobody_stored_stops_no_other(
    store: SqlStore, place: Path, column: str, value: object
) -> None:
    """A row that no drive can have is passed over, and logged without its content."""
    await store.commit([SaveDrive(drive=poll()), SaveDrive(drive=poll(ROTA))])
    with closing(sqlite3.connect(place)) as db:
        change = f"UPDATE drives SET {column} = ? WHERE drive_id = ?"  # noqa: S608
        db.execute(change, [value, poll().drive_id])
        db.commit()
    lines = StringIO()
    log.start(now=lambda: NOON, stream=lines)
    try:
        assert await store.drives() == [poll(ROTA)]
        assert await store.drives() == [poll(ROTA)]
    finally:
        log.stop()

    assert lines.getvalue().count("rows_unreadable") == 1
    assert CANARY not in lines.getvalue()


async def test_text_that_is_no_text_is_damage(store: SqlStore, place: Path) -> None:
    """Bytes that are no UTF-8, which the driver's error would quote, are damage."""
    await store.commit([organizer(ANNA, "Anna")])
    with closing(sqlite3.connect(place)) as db:
        label = CANARY.encode() + b"\xff"
        db.execute("UPDATE organizers SET label = CAST(? AS TEXT)", [label])
        db.commit()

    with pytest.raises(Damaged) as raised:
        await store.organizers()
    assert CANARY not in "".join(traceback.format_exception(raised.value))


async def test_fault_quotes_no_content(store: SqlStore) -> None:
    """The error of a refused change holds nothing of the change."""
    await store.commit([letter(Party.GATE, 1)])

    with pytest.raises(Contradiction) as raised:
        await store.commit([letter(Party.GATE, 1, CANARY.encode())])
    assert CANARY not in "".join(traceback.format_exception(raised.value))


async def test_full_disk_is_named(store: SqlStore) -> None:
    """Where no page can be added, the fault says so and nothing was written."""
    async with store._engine.connect() as db:
        driver = (await db.get_raw_connection()).driver_connection
        assert driver
        await driver.execute("PRAGMA max_page_count = 20")

    with pytest.raises(DiskFull):
        await store.commit([letter(Party.COUNTER, 1), ended(0, b"e" * 500_000)])
    assert await store.mail(Party.COUNTER, 0) == []


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for other programs a moment, instead of ten seconds."""
    pragmas = ("PRAGMA busy_timeout = 50", *database._PRAGMAS[1:])
    monkeypatch.setattr(database, "_PRAGMAS", pragmas)
    monkeypatch.setattr(store_module, "BUSY_SECONDS_MAX", 0.05)


async def test_database_locked_for_too_long_is_named(
    impatient: None, store: SqlStore, place: Path
) -> None:
    """A program that never gives the lock back is named; nothing was written."""
    with closing(sqlite3.connect(place, isolation_level=None)) as hog:
        hog.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy):
            await store.commit([letter(Party.GATE, 1)])
        hog.execute("ROLLBACK")

    assert await store.mail(Party.GATE, 0) == []


async def test_rewrite_beside_a_writer_is_named(
    impatient: None, store: SqlStore, place: Path
) -> None:
    """A program that keeps writing is named by the rewrite too."""
    with closing(sqlite3.connect(place, isolation_level=None)) as hog:
        hog.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy):
            await store.rewrite()
        hog.execute("ROLLBACK")

    await store.rewrite()


def test_fault_of_the_pool_is_named() -> None:
    """Where SQLAlchemy itself gives up, its words stay behind as well."""
    with pytest.raises(Failed) as raised, database_faults():
        raise PoolTimeout(CANARY)

    assert CANARY not in "".join(traceback.format_exception(raised.value))


async def test_rewrite_beside_a_reader_says_that_traces_may_be_left(
    impatient: None, store: SqlStore, place: Path
) -> None:
    """If the log cannot be emptied, the rewrite is not said to have worked."""
    await store.commit([letter(Party.GATE, 1)])
    with closing(sqlite3.connect(place, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM mail").fetchone()
        with pytest.raises(StillInUse):
            await store.rewrite()

    await store.rewrite()


async def test_commit_beside_a_reader_is_written(store: SqlStore, place: Path) -> None:
    """A reader who keeps the log from being emptied does not stop a commit."""
    with closing(sqlite3.connect(place, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM mail").fetchone()
        await store.commit([letter(Party.GATE, 1)])

    assert len(await store.mail(Party.GATE, 0)) == 1


# --- places ---------------------------------------------------------------------------


async def test_store_opens_from_a_url(store: SqlStore, place: Path) -> None:
    """A URL of the kind sqlite:///path names the same database as the path."""
    by_url = await open_store(f"sqlite:///{place}")
    await store.commit([SaveDrive(drive=poll())])

    assert await by_url.drives() == [poll()]

    await by_url.close()


@pytest.mark.parametrize("url", ["postgresql://db/roundrobin", "sqlite:", "a:b:c"])
async def test_other_databases_are_refused(url: str) -> None:
    """A database that this version cannot use is refused, not guessed at."""
    with pytest.raises(UnknownDatabase):
        await open_store(url)


async def test_group_may_write_the_database(store: SqlStore, place: Path) -> None:
    """Gate and counter may be two users of one group; nobody else reads a thing."""
    await store.commit([letter(Party.GATE, 1)])

    modes = {path.stat().st_mode & 0o777 for path in place.parent.iterdir()}
    assert modes == {0o660}


# --- report boxes ---------------------------------------------------------------------


def a_case(number: int, sealed: bytes = b"sealed") -> CaseRow:
    """Return a case's row."""
    case_id = CaseId(bytes([number]) * 16)
    return CaseRow(case_id=case_id, drive_id=LUNCH, ends_at=NOON, sealed=sealed)


async def test_cases_come_by_their_ids(store: SqlStore) -> None:
    """Whatever came first: the order is that of the ids, which are chance."""
    for number in (3, 1, 2):
        await store.commit([SaveCase(case=a_case(number))])
    await store.commit([SaveCase(case=a_case(2, b"other"))])
    await store.commit([DropCase(case_id=a_case(3).case_id)])
    await store.commit([DropCase(case_id=a_case(9).case_id)])

    assert await store.cases() == [a_case(1), a_case(2, b"other")]


async def test_tables_of_a_box_come_back(store: SqlStore) -> None:
    """As they were released, oldest first, each box's own."""
    row = [ReleasedRow(label="A", shown="the rest"), ReleasedRow(label="B", shown=FEW)]
    table = ReleasedTable(choice=Choice.SINGLE, total=10, base=5, rows=tuple(row))
    tables = [
        BoxTables(drive_id=drive_id, number=number, tables=(table, table))
        for number, drive_id in ((2, LUNCH), (1, LUNCH), (1, ROTA))
    ]
    for each in tables:
        await store.commit([SaveTables(tables=each)])

    assert await store.box_tables(LUNCH) == [tables[1], tables[0]]
    assert await store.box_tables(ROTA) == [tables[2]]
