"""The file of an inbox: blocks of envelopes in SQLite (protocol.md §5).

All of a `BlockFile` belongs to one thread, its opening too.

**What the file tells.** Its size in blocks; nothing in it counts submissions or
commits. Whenever nothing waits the write-ahead log is emptied, because it keeps the
order of writing; its count of how often that happened starts at a random number. The
lock is exclusive, so that there is no -shm file. Rows are overwritten in place and
never deleted, so that there are no gaps. A disk taken in the few milliseconds before
the log is emptied shows which places were written last.

**What is noticed.** A missing, swapped or altered block, at opening and at the end
(`Tampered`). Not noticed: the whole file put back to an earlier state, or removed,
while the gate is down.
"""

import errno
import os
import secrets
import sqlite3
import struct
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.core.ballots import Envelope, split_envelopes
from bot.crypto.prf import is_same
from bot.ports import StorageError, Tampered
from storage.blocks import (
    BlockKey,
    Blocks,
)

# A caller who waits for one answer before the next must not wait for the log to be
# emptied in between; nobody steals a disk within a few milliseconds.
QUIET_SECONDS = 0.005
# A long flood must not fill the disk twice.
# At three pages for each block that is written, this is 24 MiB.
LOG_BLOCKS_MAX = 2048
# A disk that is full now is full in five milliseconds too.
EMPTYING_RETRY_SECONDS = 1.0

_SUFFIXES = ("-wal", "-journal", "")
_FILE_MODE = 0o600
_PAGE_BYTES = 4096
# Checksums over big-endian words; the format's version.
_LOG_MAGIC = 0x377F0683
_LOG_VERSION = 3007000

_PRAGMAS = (
    # Before anything is read: with a shared lock SQLite would keep a -shm file.
    "PRAGMA locking_mode = EXCLUSIVE",
    # A block and its page header fill one page and a fifth of another.
    f"PRAGMA page_size = {_PAGE_BYTES}",
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
_CHANGE_BLOCK = "UPDATE blocks SET body = ? WHERE number = ?"
# One statement for a whole batch: between two of them the writer would wait for the
# interpreter's lock, a millisecond for each block while the event loop is busy.
_PUT_BLOCKS = """
    INSERT INTO blocks (number, body)
    SELECT value, substr(?2, key * ?3 + 1, ?3)
    FROM json_each(?1) WHERE true
    ON CONFLICT (number) DO UPDATE SET body = excluded.body
"""
_EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"

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


class BlockFile:
    """One inbox file. `seal_pool` makes a pool of dummies when one is needed."""

    def __init__(
        self, path: Path, key: BlockKey, seal_pool: Callable[[], list[Envelope]]
    ) -> None:
        """Remember what to open."""
        self._path = path
        self._key = key
        self._seal_pool = seal_pool
        self._blocks = Blocks(key=key, read=self._read_block)
        self._opened: sqlite3.Connection | None = None
        # How many blocks were written since the log was last to be emptied.
        self._logged = 0
        # After how much quiet the log is to be emptied; None if it is empty.
        self.quiet_seconds: float | None = None

    def open(self) -> None:
        """Open the file or make it, verify all blocks, and add a pool."""
        with suppress(FileExistsError):
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL, _FILE_MODE))
        self._connect()
        if self._database.execute(_READ_SCHEMA).fetchone() == (0,):
            self._make()
            # Only a file that holds something keeps the log's random number.
            self.close()
            self._connect()
        else:
            self._verify()
            # A full disk must not keep what is there from being counted. The first
            # batch needs the pool, and says so then.
            with suppress(sqlite3.OperationalError):
                self._keep(self._with_pool(self._blocks.draft()))
        self.empty_log()

    def add(self, envelopes: Sequence[Envelope]) -> None:
        """Write a batch durably, or raise and change nothing."""
        draft = self._blocks.draft()
        if draft.lacks_dummies(len(envelopes)):
            self._with_pool(draft)
        draft.add(envelopes)
        self._keep(draft)

    def read(self) -> list[Envelope]:
        """Return all envelopes, or raise `Tampered`."""
        found: list[Envelope] = []
        for body in self._read_verified():
            found.extend(split_envelopes(body, self._key.shape))
        return found

    def empty_log(self) -> None:
        """Move what the log holds to its places, and cut the log to nothing."""
        self._logged = 0
        try:
            self._database.execute(_EMPTY_LOG).fetchall()
        except sqlite3.Error:
            # It stays durable where it is; only the order stays legible meanwhile.
            self.quiet_seconds = EMPTYING_RETRY_SECONDS
        else:
            self.quiet_seconds = None
            self._wipe_date()

    def close(self) -> None:
        """Close the file; SQLite empties and removes the log."""
        if self._opened is not None:
            self._opened.close()
            self._wipe_date()

    def _wipe_date(self) -> None:
        """Let no copy of the file tell when the last answer came.

        The inode keeps a time of its own, which nobody can set (protocol.md §5.5).
        """
        for suffix in _SUFFIXES:
            with suppress(OSError):
                os.utime(self._path.with_name(self._path.name + suffix), (0, 0))

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
        self._take_over(draft)
        _sync_folder(self._path.parent)

    def _keep(self, draft: Blocks) -> None:
        """Write a draft durably; only then does it become what is known."""
        self.quiet_seconds = QUIET_SECONDS
        with _transaction(self._database):
            self._write(draft)
        self._take_over(draft)
        if self._logged > LOG_BLOCKS_MAX:
            self.empty_log()

    def _take_over(self, draft: Blocks) -> None:
        draft.remember()
        self._blocks = draft

    def _write(self, draft: Blocks) -> None:
        changed = draft.settle()
        self._logged += len(changed)
        if len(changed) == 1 and changed[0][0] < self._blocks.count:
            # An answer that comes alone waits for each microsecond by itself.
            [(number, body)] = changed
            self._database.execute(_CHANGE_BLOCK, (body, number))
        else:
            self._put(changed)
        self._database.execute(_WRITE_SEAL, (draft.mac,))

    def _put(self, changed: Sequence[tuple[int, bytes]]) -> None:
        # In place, and at the end in order: SQLite's pages then lie as the numbers do.
        numbers = ",".join(str(number) for number, _ in changed)
        bodies = b"".join(body for _, body in changed)
        self._database.execute(
            _PUT_BLOCKS, (f"[{numbers}]", bodies, self._key.block_bytes)
        )

    def _verify(self) -> None:
        for _ in self._read_verified():
            pass

    def _read_verified(self) -> Iterator[bytes]:
        """Yield all bodies; raise `Tampered` at the end if the MAC does not hold."""
        found = Blocks(key=self._key, read=self._read_block)
        for number, body in self._database.execute(_READ_BLOCKS):
            if number != found.count or len(body) != self._key.block_bytes:
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
        if row is None or len(row[0]) != self._key.block_bytes:
            raise Tampered(_FOREIGN)
        body: bytes = row[0]
        return body

    def _with_pool(self, draft: Blocks) -> Blocks:
        draft.add_pool(self._seal_pool())
        return draft

    def _connect(self) -> None:
        seed_log(self._path)
        self._opened = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        for pragma in _PRAGMAS:
            self._opened.execute(pragma).fetchall()


def remove_file(path: Path) -> None:
    """Remove an inbox file and what SQLite keeps beside it."""
    for suffix in _SUFFIXES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    _sync_folder(path.parent)


def seed_log(path: Path) -> None:
    """Let SQLite go on counting from a random number (sqlite.org/fileformat2 §4.1).

    The header of the log says how often the log was emptied since it was made: about
    as often as somebody answered. SQLite goes on from a header that it finds, even if
    no page follows. If a version of it did not, it would start from zero.
    """
    log = path.with_name(path.name + "-wal")
    if not path.stat().st_size or (log.exists() and log.stat().st_size):
        return
    # The number of times and both salts.
    numbers = struct.unpack(">3I", secrets.token_bytes(12))
    words = (_LOG_MAGIC, _LOG_VERSION, _PAGE_BYTES, *numbers)
    first = second = 0
    for left, right in zip(words[::2], words[1::2], strict=True):
        first = (first + left + second) & 0xFFFFFFFF
        second = (second + right + first) & 0xFFFFFFFF
    # A log of a header alone, without one byte more, would not be looked at.
    content = struct.pack(">8Ix", *words, first, second)
    opened = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, _FILE_MODE)
    with open(opened, "wb") as file:  # noqa: PTH123 (a descriptor is no path)
        file.write(content)


def name_fault(fault: Exception) -> StorageError:
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


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
