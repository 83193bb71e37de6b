"""One function for each change; all run inside the one transaction of `commit`.

`write` finds the function by the type of the change. None of them begins or ends a
transaction, and none waits for anything but the database.
"""

from functools import singledispatch
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.core.drives import DRAFTS
from bot.core.records import (
    Change,
    DropBundle,
    DropCase,
    DropDrive,
    DropInvite,
    DropMail,
    DropOrganizer,
    DropProposal,
    DropStates,
    MarkPosted,
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
    WantPost,
)
from bot.ports import Stale
from storage import rows
from storage.rows import Values
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
    SLOT_ENDS,
    SLOT_KEYS,
    STATES,
)


@singledispatch
def write(change: Change, db: Connection) -> None:  # noqa: ARG001 (its functions')
    """Write one change, or raise and leave the rest to the rollback."""
    raise AssertionError(f"no function writes {type(change).__name__}")


@write.register
def save_drive(change: SaveDrive, db: Connection) -> None:
    """Insert or replace a drive."""
    _put(db, DRIVES, rows.drive_values(change.drive))


@write.register
def drop_drive(change: DropDrive, db: Connection) -> None:
    """Remove a drive that never started."""
    db.execute(delete(DRIVES).where(DRIVES.c.drive_id == change.drive_id))


@write.register
def save_slot_keys(change: SaveSlotKeys, db: Connection) -> None:
    """Add slot keys."""
    _insert(db, SLOT_KEYS, [rows.slot_key_values(key) for key in change.keys])


@write.register
def save_mail(change: SaveMail, db: Connection) -> None:
    """Add a message."""
    _insert(db, MAIL, [rows.mail_values(change.mail)])


@write.register
def drop_mail(change: DropMail, db: Connection) -> None:
    """Remove the messages up to and including a number."""
    to_reader = MAIL.c.reader == change.reader.value
    db.execute(delete(MAIL).where(to_reader, MAIL.c.number <= change.number))


@write.register
def set_cursor(change: SetCursor, db: Connection) -> None:
    """Record the last message acted on."""
    _put(db, CURSORS, {"reader": change.reader.value, "number": change.number})


@write.register
def save_bundle(change: SaveBundle, db: Connection) -> None:
    """Add an ended slot: its line on the board, its hashes, its envelopes."""
    end = change.slot_end
    slot: Values = {"drive_id": end.drive_id, "slot": end.slot}
    _insert(db, SLOT_ENDS, [rows.slot_end_values(end)])
    _insert(db, BOARD, [{**slot, "hashes": change.hashes}])
    chunks = enumerate(change.chunks)
    _insert(db, BUNDLES, [{**slot, "chunk": n, "envelopes": e} for n, e in chunks])


@write.register
def drop_bundle(change: DropBundle, db: Connection) -> None:
    """Remove the envelopes of a counted slot; the board keeps its line."""
    of_drive = BUNDLES.c.drive_id == change.drive_id
    db.execute(delete(BUNDLES).where(of_drive, BUNDLES.c.slot == change.slot))


@write.register
def save_state(change: SaveState, db: Connection) -> None:
    """Add a sealed count, in place of one that a crash left before its keystore."""
    _put(
        db,
        STATES,
        {
            "drive_id": change.drive_id,
            "generation": change.generation,
            "box": change.box,
        },
    )


@write.register
def drop_states(change: DropStates, db: Connection) -> None:
    """Remove a drive's sealed counts, except one generation."""
    of_drive = STATES.c.drive_id == change.drive_id
    db.execute(delete(STATES).where(of_drive, STATES.c.generation != change.keep))


@write.register
def save_organizer(change: SaveOrganizer, db: Connection) -> None:
    """Insert or replace an organizer."""
    _put(db, ORGANIZERS, rows.organizer_values(change.organizer))
    _lay_out(db, ORGANIZERS)


@write.register
def drop_organizer(change: DropOrganizer, db: Connection) -> None:
    """Remove an organizer, their proposals, and their drives that never started.

    All open invites go too: nothing says whose they are, and one of their own would
    let them back in.
    """
    db.execute(delete(INVITES))
    db.execute(delete(ORGANIZERS).where(ORGANIZERS.c.tag == change.tag))
    db.execute(delete(PROPOSALS).where(PROPOSALS.c.author == change.tag))
    is_draft = DRIVES.c.state.in_(sorted(state.value for state in DRAFTS))
    db.execute(delete(DRIVES).where(DRIVES.c.author == change.tag, is_draft))
    _lay_out(db, ORGANIZERS)
    _lay_out(db, PROPOSALS)


@write.register
def save_invite(change: SaveInvite, db: Connection) -> None:
    """Add an invite."""
    _insert(db, INVITES, [rows.invite_values(change.invite)])
    _lay_out(db, INVITES)


@write.register
def drop_invite(change: DropInvite, db: Connection) -> None:
    """Remove an invite that is there."""
    _delete_one(db, INVITES, INVITES.c.digest == change.digest)
    _lay_out(db, INVITES)


@write.register
def save_proposal(change: SaveProposal, db: Connection) -> None:
    """Add a proposal."""
    _insert(db, PROPOSALS, [rows.proposal_values(change.proposal)])
    _lay_out(db, PROPOSALS)


@write.register
def drop_proposal(change: DropProposal, db: Connection) -> None:
    """Remove a proposal that is there."""
    _delete_one(db, PROPOSALS, PROPOSALS.c.proposal_id == change.proposal_id)
    _lay_out(db, PROPOSALS)


@write.register
def want_post(change: WantPost, db: Connection) -> None:
    """Ask for a post or a revision; one that waits already keeps its turn."""
    this = _the_post(change)
    turn = db.scalar(select(func.coalesce(func.max(POSTS.c.turn), 0) + 1))
    waits = POSTS.c.wanted > POSTS.c.shown
    revised = (
        update(POSTS)
        .where(*this)
        .values(turn=case((waits, POSTS.c.turn), else_=turn), wanted=POSTS.c.wanted + 1)
    )
    if db.execute(revised).rowcount:
        return
    name = {"kind": change.kind.value, "place": change.place}
    first: Values = {"turn": turn, "wanted": 1, "shown": 0, "reference": ""}
    _insert(db, POSTS, [{"drive_id": change.drive_id, **name, **first}])


@write.register
def mark_posted(change: MarkPosted, db: Connection) -> None:
    """Record what the platform shows of a post that was wanted."""
    shown = (
        update(POSTS)
        .where(*_the_post(change))
        .values(shown=change.shown, reference=change.reference)
    )
    if not db.execute(shown).rowcount:
        raise Stale("what was posted is no longer wanted")


def _the_post(change: WantPost | MarkPosted) -> tuple[ColumnElement[bool], ...]:
    return (
        POSTS.c.drive_id == change.drive_id,
        POSTS.c.kind == change.kind.value,
        POSTS.c.place == change.place,
    )


@write.register
def save_case(change: SaveCase, db: Connection) -> None:
    """Insert or replace a case."""
    _put(db, CASES, rows.case_values(change.case))
    _lay_out(db, CASES)


@write.register
def drop_case(change: DropCase, db: Connection) -> None:
    """Remove a case."""
    db.execute(delete(CASES).where(CASES.c.case_id == change.case_id))
    _lay_out(db, CASES)


@write.register
def save_tables(change: SaveTables, db: Connection) -> None:
    """Add the tables of a release."""
    _put(db, BOX_TABLES, rows.tables_values(change.tables))


def _insert(db: Connection, table: Table, values: list[Values]) -> None:
    # An empty list would insert a row of defaults.
    if values:
        db.execute(insert(table), values)


def _put(db: Connection, table: Table, values: Values) -> None:
    """Insert a row, in place of the one with the same key if there is one."""
    this = [column == values[column.name] for column in table.primary_key]
    db.execute(delete(table).where(*this))
    db.execute(insert(table), [values])


def _delete_one(db: Connection, table: Table, this: ColumnElement[bool]) -> None:
    if not db.execute(delete(table).where(this)).rowcount:
        raise Stale("somebody else was faster")


def _lay_out(db: Connection, table: Table) -> None:
    """Write all rows of a short table anew by key, over the order in which they came.

    Inside a page SQLite puts each row where there is room, so that places tell who
    came before whom (protocol.md §5). A table that was emptied starts its page anew.
    """
    key: Any = list(table.primary_key)
    ordered = [dict(row) for row in db.execute(select(table).order_by(*key)).mappings()]
    db.execute(delete(table))
    _insert(db, table, ordered)
