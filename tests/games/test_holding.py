"""What happens to one poll happens to that poll alone, and nobody fakes one (§11.2).

Two polls run beside each other. Something is done to one of them, by a disk or by a
writer of the database; the other one has to go on to its result, and of the first one
nothing is shown, taken or thrown away that its keystores do not vouch for.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.core.drives import State
from bot.core.errors import DriveHeld
from bot.core.records import Party
from bot.core.slots import DAY, HOUR
from bot.gate import book
from bot.outbox import Outbox
from bot.ports import Tampered
from bot.views.scene import Scene
from storage.database import DiskFull
from tests.fakes.chat import Chat
from tests.world import (
    CROWD,
    MEI,
    World,
    copy_of,
    new_folder,
    open_world,
    pick,
    poll_terms,
)

SUPPER = poll_terms("supper")
ALL_TO_A = ["the rest", "0–4", "0–4", "0–4"]


async def crowd(world: World, name: str, option: int = 0) -> None:
    """Let twelve people answer a poll."""
    drive = world.drive(name)
    await asyncio.gather(
        *(world.gate.submit(who, drive, pick(option)) for who in CROWD[:12])
    )


async def two_polls(path: Path, **parts: Any) -> World:
    """Return an installation with two polls of two days, twelve answers in each."""
    world = await open_world(path, **parts)
    await world.start(days=2)
    await world.start(SUPPER, days=2)
    for name in ("lunch", "supper"):
        await crowd(world, name)
    return world


def do(path: Path, *statements: str, values: tuple[Any, ...] = ()) -> None:
    """Write into a database past the program."""
    db = sqlite3.connect(path)
    with db:
        for statement in statements:
            db.execute(statement, values)
    db.close()


async def finish_supper(world: World) -> None:
    """Let the other poll run to its result."""
    while world.drive("supper").state in {State.KEYED, State.OPEN}:
        await world.pass_slot()
    await world.gate.settle()

    assert await world.shown("supper") == ALL_TO_A


def damage(inbox: Path) -> None:
    """Turn over one bit in an inbox."""
    db = sqlite3.connect(inbox)
    with db:
        (body,) = db.execute("SELECT body FROM blocks WHERE number = 0").fetchone()
        body = body[:9] + bytes([body[9] ^ 1]) + body[10:]
        db.execute("UPDATE blocks SET body = ? WHERE number = 0", (body,))
    db.close()


async def test_damaged_inbox_holds_its_poll_alone(tmp_path: Path) -> None:
    """Answers of the damaged poll are refused, and nothing of its is removed."""
    world = await two_polls(tmp_path / "house")
    lunch = world.drive("lunch").drive_id
    await world.close()
    inbox = world.folder.inboxes / f"{lunch.hex()}-0.db"
    damage(inbox)
    await world.open()

    assert world.gate.held() == [lunch]
    with pytest.raises(DriveHeld):
        await world.vote(MEI, 0)

    await finish_supper(world)

    assert inbox.exists()
    assert world.drive("lunch").state is State.OPEN
    assert lunch in world.gate_secrets().drives
    with pytest.raises(DriveHeld):
        await world.gate.close_early(world.drive("lunch"))
    assert world.gate.next_due() is None

    await world.close()


async def test_inbox_that_is_damaged_while_it_runs_holds_its_poll(
    tmp_path: Path,
) -> None:
    """A damage that shows only as the slot ends keeps no other slot from ending."""

    def around(inboxes: Any) -> Any:
        opening = inboxes.open

        def open_damaged(drive_id: Any, slot: int, **parts: Any) -> Any:
            inbox = opening(drive_id, slot, **parts)
            if not world_of or drive_id != world_of[0]:
                return inbox
            reading = inbox.finish

            async def finish() -> Any:
                await reading()
                raise Tampered("altered")

            inbox.finish = finish
            return inbox

        inboxes.open = open_damaged
        return inboxes

    world_of: list[Any] = []
    world = await open_world(tmp_path / "house", around_inboxes=around)
    drive = await world.start(days=2)
    await world.close()
    world_of.append(drive.drive_id)
    await world.open()
    await world.start(SUPPER, days=2)
    await crowd(world, "lunch")
    await crowd(world, "supper")
    await finish_supper(world)

    assert world.gate.held() == [drive.drive_id]
    with pytest.raises(DriveHeld):
        await world.vote(MEI, 0)

    await world.close()


ALTERATIONS = {
    "it was closed early": "UPDATE drives SET state = 'closing', closed_early_at = 9",
    "it did not open yet": "UPDATE drives SET state = 'keyed'",
    "its keys did not come yet": "UPDATE drives SET state = 'confirmed'",
    "it was never started": "UPDATE drives SET state = 'draft', author = x'07'",
    "it is over": "UPDATE drives SET state = 'closed'",
    "a slot ended": "UPDATE drives SET next_slot = next_slot + 1",
    "it was extended": "UPDATE drives SET extended = 1",
    "another question": "UPDATE drives SET terms = replace(terms, 'eat', 'sit')",
    "a state that there is not": "UPDATE drives SET state = 'eaten'",
    "terms that there are not": "UPDATE drives SET terms = '{}'",
}


@pytest.mark.parametrize("what", ALTERATIONS)
async def test_altered_row_holds_its_poll_alone(tmp_path: Path, what: str) -> None:
    """A row that the keystore does not know is not shown, and loses no answer."""
    world = await two_polls(tmp_path / "house")
    lunch = world.drive("lunch").drive_id
    await world.close()
    do(
        world.folder.database,
        ALTERATIONS[what] + " WHERE drive_id = ?",
        values=(lunch,),
    )
    await world.open()

    assert world.gate.held() == [lunch]
    assert [drive.name for drive in world.gate.drives()] == ["supper"]

    await finish_supper(world)
    await world.close()
    await world.open()

    assert (world.folder.inboxes / f"{lunch.hex()}-0.db").exists()
    assert lunch in world.gate_secrets().drives

    await world.close()


async def test_row_that_is_put_right_goes_on(tmp_path: Path) -> None:
    """Held is not lost: with the row as it was, the poll is counted."""
    world = await two_polls(tmp_path / "house")
    await world.close()
    right = world.folder.database.read_bytes()
    do(world.folder.database, "UPDATE drives SET state = 'keyed'")
    await world.open()

    assert len(world.gate.held()) == 2
    with pytest.raises(DriveHeld):
        world.gate.drive("lunch")

    await world.close()
    world.folder.database.write_bytes(right)
    await world.open()
    await world.pass_all()
    await world.gate.settle()

    assert await world.shown("lunch") == await world.shown("supper") == ALL_TO_A

    await world.close()


async def test_ended_slot_cannot_be_taken_back(tmp_path: Path) -> None:
    """A slot that was bundled cannot be made to run again, with nothing in it."""
    world = await two_polls(tmp_path / "house")
    world.counter_is_off = True
    await world.pass_slot()
    lunch = world.drive("lunch").drive_id
    await world.close()
    do(
        world.folder.database,
        *(f"DELETE FROM {table}" for table in ("bundles", "board", "slot_ends")),  # noqa: S608
        "UPDATE drives SET next_slot = 0",
    )
    await world.open()

    assert lunch in world.gate.held()
    assert world.gate.drives() == []

    await world.close()


async def test_letter_about_a_held_poll_is_passed_over(tmp_path: Path) -> None:
    """The counter's letters about the other poll are read behind it."""
    world = await two_polls(tmp_path / "house")
    world.clock.time += 2 * DAY
    world.counter_is_off = True
    await world.gate.settle()
    await world.count()
    lunch = world.drive("lunch").drive_id
    await world.close()
    do(
        world.folder.database,
        "UPDATE drives SET next_slot = 1 WHERE drive_id = ?",
        values=(lunch,),
    )
    await world.open()
    await world.gate.settle()

    assert world.gate.held() == [lunch]
    assert await world.shown("supper") == ALL_TO_A
    # Its keys die with the count, whatever its row says.
    assert not world.gate_secrets().drives

    await world.close()


async def test_full_disk_of_one_poll_delays_that_poll(tmp_path: Path) -> None:
    """What cannot be written of one poll is written later; the other has its result."""
    is_full = [False]

    def failing(store: Any) -> Any:
        commit = store.commit

        async def maybe(changes: Any) -> None:
            about = {getattr(c, "drive", None) and c.drive.name for c in changes}
            if is_full[0] and "lunch" in about:
                raise DiskFull
            await commit(changes)

        store.commit = maybe
        return store

    world = await two_polls(tmp_path / "house", around_gate_store=failing)
    is_full[0] = True
    world.clock.time += 2 * DAY
    await world.gate.settle()

    assert await world.shown("supper") == ALL_TO_A
    assert world.gate.held() == [world.drive("lunch").drive_id]

    is_full[0] = False
    await world.gate.settle()

    assert await world.shown("lunch") == ALL_TO_A
    assert world.gate.held() == []

    await world.close()


@pytest.mark.parametrize("table", ["bundles", "states"])
async def test_counter_counts_the_other_poll(tmp_path: Path, table: str) -> None:
    """A damaged bundle or count holds its poll, with its keys, until it is mended."""
    world = await two_polls(tmp_path / "house")
    await world.pass_slot()
    for name in ("lunch", "supper"):
        await crowd(world, name)
    world.counter_is_off = True
    world.clock.time += DAY
    await world.gate.settle()
    lunch = world.drive("lunch").drive_id
    column = {"bundles": "envelopes", "states": "box"}[table]
    db = sqlite3.connect(world.folder.database)
    this = f"FROM {table} WHERE drive_id = ?"
    (right,) = db.execute(f"SELECT {column} {this}", (lunch,)).fetchone()
    db.close()
    put = f"UPDATE {table} SET {column} = ? WHERE drive_id = ?"  # noqa: S608
    wrong = right[:40] + bytes([right[40] ^ 1]) + right[41:]
    do(world.folder.database, put, values=(wrong, lunch))
    world.counter_is_off = False
    await world.gate.settle()

    assert await world.shown("supper") == ALL_TO_A
    assert world.drive("lunch").state is State.CLOSING
    assert world.counter_secrets().drives[lunch].held

    # A run that finds it unmended holds it still; one that does not counts it.
    assert await world.count() == 0
    assert world.counter_secrets().drives[lunch].slot_keys

    do(world.folder.database, put, values=(right, lunch))
    await world.count()
    await world.gate.settle()

    assert await world.shown("lunch") == ALL_TO_A
    assert not world.counter_secrets().drives

    await world.close()


# --- a poll that is over ----------------------------------------------------------


async def over(path: Path, option: int) -> World:
    """Return an installation whose poll "lunch" is published; twelve people agreed."""
    world = await open_world(path)
    await world.start(days=1)
    await crowd(world, "lunch", option)
    world.clock.time += DAY + HOUR
    await world.gate.settle()
    await world.close()
    return world


async def put_forged(house: World, forger: World) -> None:
    """Put another installation's poll of the same terms in the place of the real one.

    It is complete: keys, manifest, certificate and board are as a gate and a counter
    make them, but the forger's own.
    """
    db = sqlite3.connect(house.folder.database)
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("ATTACH ? AS forger", (str(forger.folder.database),))
    with db:
        for table in ("drives", "slot_ends", "board", "slot_keys", "posts"):
            db.execute(f"DELETE FROM main.{table}")  # noqa: S608
            db.execute(f"INSERT INTO main.{table} SELECT * FROM forger.{table}")  # noqa: S608
        db.execute("UPDATE main.posts SET wanted = wanted + 1")
    db.close()


async def shown_in_channel(world: World) -> list[str]:
    """Return what a restarted bot puts into the channel."""
    chat = Chat({"general": {"mei"}})
    outbox = Outbox(world.gate, world.store, Scene(platform="console"), chat)
    await outbox.deliver()
    return [str(message.card) for message in chat.messages.values()]


async def test_forged_result_is_not_shown(tmp_path: Path) -> None:
    """After a restart a poll that is over is the one that the keystore pinned."""
    house = await over(tmp_path / "house", 0)
    real = house.gate_secrets().over
    await put_forged(house, await over(tmp_path / "forger", 1))
    await house.open()

    assert house.gate.drives() == []
    with pytest.raises(DriveHeld):
        house.gate.drive("lunch")
    assert await shown_in_channel(house) == []
    assert house.gate_secrets().over == real

    await house.close()


async def test_without_the_pin_a_forged_result_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a gate that does not compare shows the forger's result."""
    house = await over(tmp_path / "house", 0)
    await put_forged(house, await over(tmp_path / "forger", 1))
    monkeypatch.setattr(book, "check_drive", lambda *_, **__: None)
    await house.open()

    assert await house.shown() == ["0–4", "the rest", "0–4", "0–4"]
    assert await shown_in_channel(house) != []

    await house.close()


async def test_result_that_was_taken_away_is_missed(tmp_path: Path) -> None:
    """The keystore knows that there was a poll."""
    house = await over(tmp_path / "house", 0)
    do(house.folder.database, "DELETE FROM drives")
    await house.open()

    assert house.gate.held() == list(house.gate_secrets().over)

    await house.close()


async def test_untouched_result_is_shown_after_restarts(tmp_path: Path) -> None:
    """What nobody touched stays, and costs the keystore no writing."""
    house = await over(tmp_path / "house", 0)
    copy = copy_of(house.folder, tmp_path / "copy")
    for _ in range(2):
        await house.open()
        assert await house.shown() == ALL_TO_A
        await house.close()
    kept = [folder.path / "gate" / "keystore" for folder in (house.folder, copy)]

    assert kept[0].read_bytes() == kept[1].read_bytes()


async def test_poll_whose_date_passed_is_pinned_too(tmp_path: Path) -> None:
    """A poll that never had keys has no signature, and its question is pinned still."""
    world = World(folder=await new_folder(tmp_path / "house"))
    await world.open()
    world.counter_is_off = True
    await world.start(closes_at=world.clock.now() + DAY)
    world.counter_is_off = False
    world.clock.time += DAY
    await world.gate.settle()
    await world.reopen()

    assert world.drive().state is State.CLOSED

    await world.close()
    do(world.folder.database, ALTERATIONS["another question"])
    await world.open()

    assert world.gate.drives() == []

    await world.close()


# --- a crash between store and keystore ---------------------------------------------


def remembering(contents: list[bytes]) -> Callable[[Any], Any]:
    """Return what notes down each content of a keystore."""

    def around(keystore: Any) -> Any:
        class Keystore:
            content = keystore.content

            def replace(self, content: bytes) -> None:
                contents.append(content)
                keystore.replace(content)

        return Keystore()

    return around


async def a_step_ahead(path: Path) -> World:
    """Return an installation that crashed between a slot's end and the keystore."""
    contents: list[bytes] = []
    world = await two_polls(path, around_gate_keystore=remembering(contents))
    world.counter_is_off = True
    world.clock.time += DAY
    await world.gate.settle()
    await world.close()
    world.around_gate_keystore = None
    world.keystore(Party.GATE).replace(contents[-2])
    return world


async def test_one_step_ahead_is_taken_over(tmp_path: Path) -> None:
    """What a crash left is made good, and both polls go on to their results."""
    world = await a_step_ahead(tmp_path / "house")
    before = world.gate_secrets()
    await world.open()
    after = world.gate_secrets()

    assert world.gate.held() == []
    assert after.sent == before.sent + 1
    assert [keys.ended for keys in after.drives.values()] == [1, 1]

    world.counter_is_off = False
    await world.gate.settle()
    await finish_supper(world)
    await world.close()


async def test_second_step_ahead_is_a_forgery(tmp_path: Path) -> None:
    """A writer of the database cannot hide a slot's end behind a crash."""
    world = await a_step_ahead(tmp_path / "house")
    drives = world.gate_secrets().drives
    lunch = next(each for each, keys in drives.items() if keys.ended == 1)
    do(
        world.folder.database,
        "INSERT INTO slot_ends SELECT drive_id, 1, size, root FROM slot_ends"
        " WHERE drive_id = ?",
        values=(lunch,),
    )
    do(
        world.folder.database,
        "UPDATE drives SET next_slot = 2, state = 'closing' WHERE drive_id = ?",
        values=(lunch,),
    )
    await world.open()

    assert world.gate.held() == sorted(drives)
    assert world.gate.drives() == []
    assert (world.folder.inboxes / f"{lunch.hex()}-1.db").exists()

    await world.close()


@pytest.mark.parametrize("back", [2, 3])
async def test_older_keystore_stops_everything(tmp_path: Path, back: int) -> None:
    """A keystore from a backup is no matter of one poll."""
    contents: list[bytes] = []
    world = await two_polls(
        tmp_path / "house", around_gate_keystore=remembering(contents)
    )
    world.counter_is_off = True
    world.clock.time += 2 * DAY
    await world.gate.settle()
    await world.close()
    world.around_gate_keystore = None
    world.keystore(Party.GATE).replace(contents[-1 - back])

    with pytest.raises(Tampered):
        await world.open()


@pytest.mark.parametrize("early", [False, True])
@pytest.mark.parametrize("extended", [False, True])
@pytest.mark.parametrize("people", [0, 12])
async def test_every_ending_is_believed_after_a_restart(
    tmp_path: Path, *, early: bool, extended: bool, people: int
) -> None:
    """However a poll ended, its own row is the one that its pin fits."""
    world = await open_world(tmp_path / "house")
    await world.start(poll_terms(extend=extended), days=2)
    if extended:
        world.clock.time += 2 * DAY
        await world.gate.settle()
    await world.crowd(*[0] * people)
    if early:
        await world.gate.close_early(world.drive())
        await world.gate.settle()
    await world.pass_all()
    await world.gate.settle()
    ended = world.drive()
    await world.reopen()

    assert ended.extended is extended
    assert ended.state is (State.PUBLISHED if people else State.CLOSED)
    assert world.gate.held() == []
    assert world.drive() == ended

    await world.close()
