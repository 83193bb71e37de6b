"""Whoever writes the database is noticed, or changes nothing (protocol.md §11).

The game: a poll is stopped at four moments of its life. At each, one region of one
stored value is altered, or a row is removed, doubled or put in another's place; then
gate and counter go on. Either one of them says that the store was altered and holds
the poll, or the certificate says so, or the result, the terms and the state are those
without it. What may be altered without a word is a list here, with the reason.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.canonical import Malformed
from bot.core.certificates import NotGenuine
from bot.core.drives import State
from bot.core.records import Party
from bot.core.slots import DAY, HOUR
from bot.gate import book
from bot.ports import StorageError
from storage.folder import DataFolder
from tests.world import (
    NOON,
    StandingClock,
    World,
    copy_of,
    new_folder,
)

# A long value is altered at so many places, spread evenly, its ends among them.
REGIONS_MAX = 16 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 2
NUMBERS = (-1, 1)

# What may be altered without a word, and why nothing follows from it.
SILENT = {
    "drives.drafted_at": "orders the list of polls",
    "drives.length": "used until the keys come; the signed schedule holds since",
    "drives.closes_at": "used until the keys come; the signed schedule holds since",
    "drives.floor": "of a drive that is over; one that runs is held",
    "drives.closed_early_at": "the time that the post names; whether is checked",
    "drives.mac": "a draft's; of a drive that started nothing reads it",
    "drives.author": "empty since the start; nothing reads it then",
    "slot_ends.size": "the board's line; counter and certificate have their own",
    "slot_ends.root": "the board's line; counter and certificate have their own",
    "slot_ends.drive_id": "a row of no poll, seen as missing where one is open",
    "slot_ends.slot": "the number of rows is checked, not what they say",
    "posts.drive_id": "what a channel still has to show",
    "posts.kind": "what a channel still has to show",
    "posts.place": "what a channel still has to show; no other channel shows it",
    "posts.turn": "what a channel still has to show",
    "posts.wanted": "what a channel still has to show",
    "posts.shown": "what a channel still has to show",
    "posts.reference": "what a channel still has to show",
    "cursors.reader": "a lost cursor of a counter that is one letter back is repeated",
    "cursors.number": "the counter's may be one behind: it publishes again",
    "slot_keys.drive_id": "keys of slots that ended, or that were read before",
    "slot_keys.slot": "keys of slots that ended, or that were read before",
    "slot_keys.public": "keys of slots that ended; the running ones are checked",
    "slot_keys.signature": "keys of slots that ended; the running ones are checked",
    "mail.reader": "letters that were read already",
    "mail.number": "letters that were read already, or that are written again",
    "mail.box": "letters that were read already",
    "mail.signature": "letters that were read already",
    "board.drive_id": "a certificate without its board is refused",
    "states.drive_id": "the count before, which is dropped next",
    "states.generation": "the count before, which is dropped next",
    "bundles.chunk": "dropped next, if its slot is counted",
    "alembic_version.version_num": "another version is refused",
}


@dataclass(frozen=True)
class Alteration:
    """One thing that a writer of the database does."""

    table: str
    column: str
    statement: str
    values: tuple[Any, ...]

    @property
    def name(self) -> str:
        """Return table and column."""
        return f"{self.table}.{self.column}"


@dataclass(frozen=True)
class Moment:
    """A stopped poll, what follows from here, and the time."""

    folder: DataFolder
    now: int
    result: object


class Held(Exception):
    """Gate or counter noticed something, and holds the poll."""


# How an alteration is noticed.
NOTICED = (StorageError, NotGenuine, Malformed, Held)


async def stopped(path: Path, moment: str) -> Moment:
    """Return a poll at a moment: open, closing, released, or published."""
    world = await World(folder=await new_folder(path / "calm")).open()
    await world.start(days=4)
    await world.crowd(*[0] * 8, *[1] * 4)
    await world.pass_slot()
    await world.crowd(*[2] * 6, first=12)
    await world.pass_slot()
    world.clock.time += HOUR
    await world.crowd(*[0] * 8, first=18)
    if moment != "open":
        world.counter_is_off = True
        await world.pass_all()
    if moment == "released":
        await world.count()
    if moment == "published":
        world.counter_is_off = False
        await world.gate.settle()
    await world.close()
    folder = copy_of(world.folder, path / "result")
    result = await result_of(folder, world.clock.now())
    return Moment(folder=world.folder, now=world.clock.now(), result=result)


async def result_of(folder: DataFolder, now: int) -> object:
    """Let gate and counter go on to the end; return all that people rely on.

    Raises `Held` as soon as one of them holds the poll.
    """
    world = World(folder=folder, clock=StandingClock(now))
    try:
        await world.open()
        refuse_held(world)
        await world.gate.settle()
        if world.gate.drive("lunch") is None:
            return None
        await world.count()
        await pass_all_unless_held(world)
        drive = world.drive()
        if drive.state is not State.PUBLISHED:
            return drive.state
        file = await world.file()
        return (
            drive.state,
            drive.terms,
            file.manifest.terms,
            file.certificate.released,
            replace(file.manifest.schedule),
        )
    finally:
        await world.close()


async def pass_all_unless_held(world: World) -> None:
    """Let time pass until the poll is over."""
    refuse_held(world)
    while world.drive().state in {State.KEYED, State.OPEN}:
        await world.pass_slot()
        refuse_held(world)
    await world.gate.settle()
    refuse_held(world)


def refuse_held(world: World) -> None:
    """Raise if gate or counter hold a poll."""
    if world.held():
        raise Held


def alterations(database: Path) -> Iterator[Alteration]:
    """Yield everything that is done to a database, one thing at a time."""
    db = sqlite3.connect(database)
    try:
        tables = [
            name
            for (name,) in db.execute("SELECT name FROM sqlite_schema")
            if not name.startswith("sqlite_")
        ]
        for table in sorted(tables):
            yield from _of_table(db, table)
    finally:
        db.close()


def _of_table(db: sqlite3.Connection, table: str) -> Iterator[Alteration]:
    columns = db.execute(f"PRAGMA table_info({table})").fetchall()
    names = [column[1] for column in columns]
    keys = [column[1] for column in columns if column[5]] or names
    where = " AND ".join(f"{key} = ?" for key in keys)
    for row in db.execute(f"SELECT * FROM {table}").fetchall():  # noqa: S608
        values = dict(zip(names, row, strict=True))
        this = tuple(values[key] for key in keys)
        for name, value in values.items():
            for altered in _altered(value):
                yield Alteration(
                    table,
                    name,
                    f"UPDATE OR REPLACE {table} SET {name} = ? WHERE {where}",  # noqa: S608
                    (altered, *this),
                )
        yield Alteration(table, "*", f"DELETE FROM {table} WHERE {where}", this)  # noqa: S608


def _altered(value: object) -> Iterator[object]:
    match value:
        case bytes():
            for at in _places(len(value)):
                yield value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
            yield value[:-1] if value else b"\x00"
        case int():
            yield from (value + by for by in NUMBERS)
        case str():
            for at in _places(len(value)):
                yield value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]
            if value in set(State):
                yield from (state.value for state in State if state != value)
        case _:
            yield NOON


def _places(length: int) -> list[int]:
    if length <= REGIONS_MAX:
        return list(range(length))
    step = (length - 1) / (REGIONS_MAX - 1)
    return [round(number * step) for number in range(REGIONS_MAX)]


def alter(database: Path, alteration: Alteration) -> None:
    """Do it."""
    db = sqlite3.connect(database)
    with db:
        db.execute(alteration.statement, alteration.values)
    db.close()


async def is_flagged(moment: Moment, path: Path, alteration: Alteration) -> bool:
    """Tell whether an alteration is noticed; fail if it is not and does something."""
    folder = copy_of(moment.folder, path)
    alter(folder.database, alteration)
    try:
        result = await result_of(folder, moment.now)
    except NOTICED:
        return True
    assert result == moment.result, alteration
    return False


@pytest.mark.timeout(240)
@pytest.mark.parametrize("part", range(2))
@pytest.mark.parametrize("name", ["open", "closing", "released", "published"])
async def test_alteration_is_flagged_or_does_nothing(
    tmp_path: Path, name: str, part: int
) -> None:
    """What people rely on cannot be changed in the database without a word."""
    moment = await stopped(tmp_path, name)
    found: Counter[bool] = Counter()
    silent: set[str] = set()
    for number, alteration in enumerate(alterations(moment.folder.database)):
        if number % 2 != part:
            continue
        flagged = await is_flagged(moment, tmp_path / f"copy{number}", alteration)
        found[flagged] += 1
        if not flagged and alteration.column != "*":
            silent.add(alteration.name)

    assert found[True] > found.total() / 4
    assert silent <= set(SILENT)


ENVELOPES = 304 * 128


@pytest.mark.parametrize("at", [0, 31, 32, 303, 304, ENVELOPES, 304 * 256 - 1])
@pytest.mark.parametrize("slot", [1, 2, 3])
async def test_altered_envelope_stops_the_count(
    tmp_path: Path, slot: int, at: int, closing: Moment
) -> None:
    """One bit in one envelope of a slot that waits keeps it from being counted."""
    folder = copy_of(closing.folder, tmp_path / "copy")
    db = sqlite3.connect(folder.database)
    with db:
        (chunk,) = db.execute(
            "SELECT envelopes FROM bundles WHERE slot = ?", (slot,)
        ).fetchone()
        chunk = chunk[:at] + bytes([chunk[at] ^ 128]) + chunk[at + 1 :]
        db.execute("UPDATE bundles SET envelopes = ? WHERE slot = ?", (chunk, slot))
    db.close()

    with pytest.raises(NOTICED):
        await result_of(folder, closing.now)


@pytest.fixture
async def closing(tmp_path: Path) -> Moment:
    """Return a poll whose last slots wait for the counter."""
    return await stopped(tmp_path, "closing")


SWAPS = {
    "an answer's label": "UPDATE drives SET terms = replace(replace(replace("
    """terms, '"A"', '"X"'), '"B"', '"A"'), '"X"', '"B"')""",
    "rows of the bundles": "UPDATE bundles SET slot = -slot WHERE slot > 1;"
    " UPDATE bundles SET slot = 5 + slot WHERE slot < 0",
    "letters": "UPDATE mail SET number = number + 100",
    "the running count": "DELETE FROM states",
    "an earlier count": "UPDATE states SET generation = generation + 1",
    "all envelopes": "DELETE FROM bundles",
    "the poll": "DELETE FROM drives",
    "the letters to the counter": "DELETE FROM mail WHERE reader = 'counter'",
}


@pytest.mark.parametrize("what", SWAPS)
async def test_whole_rows_put_elsewhere_are_flagged(
    tmp_path: Path, what: str, closing: Moment
) -> None:
    """Swapped labels, envelopes, letters and counts are noticed."""
    folder = copy_of(closing.folder, tmp_path / "copy")
    db = sqlite3.connect(folder.database)
    with db:
        db.executescript(SWAPS[what])
    db.close()

    with pytest.raises(NOTICED):
        await result_of(folder, closing.now)


@pytest.mark.parametrize("role", list(Party))
@pytest.mark.parametrize("at", [0, 5, 20, 40, 100, -1])
async def test_altered_keystore_is_flagged(
    tmp_path: Path, role: Party, at: int, closing: Moment
) -> None:
    """A keystore that was altered anywhere does not open."""
    folder = copy_of(closing.folder, tmp_path / "copy")
    content = bytearray(folder.keystore(role).read_bytes())
    content[at] ^= 1
    folder.keystore(role).write_bytes(content)

    with pytest.raises(NOTICED):
        await result_of(folder, closing.now)


@pytest.mark.parametrize("at", [0.0, 0.25, 0.5, 0.75, 0.999])
async def test_altered_inbox_is_flagged(tmp_path: Path, at: float) -> None:
    """An inbox that was altered while the gate was down is not counted."""
    moment = await stopped(tmp_path, "open")
    (inbox,) = moment.folder.inboxes.glob("*.db")
    db = sqlite3.connect(inbox)
    with db:
        number, body = db.execute(
            "SELECT number, body FROM blocks ORDER BY number LIMIT 1"
        ).fetchone()
        place = int(at * len(body))
        body = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        db.execute("UPDATE blocks SET body = ? WHERE number = ?", (body, number))
    db.close()

    with pytest.raises(NOTICED):
        await result_of(moment.folder, moment.now)


async def test_gate_that_checks_nothing_shows_other_answers(
    tmp_path: Path, closing: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the gate's checks swapped labels do reach people."""
    monkeypatch.setattr(book, "check_drive", lambda *_, **__: None)
    folder = copy_of(closing.folder, tmp_path / "copy")
    db = sqlite3.connect(folder.database)
    with db:
        db.execute(SWAPS["an answer's label"])
    db.close()

    assert await result_of(folder, closing.now) != closing.result
    assert closing.now == NOON + 4 * DAY
