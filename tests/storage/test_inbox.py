"""The inbox keeps what it acknowledged, notices what was altered, and says little."""

import asyncio
import hashlib
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from nacl.bindings import crypto_box_keypair, crypto_box_seal_open

from bot.core.ballots import POLL_ENVELOPE_BYTES, POLL_RECORD_BYTES, Envelope
from bot.core.manifest import DriveId
from bot.ports import Inbox, Inboxes, QueueFull, StorageError, Tampered
from storage import sealers, waiting
from storage.block_file import BlockFile, name_fault
from storage.blocks import BLOCK_BYTES, BLOCK_ENVELOPES, POOL_ENVELOPES, BlockKey
from storage.inbox import DiskInboxes, InboxClosed
from storage.waiting import GROUP_RECORDS

ROOT = Path(__file__).parents[2]
LUNCH = DriveId(bytes(range(16)))
SLOT = 3
KEY = hashlib.sha256(b"the key of the blocks").digest()
PUBLIC, SECRET = crypto_box_keypair()
DUMMY = bytes(POLL_RECORD_BYTES)
POOL_BLOCKS = POOL_ENVELOPES // BLOCK_ENVELOPES
QUIET_SECONDS_MAX = 5


def record(number: int) -> bytes:
    """Return the padded record of one answer."""
    return number.to_bytes(8, "big").ljust(POLL_RECORD_BYTES, b"\x01")


def opened(envelopes: list[Envelope]) -> list[bytes]:
    """Return the records of the answers among `envelopes`, sorted."""
    records = [crypto_box_seal_open(each, PUBLIC, SECRET) for each in envelopes]
    return sorted(each for each in records if each != DUMMY)


async def appended(inbox: Inbox, numbers: range) -> list[Envelope]:
    """Append all at once, and return the envelopes that were acknowledged."""
    return await asyncio.gather(*(inbox.append(record(n)) for n in numbers))


async def quiet(path: Path) -> None:
    """Wait until the log was emptied."""
    async with asyncio.timeout(QUIET_SECONDS_MAX):
        # The disk tells nobody when it changes.
        while log_of(path):  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def size_of(path: Path) -> int:
    """Return how long a file is."""
    return path.stat().st_size


def content_of(path: Path) -> bytes:
    """Return what stands in a file."""
    return path.read_bytes()


def log_of(path: Path) -> bytes:
    """Return what stands in an inbox's log."""
    return path.with_name(path.name + "-wal").read_bytes()


def alter_last_pages(path: Path) -> None:
    """Alter each page but the first forty; most hold envelopes and nothing else."""
    content = bytearray(path.read_bytes())
    for place in range(40 * 4096 + 2000, len(content), 4096):
        content[place] ^= 1
    path.write_bytes(content)


@contextmanager
def files_end_at(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def inboxes(tmp_path: Path) -> Iterator[Inboxes]:
    """Yield the inboxes of an empty folder."""
    inboxes = DiskInboxes(tmp_path / "inboxes")
    yield inboxes
    inboxes.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the file of the inbox that `open_inbox` opens."""
    return tmp_path / "inboxes" / f"{LUNCH.hex()}-{SLOT}.db"


@pytest.fixture
def open_inbox(inboxes: Inboxes) -> Iterator[Callable[[], Inbox]]:
    """Open the inbox of one slot, as often as wanted, one at a time."""
    made: list[Inbox] = []

    def open_it() -> Inbox:
        for each in made:
            each.close()
        inbox = inboxes.open(LUNCH, SLOT, public=PUBLIC, key=KEY, dummy=lambda: DUMMY)
        made.append(inbox)
        return inbox

    yield open_it
    for each in made:
        each.close()


@pytest.mark.parametrize("size", [1, 15, 16, 17, 300, GROUP_RECORDS + 40])
async def test_what_was_appended_comes_back(open_inbox, size: int) -> None:
    """Every acknowledged envelope is returned once, and opens to its record."""
    inbox = open_inbox()

    acknowledged = await appended(inbox, range(size))
    found = await inbox.finish()

    assert opened(found) == [record(n) for n in range(size)]
    assert opened(acknowledged) == opened(found)
    assert set(acknowledged) <= set(found)
    assert len(found) % BLOCK_ENVELOPES == 0
    assert len(set(found)) == len(found)


async def test_envelope_belongs_to_the_record(open_inbox) -> None:
    """Each person's future holds their own envelope, in small and large batches."""
    inbox = open_inbox()

    for numbers in (range(1), range(1, 9), range(9, 700)):
        for number, envelope in zip(
            numbers, await appended(inbox, numbers), strict=True
        ):
            assert crypto_box_seal_open(envelope, PUBLIC, SECRET) == record(number)


async def test_single_and_joint_answers_mix(open_inbox) -> None:
    """Whatever the sizes of the batches, nothing is lost and nothing comes twice."""
    inbox = open_inbox()
    start = 0
    for size in (1, 40, 3, 16, 500, 1, 1, 31, 700, 15, 2):
        await appended(inbox, range(start, start + size))
        start += size

    found = await inbox.finish()

    assert opened(found) == [record(n) for n in range(start)]


async def test_new_block_may_stand_at_the_end(tmp_path: Path) -> None:
    """A block that moves no other is written as well as one that does."""
    dummies = [Envelope(os.urandom(POLL_ENVELOPE_BYTES)) for _ in range(POOL_ENVELOPES)]
    file = BlockFile(
        tmp_path / "inbox.db",
        BlockKey(key=KEY, drive_id=LUNCH, slot=SLOT),
        lambda: dummies,
    )
    file.open()
    added: set[bytes] = set()
    # One in 16 to 166 stands there by chance; of so many, nearly always one.
    for _ in range(150):
        block = [Envelope(os.urandom(POLL_ENVELOPE_BYTES)) for _ in range(16)]
        file.add(block)
        added.update(block)

    found = file.read()

    assert set(found) == added | set(dummies)
    file.close()


async def test_new_inbox_holds_a_pool(open_inbox) -> None:
    """Before the first answer there are 256 envelopes, and none is an answer."""
    found = await open_inbox().finish()

    assert len(found) == POOL_ENVELOPES
    assert opened(found) == []


async def test_answers_take_the_place_of_dummies(open_inbox) -> None:
    """Answers that come one by one leave the size as it is, as long as places last."""
    inbox = open_inbox()
    for number in range(POOL_ENVELOPES - 16):
        await inbox.append(record(number))

    found = await inbox.finish()

    assert len(found) == POOL_ENVELOPES
    assert len(opened(found)) == POOL_ENVELOPES - 16


async def test_pool_is_filled_up(open_inbox) -> None:
    """When only 16 dummies would be left, another 256 come."""
    inbox = open_inbox()
    for number in range(POOL_ENVELOPES - 15):
        await inbox.append(record(number))

    found = await inbox.finish()

    assert len(found) == 2 * POOL_ENVELOPES
    assert len(opened(found)) == POOL_ENVELOPES - 15


async def test_restart_adds_a_pool(open_inbox) -> None:
    """Nobody remembers which are dummies, so no answer is overwritten."""
    await appended(open_inbox(), range(40))

    again = open_inbox()
    await appended(again, range(40, 80))
    found = await again.finish()

    # 40 answers are two blocks and eight in the pool, twice.
    assert len(found) == 2 * POOL_ENVELOPES + 4 * BLOCK_ENVELOPES
    assert opened(found) == [record(n) for n in range(80)]


async def test_order_of_arrival_does_not_matter(open_inbox, inboxes) -> None:
    """The same answers in another order give the same size and the same answers."""
    inbox = open_inbox()
    for number in range(30):
        await inbox.append(record(number))
    other = inboxes.open(LUNCH, 4, public=PUBLIC, key=KEY, dummy=lambda: DUMMY)
    for number in reversed(range(30)):
        await other.append(record(number))

    one, two = await inbox.finish(), await other.finish()

    assert opened(one) == opened(two)
    assert len(one) == len(two)


@pytest.mark.timeout(120)
async def test_killed_sealing_processes_lose_nothing(
    inboxes, open_inbox, monkeypatch
) -> None:
    """In the midst of a rush all sealing processes die: every answer is kept."""
    monkeypatch.setattr(sealers, "START_PAUSE_SECONDS", 0.0)
    inbox = open_inbox()
    killed: set[int] = set()
    rounds = 0
    while len(killed) < 3:
        answers = range(rounds * 1_000, rounds * 1_000 + 1_000)
        rush = asyncio.gather(*(inbox.append(record(n)) for n in answers))
        await asyncio.sleep(0.01)
        for worker in inboxes._sealers._workers:
            worker._process.kill()
            killed.add(worker._process.pid)
        await rush
        rounds += 1

    found = await inbox.finish()

    assert opened(found) == [record(n) for n in range(rounds * 1_000)]


async def test_rush_one_by_one_is_kept(open_inbox) -> None:
    """Answers that come a few in each turn of the loop are all written."""
    inbox = open_inbox()
    futures: list[asyncio.Future[Envelope]] = []
    for number in range(1_000):
        futures.append(inbox.append(record(number)))
        if not number % 3:
            await asyncio.sleep(0)
    await asyncio.gather(*futures)

    found = await inbox.finish()

    assert opened(found) == [record(n) for n in range(1_000)]


async def test_end_of_a_slot_takes_what_came_in_the_same_moment(open_inbox) -> None:
    """An answer that was taken is in what is handed over, however late it came."""
    inbox = open_inbox()
    futures = [inbox.append(record(n)) for n in range(30)]

    found = await inbox.finish()

    assert opened(found) == [record(n) for n in range(30)]
    assert all([await future in found for future in futures])


@pytest.mark.parametrize("size", [1, 15, 100])
async def test_answers_that_cannot_be_sealed_are_refused(
    inboxes, open_inbox, size: int
) -> None:
    """A fault in sealing reaches everybody in its batch; nobody waits for ever."""
    inbox = open_inbox()
    # A point of low order, which libsodium refuses.
    inbox._waiting._public = bytes(32)

    results = await asyncio.gather(
        *(inbox.append(record(n)) for n in range(size)), return_exceptions=True
    )
    inbox._waiting._public = PUBLIC
    await inbox.append(record(1_000))

    assert [str(each) for each in results] == ["it failed: RuntimeError"] * size
    assert opened(await inbox.finish()) == [record(1_000)]


async def test_gate_without_threads_refuses(inboxes, open_inbox) -> None:
    """When no thread can be had for sealing, all who wait hear it, and nobody more."""
    inbox = open_inbox()
    inboxes._sealers._pool().shutdown()

    results = await asyncio.gather(
        *(inbox.append(record(n)) for n in range(100)), return_exceptions=True
    )
    await inbox.append(record(1_000))

    refused = [each for each in results if isinstance(each, StorageError)]
    assert len(refused) >= 96
    assert opened(await inbox.finish())[-1] == record(1_000)


async def test_cancelled_answer_breaks_nothing(open_inbox) -> None:
    """Who gives up waiting takes nobody along."""
    inbox = open_inbox()
    futures = [inbox.append(record(n)) for n in range(40)]
    for future in futures[::2]:
        future.cancel()

    for future in futures[1::2]:
        await future
    await inbox.append(record(40))

    kept = {record(n) for n in range(1, 40, 2)} | {record(40)}
    assert kept <= set(opened(await inbox.finish()))


async def test_queue_has_an_end(open_inbox, monkeypatch) -> None:
    """When too many wait, the next answer is refused at once."""
    inbox = open_inbox()
    monkeypatch.setattr(waiting, "WAITING_RECORDS_MAX", 0)

    with pytest.raises(QueueFull):
        inbox.append(record(1))


async def test_finished_inbox_takes_nothing(open_inbox) -> None:
    """What comes after the slot's end is not lost silently: it is refused."""
    inbox = open_inbox()
    await inbox.finish()

    with pytest.raises(InboxClosed):
        inbox.append(record(1))
    with pytest.raises(InboxClosed):
        await inbox.finish()


async def test_closing_fails_what_waits(open_inbox) -> None:
    """Nobody waits for ever: each answer is on disk, or its future failed."""
    inbox = open_inbox()
    futures = [inbox.append(record(n)) for n in range(5_000)]
    inbox.close()

    results = await asyncio.gather(*futures, return_exceptions=True)
    found = await open_inbox().finish()

    kept = sorted(record(n) for n, r in enumerate(results) if isinstance(r, bytes))
    lost = [r for r in results if not isinstance(r, bytes)]
    assert opened(found) == kept
    assert all(isinstance(r, InboxClosed) for r in lost)


async def test_closing_ends_a_finish(open_inbox) -> None:
    """Who waits for the end of a slot hears it when the inbox is closed before."""
    inbox = open_inbox()
    finish = asyncio.ensure_future(inbox.finish())
    await asyncio.sleep(0)
    inbox.close()

    result = (await asyncio.gather(finish, return_exceptions=True))[0]

    assert isinstance(result, InboxClosed | list)


async def test_threads_end_with_the_inboxes(inboxes, open_inbox) -> None:
    """A closed inbox leaves no thread behind, nor do the sealers that all share."""
    before = set(threading.enumerate())
    inbox = open_inbox()
    await appended(inbox, range(100))
    inbox.close()
    inboxes.close()

    assert set(threading.enumerate()) == before


def test_open_inbox_does_not_keep_the_process(tmp_path: Path) -> None:
    """A program that forgets to close an inbox ends all the same."""
    script = """
import asyncio, sys, pathlib
from storage.inbox import DiskInboxes
async def main():
    boxes = DiskInboxes(pathlib.Path(sys.argv[1]))
    public = bytes([9]) + bytes(31)
    inbox = boxes.open(bytes(16), 0, public=public, key=bytes(32),
                       dummy=lambda: bytes(256))
    await asyncio.gather(*(inbox.append(bytes(256)) for _ in range(100)))
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        timeout=8,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


async def test_inboxes_are_known_and_removed(inboxes, path: Path) -> None:
    """The folder lists each inbox once, and forgets what was destroyed."""
    first, second = (
        inboxes.open(LUNCH, slot, public=PUBLIC, key=KEY, dummy=lambda: DUMMY)
        for slot in (SLOT, 12)
    )
    (path.parent / "notes.txt").touch()
    assert inboxes.known() == [(LUNCH, SLOT), (LUNCH, 12)]
    await second.append(record(1))

    first.destroy()
    second.close()
    inboxes.remove(LUNCH, 12)

    assert inboxes.known() == []
    assert [each.name for each in path.parent.iterdir()] == ["notes.txt"]
    assert 0 < inboxes.free_bytes() <= shutil.disk_usage(path.parent).free


async def test_files_are_the_owners_alone(open_inbox, path: Path) -> None:
    """Nobody else on the machine may read an inbox or its log."""
    await appended(open_inbox(), range(3))

    modes = {each.stat().st_mode & 0o777 for each in path.parent.iterdir()}

    assert modes == {0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_inbox_opens_once(open_inbox, inboxes) -> None:
    """Two writers of one file would overwrite each other's answers."""
    open_inbox()

    with pytest.raises(StorageError, match="another process"):
        inboxes.open(LUNCH, SLOT, public=PUBLIC, key=KEY, dummy=lambda: DUMMY)


def flip(path: Path) -> None:
    """Alter one byte of one block."""
    with sqlite3.connect(path) as database:
        (body,) = database.execute(
            "SELECT body FROM blocks WHERE number = 7"
        ).fetchone()
        altered = bytes([body[0] ^ 1]) + body[1:]
        database.execute("UPDATE blocks SET body = ? WHERE number = 7", (altered,))
    database.close()


def statement(sql: str) -> Callable[[Path], None]:
    """Return what runs `sql` on a file."""

    def run(path: Path) -> None:
        with sqlite3.connect(path) as database:
            database.executescript(sql)
        database.close()

    run.__name__ = sql.partition(" ")[0].lower()
    return run


def overwrite(path: Path) -> None:
    """Alter what SQLite itself needs."""
    content = bytearray(path.read_bytes())
    content[100:4096] = bytes(3996)
    path.write_bytes(content)


def cut(path: Path) -> None:
    """Cut the file in the middle."""
    os.truncate(path, path.stat().st_size // 8192 * 4096)


def scribble(path: Path) -> None:
    """Put something else in place of the file."""
    path.write_bytes(b"not a database at all" * 1000)


SWAP = """
UPDATE blocks SET number = -1 WHERE number = 3;
UPDATE blocks SET number = 3 WHERE number = 4;
UPDATE blocks SET number = 4 WHERE number = -1;
"""
TAMPERINGS = [
    flip,
    overwrite,
    cut,
    scribble,
    statement("DELETE FROM blocks WHERE number = 5"),
    statement("DELETE FROM blocks WHERE number = 15"),
    statement("DELETE FROM blocks"),
    statement(SWAP),
    statement("INSERT INTO blocks SELECT 16, body FROM blocks WHERE number = 0"),
    statement("UPDATE blocks SET body = x'00' WHERE number = 0"),
    statement("UPDATE seal SET mac = zeroblob(32)"),
    statement("DELETE FROM seal"),
    statement("DROP TABLE seal"),
    statement("DROP TABLE blocks"),
]


@pytest.mark.parametrize("tamper", TAMPERINGS)
async def test_altered_file_is_noticed(open_inbox, path: Path, tamper) -> None:
    """An altered, missing, added or swapped block keeps the inbox shut."""
    inbox = open_inbox()
    for number in range(20):
        await inbox.append(record(number))
    inbox.close()
    tamper(path)

    with pytest.raises(Tampered):
        open_inbox()


def test_file_of_another_slot_is_noticed(open_inbox, inboxes, path: Path) -> None:
    """A file in the place of another slot's is not taken for it."""
    open_inbox().close()
    path.rename(path.with_name(f"{LUNCH.hex()}-4.db"))

    with pytest.raises(Tampered):
        inboxes.open(LUNCH, 4, public=PUBLIC, key=KEY, dummy=lambda: DUMMY)


async def test_alteration_while_open_is_noticed_at_the_end(
    open_inbox, path: Path
) -> None:
    """Blocks altered behind the gate's back are not handed on."""
    inbox = open_inbox()
    # More than SQLite keeps in memory, so that the end is read from the disk.
    await appended(inbox, range(12_000))
    await quiet(path)
    alter_last_pages(path)

    with pytest.raises(Tampered):
        await inbox.finish()


async def test_full_disk_fails_the_batch_and_no_more(open_inbox, path: Path) -> None:
    """A batch that does not fit fails as a whole; the next one is taken again."""
    inbox = open_inbox()
    await appended(inbox, range(10))
    await quiet(path)

    with files_end_at(100_000):
        failed = await asyncio.gather(
            *(inbox.append(record(n)) for n in range(100, 1_000)),
            return_exceptions=True,
        )
    await appended(inbox, range(10, 600))
    found = await inbox.finish()

    lost = [each for each in failed if isinstance(each, StorageError)]
    assert lost
    assert {str(each) for each in lost} == {"the disk reports an I/O error"}
    kept = [100 + n for n, each in enumerate(failed) if isinstance(each, bytes)]
    assert opened(found) == sorted(record(n) for n in [*range(600), *kept])


async def test_full_disk_leaves_single_answers_whole(open_inbox, path: Path) -> None:
    """A dummy whose place a failed answer would have taken stays a dummy."""
    inbox = open_inbox()
    await quiet(path)

    with files_end_at(0):
        for number in range(300):
            with pytest.raises(StorageError):
                await inbox.append(record(number))
    await inbox.append(record(1))
    found = await inbox.finish()

    assert opened(found) == [record(1)]
    assert len(found) == POOL_ENVELOPES


async def test_log_waits_for_room(open_inbox, path: Path) -> None:
    """What only the log has room for is durable there, and moves when it can."""
    inbox = open_inbox()
    await appended(inbox, range(2_000))
    await quiet(path)

    # The log starts anew, so it has room; the file itself has not.
    with files_end_at(size_of(path)):
        await appended(inbox, range(2_000, 2_160))
        await asyncio.sleep(0.1)
        assert log_of(path)
    await quiet(path)

    assert opened(await inbox.finish()) == [record(n) for n in range(2_160)]


async def test_full_disk_does_not_keep_answers_from_being_counted(
    open_inbox, path: Path
) -> None:
    """An inbox opens and ends even if there is no room for another pool."""
    await appended(open_inbox(), range(20))
    open_inbox().close()

    with files_end_at(size_of(path)):
        found = await open_inbox().finish()

    assert opened(found) == [record(n) for n in range(20)]


def test_no_room_for_a_new_inbox(open_inbox) -> None:
    """An inbox that cannot be made says so, and can be made later."""
    with files_end_at(8_192), pytest.raises(StorageError, match="I/O error"):
        open_inbox()

    open_inbox().close()


def test_full_disk_has_a_name() -> None:
    """A fault is named by its kind; what SQLite says of it is not repeated."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE a (b)")
    database.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as full:
        database.execute("INSERT INTO a VALUES (zeroblob(100000))")
    database.close()

    assert str(name_fault(full.value)) == "the disk is full"
    assert str(name_fault(OSError(28, "No space left"))) == "the disk is full"
    assert str(name_fault(ValueError("Mei"))) == "it failed: ValueError"


async def test_broken_dummy_fails_the_batch(inboxes) -> None:
    """A fault in what makes dummies reaches those who wait, and no thread hangs."""
    dummies = iter([DUMMY] * POOL_ENVELOPES)
    inbox = inboxes.open(
        LUNCH, SLOT, public=PUBLIC, key=KEY, dummy=lambda: next(dummies)
    )
    for number in range(POOL_ENVELOPES - 16):
        await inbox.append(record(number))

    with pytest.raises(StorageError):
        await inbox.append(record(0))

    inbox.close()


async def test_batch_after_the_loop_ended_is_kept(open_inbox) -> None:
    """A loop that ends too early hears nothing, and breaks nothing."""
    inbox = open_inbox()

    def run() -> None:
        async def main() -> None:
            inbox.append(record(1))

        asyncio.run(main())

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    # One batch is told through one loop; a gate never has two.
    async with asyncio.timeout(QUIET_SECONDS_MAX):
        while not inbox._waiting._done:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    await inbox.append(record(2))

    assert opened(await inbox.finish()) == [record(1), record(2)]


def blanked(path: Path) -> bytes:
    """Return a file's bytes after all envelopes were overwritten in place."""
    copy = path.with_suffix(".copy")
    copy.write_bytes(path.read_bytes())
    database = sqlite3.connect(copy, isolation_level=None)
    database.execute("UPDATE blocks SET body = zeroblob(?)", (BLOCK_BYTES,))
    database.execute("UPDATE seal SET mac = zeroblob(32)")
    database.close()
    return copy.read_bytes()


async def test_file_does_not_count_answers(inboxes, path: Path) -> None:
    """After 3 and after 200 answers the files differ in random bytes alone."""
    files: list[tuple[bytes, bytes]] = []
    for slot, size in ((SLOT, 3), (4, 200)):
        inbox = inboxes.open(LUNCH, slot, public=PUBLIC, key=KEY, dummy=lambda: DUMMY)
        for number in range(size):
            await inbox.append(record(number))
        file = path.with_name(f"{LUNCH.hex()}-{slot}.db")
        await quiet(file)
        files.append((content_of(file), blanked(file)))
        assert not [each for each in file.parent.iterdir() if "shm" in each.name]
        inbox.close()

    (few, few_blank), (many, many_blank) = files
    # The change counter, the freelist, and the version that the counter is for.
    for start, end in ((24, 28), (32, 40), (92, 96)):
        assert few[start:end] == many[start:end]
    assert few[:100] == many[:100]
    assert few_blank == many_blank


async def test_log_does_not_count_how_often_it_was_emptied(
    open_inbox, path: Path
) -> None:
    """A log at rest after a crash starts from a random number, not from zero."""
    counts: list[int] = []
    for _ in range(3):
        inbox = open_inbox()
        found = 0
        while found < 3:
            await inbox.append(record(found))
            # On a busy machine it may be emptied before we look.
            if log := log_of(path):
                counts.append(int.from_bytes(log[12:16], "big"))
                found += 1
            await quiet(path)
        inbox.destroy()

    # Each log starts at its own number; one in a thousand lies so low by chance.
    assert min(counts) > 1_000
    assert len({each >> 8 for each in counts}) >= 3


async def test_date_of_a_file_says_nothing(open_inbox, path: Path) -> None:
    """A copy of an inbox does not tell when the last answer came."""
    inbox = open_inbox()
    await appended(inbox, range(3))
    await quiet(path)
    files = [path, path.with_name(path.name + "-wal")]

    # The log is emptied first, and the dates are wiped behind it.
    async with asyncio.timeout(QUIET_SECONDS_MAX):
        while any(file.stat().st_mtime for file in files):  # noqa: ASYNC110
            await asyncio.sleep(0.005)

    await appended(inbox, range(3, 6))
    inbox.close()

    assert path.stat().st_mtime == 0
