"""The one Store: SQLAlchemy Core over the database that gate and counter share.

Both run at once, as two processes on one file. A transaction begins and ends in one
method. After each commit the write-ahead log is emptied, because it keeps the order
of writing and what was deleted (protocol.md §5).
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, make_url, select
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot import log
from bot.core.manifest import DriveId
from bot.core.records import (
    BoxTables,
    CaseRow,
    Change,
    Drive,
    Invite,
    Mail,
    Organizer,
    Party,
    Post,
    Proposal,
    SlotEnd,
    SlotKey,
)
from storage import rows
from storage.database import (
    BUSY_SECONDS_MAX,
    CHECKPOINT_SECONDS_MAX,
    WRITES,
    Damaged,
    NoSuchSlot,
    StillInUse,
    UnknownDatabase,
    check_file,
    check_whole,
    database_faults,
    make_engine,
    make_file,
    revision_of,
    upgrade,
)
from storage.schema import (
    BOARD,
    BOX_TABLES,
    BUNDLES,
    CASES,
    CURSORS,
    DRIVES,
    INVITES,
    MAIL,
    ORGANIZERS,
    POSTS,
    PROPOSALS,
    REVISIONS,
    SLOT_ENDS,
    SLOT_KEYS,
    STATES,
)
from storage.writes import write

_Record = TypeVar("_Record")
# How a stored value that no record can have fails. The error itself would quote it.
_NO_RECORD = (ValueError, TypeError, AttributeError)


class SqlStore:
    """Implements `bot.ports.Store`. Made by `create_store` and `open_store`."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Use an engine of `storage.database`, whose tables are of this version."""
        self._engine = engine
        # Two writers of one process take turns here; SQLite would let them poll.
        self._turn = asyncio.Lock()
        self._told = False

    async def close(self) -> None:
        """Close all connections; the store is not used afterwards."""
        await self._engine.dispose()

    async def commit(self, changes: Sequence[Change]) -> None:
        """Write all `changes` in order, durably, or none of them."""

        def write_all(db: Connection) -> None:
            for change in changes:
                write(change, db)

        async with self._writing() as db:
            async with db.begin():
                await db.run_sync(write_all)
            # All is written; a log that cannot be emptied now is emptied next time.
            with suppress(sqlite3.Error):
                await _empty_log(db, CHECKPOINT_SECONDS_MAX)

    async def drives(self) -> list[Drive]:
        """Return all drives, by the time they were drafted."""
        ordered = select(DRIVES).order_by(DRIVES.c.drafted_at, DRIVES.c.drive_id)
        return await self._readable(ordered, rows.drive_of)

    async def slot_keys(self, drive_id: DriveId) -> list[SlotKey]:
        """Return a drive's slot keys in slot order."""
        of_drive = select(SLOT_KEYS).where(SLOT_KEYS.c.drive_id == drive_id)
        return await self._all(of_drive.order_by(SLOT_KEYS.c.slot), rows.slot_key_of)

    async def mail(self, reader: Party, after: int) -> list[Mail]:
        """Return the messages to `reader` with a number above `after`, in order."""
        unread = _mail_to(reader).where(MAIL.c.number > after)
        return await self._all(unread.order_by(MAIL.c.number), rows.mail_of)

    async def last_mail(self, reader: Party) -> Mail | None:
        """Return the stored message to `reader` with the highest number."""
        last = _mail_to(reader).order_by(MAIL.c.number.desc()).limit(1)
        return next(iter(await self._all(last, rows.mail_of)), None)

    async def cursor(self, reader: Party) -> int:
        """Return the number of the last message that `reader` acted on, or 0."""
        number = select(CURSORS.c.number).where(CURSORS.c.reader == reader.value)
        return await self._value(number) or 0

    async def slot_ends(self, drive_id: DriveId) -> list[SlotEnd]:
        """Return what the board says of a drive, in slot order."""
        of_drive = select(SLOT_ENDS).where(SLOT_ENDS.c.drive_id == drive_id)
        return await self._all(of_drive.order_by(SLOT_ENDS.c.slot), rows.slot_end_of)

    async def bundle(self, drive_id: DriveId, slot: int) -> AsyncIterator[bytes]:
        """Yield the chunks of an ended slot, each a multiple of one envelope.

        One chunk is in memory at a time, and no transaction lasts from one to the
        next: a reader that is slow keeps nobody from emptying the log.
        """
        chunk = 0
        while True:
            envelopes: bytes | None = await self._value(
                select(BUNDLES.c.envelopes).where(
                    BUNDLES.c.drive_id == drive_id,
                    BUNDLES.c.slot == slot,
                    BUNDLES.c.chunk == chunk,
                )
            )
            if envelopes is None:
                return
            yield envelopes
            chunk += 1

    async def board_hashes(self, drive_id: DriveId, slot: int) -> bytes:
        """Return the sorted envelope hashes of an ended slot, 32 B each."""
        of_drive = select(BOARD.c.hashes).where(BOARD.c.drive_id == drive_id)
        hashes: bytes | None = await self._value(of_drive.where(BOARD.c.slot == slot))
        if hashes is None:
            raise NoSuchSlot
        return hashes

    async def state(self, drive_id: DriveId, generation: int) -> bytes | None:
        """Return a sealed running count."""
        of_drive = select(STATES.c.box).where(STATES.c.drive_id == drive_id)
        box: bytes | None = await self._value(
            of_drive.where(STATES.c.generation == generation)
        )
        return box

    async def last_state(self, drive_id: DriveId) -> bytes | None:
        """Return the newest of what the counter left for a drive."""
        of_drive = select(STATES.c.box).where(STATES.c.drive_id == drive_id)
        box: bytes | None = await self._value(
            of_drive.order_by(STATES.c.generation.desc()).limit(1)
        )
        return box

    async def organizers(self) -> list[Organizer]:
        """Return all organizers, by label."""
        by_label = select(ORGANIZERS).order_by(ORGANIZERS.c.label, ORGANIZERS.c.tag)
        return await self._readable(by_label, rows.organizer_of)

    async def invite(self, digest: bytes) -> Invite | None:
        """Return the invite with this keyed digest."""
        this = select(INVITES).where(INVITES.c.digest == digest)
        return next(iter(await self._readable(this, rows.invite_of)), None)

    async def proposals(self) -> list[Proposal]:
        """Return what waits for a second organizer."""
        by_end = (PROPOSALS.c.expires_at, PROPOSALS.c.proposal_id)
        ordered = select(PROPOSALS).order_by(*by_end)
        return await self._readable(ordered, rows.proposal_of)

    async def posts(self) -> list[Post]:
        """Return the posts whose wanted revision is not shown yet, oldest first."""
        waiting = select(POSTS).where(POSTS.c.wanted > POSTS.c.shown)
        return await self._readable(waiting.order_by(POSTS.c.turn), rows.post_of)

    async def cases(self) -> list[CaseRow]:
        """Return all cases, by their ids, whose order is chance."""
        return await self._all(select(CASES).order_by(CASES.c.case_id), rows.case_of)

    async def box_tables(self, drive_id: DriveId) -> list[BoxTables]:
        """Return the tables of a box's releases, oldest first."""
        of_box = select(BOX_TABLES).where(BOX_TABLES.c.drive_id == drive_id)
        return await self._all(of_box.order_by(BOX_TABLES.c.number), rows.tables_of)

    async def rewrite(self) -> None:
        """Rewrite the files, so that what was deleted is no longer in them.

        Raises `StillInUse` if a reader kept the log from being emptied.
        """
        async with self._writing() as db:
            driver: Any = (await db.get_raw_connection()).driver_connection
            # VACUUM allows no transaction around it, and SQLAlchemy begins one.
            await driver.execute("VACUUM")
            if not await _empty_log(db, BUSY_SECONDS_MAX):
                raise StillInUse

    @asynccontextmanager
    async def _writing(self) -> AsyncGenerator[AsyncConnection]:
        async with self._turn:
            with database_faults():
                async with self._engine.connect() as db:
                    yield await db.execution_options(**{WRITES: True})

    async def _all(
        self, query: Select[Any], record_of: Callable[[rows.StoredRow], _Record]
    ) -> list[_Record]:
        found = await self._rows(query)
        try:
            return [record_of(row) for row in found]
        except _NO_RECORD:
            raise Damaged from None

    async def _readable(
        self, query: Select[Any], record_of: Callable[[rows.StoredRow], _Record]
    ) -> list[_Record]:
        """Return the rows that are records; one that is none must not stop the others.

        That such a row is missing is for the reader to notice.
        """
        records: list[_Record] = []
        for row in await self._rows(query):
            try:
                records.append(record_of(row))
            except _NO_RECORD:
                self._tell_unreadable()
        return records

    def _tell_unreadable(self) -> None:
        # Once: a row that stays there is read again and again.
        if not self._told:
            self._told = True
            log.failure("rows_unreadable")

    async def _rows(self, query: Select[Any]) -> Sequence[rows.StoredRow]:
        with database_faults():
            async with self._engine.connect() as db:
                found: Sequence[rows.StoredRow] = (await db.execute(query)).all()
                return found

    async def _value(self, query: Select[Any]) -> Any:  # noqa: ANN401 (any column)
        with database_faults():
            async with self._engine.connect() as db:
                return await db.scalar(query)


async def create_store(place: str | Path) -> SqlStore:
    """Make a database in a new file, and open it."""
    path = _path_of(place)
    make_file(path)
    try:
        return await _opened(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


async def open_store(place: str | Path) -> SqlStore:
    """Open a database that is there: a path, or a URL of the kind sqlite:///path.

    Tables of an older version are brought up to date first. Raises `NewerVersion`,
    `Damaged` and their like before anything is changed.
    """
    path = _path_of(place)
    check_file(path)
    return await _opened(path)


async def _opened(path: Path) -> SqlStore:
    engine = make_engine(path)
    try:
        with database_faults():
            async with engine.connect() as db:
                revision = await db.run_sync(revision_of)
                await db.run_sync(check_whole)
            if revision != REVISIONS[-1]:
                await _bring_up_to_date(engine)
    except BaseException:
        await engine.dispose()
        raise
    return SqlStore(engine)


async def _bring_up_to_date(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        db = await connection.execution_options(**{WRITES: True})
        async with db.begin():
            # The other process may have been faster.
            if await db.run_sync(revision_of) != REVISIONS[-1]:
                await db.run_sync(upgrade)
        await _empty_log(db, CHECKPOINT_SECONDS_MAX)


async def _empty_log(db: AsyncConnection, seconds_max: float) -> bool:
    """Empty the write-ahead log; tell whether no reader stood in the way."""
    driver: Any = (await db.get_raw_connection()).driver_connection
    await driver.execute_fetchall(_busy_timeout(seconds_max))
    try:
        rows_of_pragma = await driver.execute_fetchall(
            "PRAGMA wal_checkpoint(TRUNCATE)"
        )
    finally:
        await driver.execute_fetchall(_busy_timeout(BUSY_SECONDS_MAX))
    return bool(next(iter(rows_of_pragma))[0] == 0)


def _busy_timeout(seconds: float) -> str:
    return f"PRAGMA busy_timeout = {round(seconds * 1000)}"


def _mail_to(reader: Party) -> Select[Any]:
    return select(MAIL).where(MAIL.c.reader == reader.value)


def _path_of(place: str | Path) -> Path:
    if isinstance(place, Path) or ":" not in place:
        return Path(place)
    try:
        url = make_url(place)
    except ArgumentError:
        raise UnknownDatabase from None
    if url.get_backend_name() != "sqlite" or not url.database:
        raise UnknownDatabase
    return Path(url.database)
