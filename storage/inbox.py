"""The inbox of a running slot: envelopes on disk before anybody reads "Received".

One SQLite file for each drive and slot, written by a thread of its own (protocol.md
§5; where envelopes stand in it is `storage.blocks`). The writer takes whatever waits,
seals it, writes it in one transaction, and only then resolves the whole batch.

**What the file tells.** Its size in blocks; nothing in it counts submissions or
commits. Whenever the queue falls quiet the write-ahead log is emptied, because it
keeps the order of writing. The lock is exclusive, so that there is no -shm file. Rows
are overwritten in place and never deleted, so that there are no gaps.

**What is noticed.** A missing, swapped or altered block, at opening and at the end
(`Tampered`). Not noticed: the whole file put back to an earlier state, or removed,
while the gate is down.
"""

import asyncio
import errno
import os
import re
import sqlite3
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

from bot.core.ballots import POLL_RECORD_BYTES, Envelope
from bot.core.manifest import DriveId
from bot.crypto.prf import is_same
from bot.crypto.sealing import seal_records
from bot.ports import StorageError, Tampered
from storage.blocks import (
    BLOCK_BYTES,
    POOL_ENVELOPES,
    BlockKey,
    Blocks,
    split_block,
)

# One group of 512 costs little more than one of 100, and takes 15 ms to seal.
BATCH_RECORDS_MAX = 512
# Two seconds of work. A person whose answer waits longer is told by the platform that
# it failed; refusing at once is kinder.
WAITING_RECORDS_MAX = 50_000
# Handing fewer to a second thread costs more than it saves.
SHARED_RECORDS_MIN = 16
# A caller who waits for one answer before the next must not wait for the log to be
# emptied in between; nobody steals a disk within a few milliseconds.
QUIET_SECONDS = 0.005
# A long flood must not fill the disk twice.
LOG_BYTES_MAX = 16 * 1024 * 1024
# A disk that is full now is full in five milliseconds too.
EMPTYING_RETRY_SECONDS = 1.0

_NAME = re.compile(r"([0-9a-f]{32})-(\d{1,9})\.db")
_SUFFIXES = ("-wal", "-journal", "")
_FILE_MODE = 0o600
_FOLDER_MODE = 0o700

_PRAGMAS = (
    # Before anything is read: with a shared lock SQLite would keep a -shm file.
    "PRAGMA locking_mode = EXCLUSIVE",
    # A block and its page header fill one page and a fifth of another.
    "PRAGMA page_size = 4096",
    "PRAGMA auto_vacuum = NONE",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    # The writer does it itself, when nobody waits.
    "PRAGMA wal_autocheckpoint = 0",
)
_CREATE = (
    "CREATE TABLE blocks (number INTEGER PRIMARY KEY, body BLOB NOT NULL)",
    "CREATE TABLE seal (id INTEGER PRIMARY KEY, mac BLOB NOT NULL)",
    "INSERT INTO seal (id, mac) VALUES (1, zeroblob(32))",
)
_READ_SCHEMA = "SELECT count(*) FROM sqlite_schema"
_READ_SEAL = "SELECT mac FROM seal"
_WRITE_SEAL = "UPDATE seal SET mac = ? WHERE id = 1"
_READ_BLOCK = "SELECT body FROM blocks WHERE number = ?"
_READ_BLOCKS = "SELECT number, body FROM blocks ORDER BY number"
_ADD_BLOCK = "INSERT INTO blocks (body, number) VALUES (?, ?)"
_CHANGE_BLOCK = "UPDATE blocks SET body = ? WHERE number = ?"
_EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"

_CLOSED = "this inbox is closed"
_FOREIGN = "an inbox file is not as it was written here"
_FAULTS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk reports an I/O error",
    sqlite3.SQLITE_BUSY: "another process has this inbox open",
    sqlite3.SQLITE_CANTOPEN: "an inbox file cannot be opened",
    sqlite3.SQLITE_READONLY: "an inbox file cannot be written",
}
# An unknown table or column is an SQLITE_ERROR.
_FOREIGN_CODES = (
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,
)

_T = TypeVar("_T")
_A = TypeVar("_A")
_B = TypeVar("_B")


class QueueFull(StorageError):
    """More answers wait than the disk can take. This one was not taken."""


class InboxClosed(StorageError):
    """This inbox takes nothing any more. What waited in it was not written."""


@dataclass(frozen=True, slots=True)
class _Finish:
    """The order to write what came before, and to hand everything over."""

    future: "asyncio.Future[list[Envelope]]"


@dataclass(frozen=True, slots=True)
class _Stop:
    """The order to stop."""


_Waiting = tuple[bytes, "asyncio.Future[Envelope]"]
_Order = _Finish | _Stop


class DiskInboxes:
    """The gate's inboxes, one file each in `folder`."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, and make it if need be."""
        folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        self._folder = folder

    def open(
        self,
        drive_id: DriveId,
        slot: int,
        *,
        public: bytes,
        key: bytes,
        dummy: Callable[[], bytes],
    ) -> "DiskInbox":
        """Open a slot's inbox, or make it, with a pool of dummies.

        `dummy` is called on the writer's thread. Raises `Tampered` if the blocks are
        not those that were written, `StorageError` if the disk fails.
        """
        block_key = BlockKey(key=key, drive_id=drive_id, slot=slot)
        path = self._path(drive_id, slot)
        return DiskInbox(path, block_key, public=public, dummy=dummy)

    def known(self) -> list[tuple[DriveId, int]]:
        """Return the slots that have an inbox on disk."""
        names = (_NAME.fullmatch(path.name) for path in self._folder.iterdir())
        return sorted((DriveId(bytes.fromhex(n[1])), int(n[2])) for n in names if n)

    def remove(self, drive_id: DriveId, slot: int) -> None:
        """Remove an inbox that is not open."""
        _remove(self._path(drive_id, slot))

    def free_bytes(self) -> int:
        """Return how much room the disk has for us."""
        disk = os.statvfs(self._folder)
        return disk.f_bavail * disk.f_frsize

    def _path(self, drive_id: DriveId, slot: int) -> Path:
        return self._folder / f"{drive_id.hex()}-{slot}.db"


class DiskInbox:
    """One slot's inbox. Its methods belong to the event loop's thread."""

    def __init__(
        self,
        path: Path,
        key: BlockKey,
        *,
        public: bytes,
        dummy: Callable[[], bytes],
    ) -> None:
        """Open the file, or make it; returns once it is verified and has a pool."""
        self._path = path
        self._queue: SimpleQueue[_Waiting | _Order] = SimpleQueue()
        self._takes = True
        opened: Future[None] = Future()
        # A daemon: a process that ends does not wait for it. What was acknowledged
        # is on disk.
        self._writer = Thread(
            target=self._run,
            args=(_File(path, key, public=public, dummy=dummy), opened),
            name="inbox",
            daemon=True,
        )
        self._writer.start()
        try:
            opened.result()
        except BaseException:
            self._writer.join()
            raise

    def append(self, record: bytes) -> "asyncio.Future[Envelope]":
        """Seal a padded record and write it durably, together with all that waits.

        The future holds the envelope once it is on disk, or the `StorageError` that
        kept its whole batch off it. Raises `QueueFull` and `InboxClosed` at once.
        """
        assert len(record) == POLL_RECORD_BYTES
        if not self._takes:
            raise InboxClosed(_CLOSED)
        if self._queue.qsize() >= WAITING_RECORDS_MAX:
            raise QueueFull("too many answers wait for the disk")
        future: asyncio.Future[Envelope] = asyncio.get_running_loop().create_future()
        self._queue.put((record, future))
        return future

    async def finish(self) -> list[Envelope]:
        """Write what waits, stop, and return all envelopes, dummies included.

        They come in the order of the blocks, which means nothing. The file stays
        until `destroy`. Raises `Tampered` if the blocks are not those written.
        """
        if not self._takes:
            raise InboxClosed(_CLOSED)
        self._takes = False
        order = _Finish(asyncio.get_running_loop().create_future())
        self._queue.put(order)
        return await order.future

    def close(self) -> None:
        """Stop the writer and leave the file as it is.

        The batch that is being written is still acknowledged; what waits behind it
        fails with `InboxClosed`.
        """
        self._takes = False
        left = _drain(self._queue)
        self._queue.put(_Stop())
        self._writer.join()
        for item in left:
            if isinstance(item, _Finish):
                _fail([item.future], InboxClosed(_CLOSED))
            elif not isinstance(item, _Stop):
                _fail([item[1]], InboxClosed(_CLOSED))

    def destroy(self) -> None:
        """Stop the writer and remove the file."""
        self.close()
        _remove(self._path)

    def _run(self, file: "_File", opened: "Future[None]") -> None:
        """Write until told to stop: all that the thread does."""
        try:
            file.open()
        except Exception as fault:  # noqa: BLE001 (thread boundary)
            file.close()
            opened.set_exception(_named(fault))
            return
        opened.set_result(None)
        # The caller's exception must be able to free what this thread holds.
        del opened
        try:
            self._write_all(file)
        finally:
            file.close()

    def _write_all(self, file: "_File") -> None:
        """Write batch after batch, and empty the log when nothing waits."""
        order: _Order | None = None
        while order is None:
            batch, order = self._take(file.quiet_seconds)
            if batch:
                _write(file, batch)
            elif order is None:
                file.empty_log()
        if isinstance(order, _Finish):
            _hand_over(file, order.future)

    def _take(self, seconds: float | None) -> tuple[list[_Waiting], _Order | None]:
        """Return what waits, at most one batch of it, and the order behind it.

        When nothing comes within `seconds`, both are empty.
        """
        batch: list[_Waiting] = []
        with suppress(Empty):
            item = self._queue.get(timeout=seconds)
            while isinstance(item, tuple):
                batch.append(item)
                if len(batch) == BATCH_RECORDS_MAX:
                    return batch, None
                item = self._queue.get_nowait()
            return batch, item
        return batch, None


class _File:
    """The SQLite file. All of it belongs to the writer's thread, its opening too."""

    def __init__(
        self,
        path: Path,
        key: BlockKey,
        *,
        public: bytes,
        dummy: Callable[[], bytes],
    ) -> None:
        self._path = path
        self._key = key
        self._public = public
        self._dummy = dummy
        self._blocks = Blocks(key=key, read=self._read_block)
        self._opened: sqlite3.Connection | None = None
        self._beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inbox")
        # After how much quiet the log is to be emptied; None if it is empty.
        self.quiet_seconds: float | None = None

    def open(self) -> None:
        """Open the file or make it, verify all blocks, and add a pool."""
        with suppress(FileExistsError):
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL, _FILE_MODE))
        self._opened = _connect(self._path)
        if self._database.execute(_READ_SCHEMA).fetchone() == (0,):
            self._make()
        else:
            self._verify()
            # A full disk must not keep what is there from being counted. The first
            # batch needs the pool, and says so then.
            with suppress(sqlite3.OperationalError):
                self._keep(self._with_pool(self._blocks.draft()))
        self.empty_log()

    def add(self, records: Sequence[bytes]) -> list[Envelope]:
        """Seal `records` and write them durably, or raise and change nothing."""
        envelopes = self._seal(records)
        draft = self._blocks.draft()
        if draft.lacks_dummies(len(envelopes)):
            self._with_pool(draft)
        draft.add(envelopes)
        self._keep(draft)
        return envelopes

    def read(self) -> list[Envelope]:
        """Return all envelopes, or raise `Tampered`."""
        found: list[Envelope] = []
        for body in self._read_verified():
            found.extend(split_block(body))
        return found

    def empty_log(self) -> None:
        """Move what the log holds to its places, and cut the log to nothing."""
        try:
            self._database.execute(_EMPTY_LOG).fetchall()
        except sqlite3.Error:
            # It stays durable where it is; only the order stays legible meanwhile.
            self.quiet_seconds = EMPTYING_RETRY_SECONDS
        else:
            self.quiet_seconds = None

    def close(self) -> None:
        """Close the file; SQLite empties and removes the log."""
        self._beside.shutdown()
        if self._opened is not None:
            self._opened.close()

    @property
    def _database(self) -> sqlite3.Connection:
        assert self._opened is not None
        return self._opened

    def _make(self) -> None:
        with _transaction(self._database):
            for statement in _CREATE:
                self._database.execute(statement)
            draft = self._with_pool(self._blocks.draft())
            self._write(draft)
        self._blocks = draft
        _sync_folder(self._path.parent)

    def _keep(self, draft: Blocks) -> None:
        """Write a draft durably; only then does it become what is known."""
        self.quiet_seconds = QUIET_SECONDS
        with _transaction(self._database):
            self._write(draft)
        self._blocks = draft
        if self._log.stat().st_size > LOG_BYTES_MAX:
            self.empty_log()

    def _write(self, draft: Blocks) -> None:
        before = self._blocks.count
        changed = draft.settle()
        # In place, and at the end in order: SQLite's pages then lie as the numbers do.
        old = [(body, number) for number, body in changed if number < before]
        new = [(body, number) for number, body in changed if number >= before]
        self._database.executemany(_CHANGE_BLOCK, old)
        self._database.executemany(_ADD_BLOCK, new)
        self._database.execute(_WRITE_SEAL, (draft.mac,))

    def _verify(self) -> None:
        for _ in self._read_verified():
            pass

    def _read_verified(self) -> Iterator[bytes]:
        """Yield all bodies; raise `Tampered` at the end if the MAC does not hold."""
        found = Blocks(key=self._key, read=self._read_block)
        for number, body in self._database.execute(_READ_BLOCKS):
            if number != found.count or len(body) != BLOCK_BYTES:
                raise Tampered(_FOREIGN)
            found.load(body)
            yield body
        (mac,) = self._database.execute(_READ_SEAL).fetchone() or (b"",)
        known = self._blocks
        if not is_same(mac, found.mac) or (known.count and known.mac != found.mac):
            raise Tampered(_FOREIGN)
        if not known.count:
            self._blocks = found

    def _read_block(self, number: int) -> bytes:
        row = self._database.execute(_READ_BLOCK, (number,)).fetchone()
        if row is None or len(row[0]) != BLOCK_BYTES:
            raise Tampered(_FOREIGN)
        body: bytes = row[0]
        return body

    def _with_pool(self, draft: Blocks) -> Blocks:
        draft.add_pool(self._seal([self._dummy() for _ in range(POOL_ENVELOPES)]))
        return draft

    def _seal(self, records: Sequence[bytes]) -> list[Envelope]:
        if len(records) < SHARED_RECORDS_MIN:
            return seal_records(records, self._public)
        half = len(records) // 2
        beside = self._beside.submit(seal_records, records[half:], self._public)
        return seal_records(records[:half], self._public) + beside.result()

    @property
    def _log(self) -> Path:
        return self._path.with_name(self._path.name + "-wal")


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        for pragma in _PRAGMAS:
            database.execute(pragma).fetchall()
    except sqlite3.Error:
        database.close()
        raise
    return database


@contextmanager
def _transaction(database: sqlite3.Connection) -> Generator[None]:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def _write(file: _File, batch: list[_Waiting]) -> None:
    """Write one batch, and tell its people together."""
    futures = [future for _, future in batch]
    try:
        envelopes = file.add([record for record, _ in batch])
    except Exception as fault:  # noqa: BLE001 (the thread's boundary)
        _soon(futures[0], _fail, futures, _named(fault))
    else:
        _soon(futures[0], _resolve, futures, envelopes)


def _hand_over(file: _File, future: "asyncio.Future[list[Envelope]]") -> None:
    try:
        envelopes = file.read()
    except Exception as fault:  # noqa: BLE001 (the thread's boundary)
        _soon(future, _fail, [future], _named(fault))
    else:
        _soon(future, _resolve, [future], [envelopes])


def _soon(
    future: "asyncio.Future[_T]", call: Callable[[_A, _B], None], first: _A, second: _B
) -> None:
    # A loop that has ended raises: nobody waits there any more.
    with suppress(RuntimeError):
        future.get_loop().call_soon_threadsafe(call, first, second)


def _resolve(futures: "Sequence[asyncio.Future[_T]]", results: Sequence[_T]) -> None:
    for future, result in zip(futures, results, strict=True):
        # Whoever gave up waiting has cancelled; the others must hear all the same.
        if not future.done():
            future.set_result(result)


def _fail(futures: "Sequence[asyncio.Future[_T]]", fault: StorageError) -> None:
    for future in futures:
        if not future.done() and not future.get_loop().is_closed():
            # Each its own: an exception collects the frames of whoever raises it.
            future.set_exception(type(fault)(*fault.args))


def _named(fault: Exception) -> StorageError:
    """Return what is said of a fault: its kind, never content."""
    if isinstance(fault, StorageError):
        return fault
    if isinstance(fault, OSError) and fault.errno == errno.ENOSPC:
        return StorageError(_FAULTS[sqlite3.SQLITE_FULL])
    # SQLite's extended codes keep the kind in their low byte.
    code = getattr(fault, "sqlite_errorcode", 0) & 0xFF
    if code in _FOREIGN_CODES:
        return Tampered(_FOREIGN)
    return StorageError(_FAULTS.get(code, f"it failed: {type(fault).__name__}"))


def _drain(queue: "SimpleQueue[_T]") -> list[_T]:
    items: list[_T] = []
    with suppress(Empty):
        while True:
            items.append(queue.get_nowait())
    return items


def _remove(path: Path) -> None:
    for suffix in _SUFFIXES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
