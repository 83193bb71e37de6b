"""Old folders are brought up to date; newer ones are refused; the schema is one."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.core.manifest import DriveId
from bot.core.records import Post, PostKind
from storage import database
from storage import store as store_module
from storage.database import Damaged, make_engine, upgrade
from storage.faults import NewerVersion
from storage.schema import METADATA, REVISIONS
from storage.store import create_store, open_store

_Result = TypeVar("_Result")

LUNCH = DriveId(b"lunch.lunch.lunc")
MIGRATIONS = Path(database.__file__).parent / "migrations"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the test's database stands."""
    return tmp_path / "roundrobin.db"


async def inside(place: Path, act: Callable[[Connection], _Result]) -> _Result:
    """Run a function in a transaction on a database."""
    engine = make_engine(place)
    try:
        async with engine.begin() as db:
            return await db.run_sync(act)
    finally:
        await engine.dispose()


def tables_of(place: Path) -> set[str]:
    """Return the statements that made a database's tables, without their spacing."""
    with closing(sqlite3.connect(place)) as db:
        made = db.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
            " AND name <> 'alembic_version'"
        )
        return {" ".join(str(row[0]).split()) for row in made}


async def empty_database(place: Path) -> None:
    """Make a database without tables: the revision before all revisions."""
    await inside(place, lambda _: None)


def test_revisions_are_those_on_disk() -> None:
    """This version says of itself that it knows exactly the revisions it brings."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    on_disk = [each.revision for each in scripts.walk_revisions()]

    assert on_disk[::-1] == list(REVISIONS)
    assert scripts.get_heads() == [REVISIONS[-1]]


async def test_migrated_schema_is_the_schema(place: Path) -> None:
    """Alembic finds no difference between what migrations make and schema.py."""
    await (await create_store(place)).close()

    def differences(db: Connection) -> list[Any]:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))

    assert await inside(place, differences) == []


async def test_migrated_tables_are_the_same_to_the_letter(tmp_path: Path) -> None:
    """Migrations and schema.py make equal statements: strict, and without row ids."""
    migrated, made = tmp_path / "migrated.db", tmp_path / "made.db"
    await (await create_store(migrated)).close()
    await inside(made, METADATA.create_all)

    assert tables_of(migrated) == tables_of(made)
    assert all(each.endswith("WITHOUT ROWID, STRICT") for each in tables_of(made))


async def test_control_a_missing_column_is_a_difference(place: Path) -> None:
    """The comparison would see a column that a migration forgot."""
    await (await create_store(place)).close()
    with closing(sqlite3.connect(place)) as db:
        db.execute("ALTER TABLE drives DROP COLUMN floor")

    def differences(db: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(db), METADATA))

    assert await inside(place, differences)


def test_every_column_says_why_it_tells_nothing() -> None:
    """Each table and each column carries a comment of more than a word."""
    silent = [
        str(part)
        for table in METADATA.sorted_tables
        for part in (table, *table.columns)
        if len((part.comment or "").split()) < 3
    ]

    assert silent == []


async def test_empty_revision_is_upgraded(place: Path) -> None:
    """A database without tables gets them when it is opened."""
    await empty_database(place)
    await (await open_store(place)).close()
    migrated = place.with_name("migrated.db")
    await (await create_store(migrated)).close()

    assert tables_of(place) == tables_of(migrated)


async def test_upgraded_database_is_opened_as_it_is(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is up to date is not migrated again."""
    await (await create_store(place)).close()
    before = place.read_bytes()
    monkeypatch.setattr(store_module, "upgrade", None)
    await (await open_store(place)).close()

    assert place.read_bytes() == before


async def test_failed_upgrade_changes_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade that fails after its work leaves the tables as they were."""
    await empty_database(place)

    def broken(db: Connection) -> None:
        upgrade(db)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store_module, "upgrade", broken)
        with pytest.raises(KeyboardInterrupt):
            await open_store(place)
    assert tables_of(place) == set()

    await (await open_store(place)).close()
    assert tables_of(place)


async def test_failed_making_leaves_no_database(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that could not be made can be made again."""

    def broken(_: Connection) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store_module, "upgrade", broken)
        with pytest.raises(KeyboardInterrupt):
            await create_store(place)
    await (await create_store(place)).close()

    assert tables_of(place)


@pytest.mark.parametrize("revision", ["9999", "zebra"])
async def test_newer_version_is_refused(place: Path, revision: str) -> None:
    """A database of a later version is not opened, and not a byte of it changes."""
    await (await create_store(place)).close()
    with closing(sqlite3.connect(place)) as db:
        db.execute("UPDATE alembic_version SET version_num = ?", [revision])
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = place.read_bytes()

    with pytest.raises(NewerVersion) as raised:
        await open_store(place)
    assert str(raised.value) == (
        "This data folder was made by a newer version of Roundrobin."
        " Nothing was changed. Install that version, or newer."
    )
    assert place.read_bytes() == before


@pytest.mark.parametrize("statement", ["DELETE FROM", "INSERT INTO"])
async def test_revision_that_is_not_one_is_damage(place: Path, statement: str) -> None:
    """A database of no revision, or of two, is damaged."""
    await (await create_store(place)).close()
    more = " alembic_version" + (" VALUES ('0001')" if "INSERT" in statement else "")
    with closing(sqlite3.connect(place)) as db:
        db.execute(statement + more)
        db.commit()

    with pytest.raises(Damaged):
        await open_store(place)


async def test_posts_of_the_first_revision_get_their_place(place: Path) -> None:
    """What a channel shows already is not posted again after an upgrade."""
    await inside(place, lambda db: upgrade(db, "0001"))
    columns = "state, terms, author, drafted_at, length, closes_at, next_slot, floor"
    more = "extended, closed_early_at, manifest, signature, certificate"
    drive = (LUNCH, "open", '{"place":"general"}', b"", *(0,) * 7, b"", b"", b"")
    with closing(sqlite3.connect(place)) as db:
        db.execute(
            f"INSERT INTO drives (drive_id, {columns}, {more})"  # noqa: S608
            f" VALUES ({', '.join('?' * len(drive))})",
            drive,
        )
        posts = "INSERT INTO posts VALUES (?, 'drive', 1, 2, 1, 'm1')"
        db.executemany(posts, [(LUNCH,), (bytes(16),)])
        db.commit()
    store = await open_store(place)

    assert await store.posts() == [
        Post(
            drive_id=LUNCH,
            kind=PostKind.DRIVE,
            place="general",
            wanted=2,
            shown=1,
            reference="m1",
        )
    ]

    await store.close()


async def test_organizers_of_an_older_revision_have_no_mac(place: Path) -> None:
    """What nobody vouched for is kept as it was, and vouched for by no migration."""
    await inside(place, lambda db: upgrade(db, "0002"))
    with closing(sqlite3.connect(place)) as db:
        db.execute("INSERT INTO organizers VALUES (x'07', 'lead', 'Birch')")
        db.commit()
    store = await open_store(place)
    [organizer] = await store.organizers()

    assert (organizer.label, organizer.mac) == ("Birch", b"")

    await store.close()


OPENER = """
import asyncio, sys
from storage.store import open_store

async def main():
    store = await open_store(sys.argv[1])
    print(len(await store.drives()), flush=True)
    await store.close()

asyncio.run(main())
"""


def start_opener(place: Path) -> "subprocess.Popen[str]":
    """Start a process that opens the database and prints how many drives it has."""
    program = [sys.executable, "-c", OPENER, str(place)]
    return subprocess.Popen(program, stdout=subprocess.PIPE, text=True)


@pytest.mark.timeout(120)
async def test_two_processes_upgrade_at_once(place: Path) -> None:
    """Gate and counter may both find an old database; one upgrades it, both run."""
    await empty_database(place)
    openers = [start_opener(place) for _ in range(2)]
    answers = [opener.communicate()[0] for opener in openers]

    assert answers == ["0\n"] * 2


async def test_two_stores_upgrade_at_once(place: Path) -> None:
    """Whoever waits for the other's upgrade finds it done, and does not repeat it."""
    await empty_database(place)
    stores = await asyncio.gather(open_store(place), open_store(place))

    assert [await each.drives() for each in stores] == [[], []]

    for each in stores:
        await each.close()


async def test_place_may_hold_signs_of_templates(tmp_path: Path) -> None:
    """A percent sign in the path is no reference of Alembic's settings."""
    place = tmp_path / "100%(here)s ü" / "roundrobin.db"
    place.parent.mkdir()
    store = await create_store(place)

    assert await store.drives() == []

    await store.close()
