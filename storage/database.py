"""The SQLite file under the store: how it is opened, upgraded, and how it fails.

No fault quotes content: what a driver says may hold a row, so only its code is used.
"""

import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.ports import Tampered
from storage.faults import Fault, NewerVersion
from storage.schema import REVISIONS

# Gate and counter write in milliseconds; a slot of a million envelopes takes seconds.
BUSY_SECONDS_MAX = 10
# Emptying the log waits this long for a reader; the next commit tries again.
CHECKPOINT_SECONDS_MAX = 0.2
# The execution option of a connection that will write.
WRITES = "roundrobin_writes"
# Gate and counter may be two users of one group.
FILE_MODE = 0o660

# How a database begins, and what it has at the least (sqlite.org/fileformat2).
_MAGIC = b"SQLite format 3\0"
_PAGE_BYTES_MIN = 512

_MIGRATIONS = Path(__file__).parent / "migrations"
# SQLite keeps the kind of an error in the low byte of its code (sqlite.org/rescode).
_KIND_MASK = 0xFF

_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS_MAX * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    # Zeros over what is deleted, in the main file; the log is emptied instead.
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    # VACUUM copies everything: not to a file in somebody's /tmp.
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cell_size_check = ON",
    "PRAGMA trusted_schema = OFF",
)


class NoDatabase(Fault):
    """There is no database in this data folder. Nothing was changed."""


class DatabaseExists(Fault):
    """There is a database in this place already. Nothing was changed."""


class Damaged(Fault, Tampered):
    """The database is damaged. Nothing was changed.

    Stop Roundrobin, check the disk, and restore the database from a backup.
    """


class Busy(Fault):
    """Another program kept the database locked for too long.

    Nothing was changed. Try again.
    """


class DiskFull(Fault):
    """The disk is full. Nothing was changed. Make room and try again."""


class DiskFailed(Fault):
    """The disk failed while the database was in use.

    Check the disk before Roundrobin is started again.
    """


class NotWritable(Fault):
    """The database cannot be opened or written.

    Nothing was changed. Check the owner and the mode of the files.
    """


class Contradiction(Fault):
    """A change contradicts what the database holds. Nothing was changed.

    This is a mistake in Roundrobin: please report it.
    """


class Failed(Fault):
    """The database failed. The last change may be missing."""


class NoSuchSlot(Fault):
    """The database knows no such ended slot."""


class UnknownDatabase(Fault):
    """This version keeps its database in SQLite only. Nothing was changed."""


class StillInUse(Fault):
    """The files were rewritten, but another program was reading the database.

    What was deleted may still be in the files until they are rewritten again.
    """


_FAULTS: dict[int, type[Fault]] = {
    sqlite3.SQLITE_BUSY: Busy,
    sqlite3.SQLITE_LOCKED: Busy,
    sqlite3.SQLITE_PROTOCOL: Busy,
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_IOERR: DiskFailed,
    sqlite3.SQLITE_CORRUPT: Damaged,
    sqlite3.SQLITE_NOTADB: Damaged,
    sqlite3.SQLITE_CANTOPEN: NotWritable,
    sqlite3.SQLITE_READONLY: NotWritable,
    sqlite3.SQLITE_PERM: NotWritable,
    sqlite3.SQLITE_CONSTRAINT: Contradiction,
    # Our queries fit our tables: an error of SQL means that the tables are others.
    sqlite3.SQLITE_ERROR: Damaged,
}


@contextmanager
def database_faults() -> Generator[None]:
    """Turn what the driver raises into a `Fault` without content."""
    try:
        yield
    except DBAPIError as error:
        raise fault_of(error.orig) from None
    except sqlite3.Error as error:
        raise fault_of(error) from None
    except SQLAlchemyError:
        raise Failed from None


def fault_of(error: BaseException | None) -> Fault:
    """Return the fault that a driver's error stands for."""
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _FAULTS.get(code & _KIND_MASK, Failed)()
    # Bytes that are no UTF-8 in a text column raise without a code.
    return Damaged() if isinstance(error, sqlite3.OperationalError) else Failed()


def make_file(path: Path) -> None:
    """Make an empty file for a new database; never take one that is there."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    except FileExistsError:
        raise DatabaseExists from None
    except OSError:
        raise NotWritable from None
    # The umask took the group's bits. SQLite gives its log the mode of this file.
    os.fchmod(file, FILE_MODE)
    os.close(file)


def check_file(path: Path) -> None:
    """Raise unless a file is there that begins as a database does."""
    try:
        with path.open("rb") as file:
            start = file.read(_PAGE_BYTES_MIN)
    except FileNotFoundError:
        raise NoDatabase from None
    except OSError:
        raise NotWritable from None
    # SQLite takes a file of a byte or none for a new database: all would seem well.
    if len(start) < _PAGE_BYTES_MIN or not start.startswith(_MAGIC):
        raise Damaged


def make_engine(path: Path) -> AsyncEngine:
    """Return an engine whose connections are all set up in the same way."""
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)), hide_parameters=True
    )
    event.listen(engine.sync_engine, "connect", _set_up)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def check_whole(db: Connection) -> None:
    """Raise `Damaged` if the pages of the file do not fit together."""
    if db.execute(text("PRAGMA quick_check(1)")).scalar() != "ok":
        raise Damaged


def revision_of(db: Connection) -> str | None:
    """Return the revision of the tables, or None if there are none at all."""
    tables = inspect(db).get_table_names()
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise Damaged
    revisions = list(db.scalars(text("SELECT version_num FROM alembic_version")))
    if len(revisions) != 1:
        raise Damaged
    revision = str(revisions[0])
    if revision not in REVISIONS:
        raise NewerVersion
    return revision


def upgrade(db: Connection, target: str = REVISIONS[-1]) -> None:
    """Bring the tables to a revision, inside the transaction of `db`."""
    # Only an old folder needs it, and it is a quarter of the start's imports.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    # The value passes through configparser, which reads % as a reference.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = db
    command.upgrade(config, target)


def _set_up(connection: Any, _record: object) -> None:  # noqa: ANN401 (the driver's)
    # The driver must begin nothing on its own: it would begin reading, not writing.
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
    finally:
        cursor.close()


def _begin(db: Connection) -> None:
    # A transaction that reads first and writes later would fail beside another one.
    writes = db.get_execution_options().get(WRITES, False)
    db.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
