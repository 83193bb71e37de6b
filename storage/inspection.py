"""What can be told of the database without changing it: its settings, its tables."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from storage.database import (
    check_file,
    check_whole,
    database_faults,
    make_engine,
    revision_of,
)
from storage.faults import NewerVersion
from storage.schema import REVISIONS

# Where the header says whether the log is written ahead, and the figure for it
# (sqlite.org/fileformat2 §1.3.4).
_LOG_AT = 18
_WRITTEN_AHEAD = b"\x02\x02"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseLook:
    """The settings of a database as this program opens it.

    `synchronous` and `secure_delete` are SQLite's figures, or None where the log is
    not written ahead: opening it would change that.
    """

    written_ahead: bool
    synchronous: int | None = None
    secure_delete: int | None = None
    is_newer: bool = False
    is_older: bool = False


async def look_at_database(path: Path) -> DatabaseLook:
    """Return what a database is set to; raise a `Fault` if it cannot be used."""
    check_file(path)
    if not _is_written_ahead(path):
        return DatabaseLook(written_ahead=False)
    engine = make_engine(path)
    try:
        with database_faults():
            async with engine.connect() as db:
                await db.run_sync(check_whole)
                synchronous = await db.scalar(text("PRAGMA synchronous"))
                secure_delete = await db.scalar(text("PRAGMA secure_delete"))
                try:
                    revision = await db.run_sync(revision_of)
                except NewerVersion:
                    revision = ""
    finally:
        await engine.dispose()
    return DatabaseLook(
        written_ahead=True,
        synchronous=synchronous,
        secure_delete=secure_delete,
        is_newer=revision == "",
        is_older=revision not in {"", REVISIONS[-1]},
    )


def _is_written_ahead(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(_LOG_AT + len(_WRITTEN_AHEAD))
    return start[_LOG_AT:] == _WRITTEN_AHEAD
