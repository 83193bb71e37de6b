"""The tables that gate and counter share: each column, and why it tells nothing.

No column joins a person to anything. Tables have natural keys and no row ids: row ids
are numbers in the order of arrival. The bytes of a page keep the order of writing all
the same (protocol.md §5), so `storage.writes` lays those tables out anew with each
change where that order would tell something.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

# The Alembic revisions that this version knows, oldest first.
REVISIONS = ("0001", "0002", "0003", "0004")

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
    }
)

# SQLite's integers have 64 bits under any name; a strict table takes this one only.
_NUMBER = BigInteger().with_variant(Integer(), "sqlite")
_BYTES = LargeBinary()
_TEXT = Text()


def _table(
    name: str,
    *columns: Column[Any],
    comment: str,
    constraints: Sequence[ForeignKeyConstraint] = (),
) -> Table:
    return Table(
        name,
        METADATA,
        *columns,
        *constraints,
        comment=comment,
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )


def _key(name: str, kind: TypeEngine[Any], comment: str) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False, comment=comment)


def _column(name: str, kind: TypeEngine[Any], comment: str) -> Column[Any]:
    return Column(name, kind, nullable=False, comment=comment)


def _maybe(name: str, kind: TypeEngine[Any], comment: str) -> Column[Any]:
    return Column(name, kind, nullable=True, comment=comment)


DRIVES = _table(
    "drives",
    _key("drive_id", _BYTES, "16 random bytes; public in the manifest."),
    _column("state", _TEXT, "Where the drive stands; its post shows it to everybody."),
    _column("terms", _TEXT, "What was asked, as canonical JSON; public in the post."),
    _column(
        "author",
        _BYTES,
        "Tag of the organizer who waits for a second one, 32 B; a keyed hash, which"
        " names nobody without k_org. Empty once the drive started.",
    ),
    _column("drafted_at", _NUMBER, "When an organizer drafted it; no worker's act."),
    _column("length", _NUMBER, "Seconds it is to be open, or 0; an organizer's wish."),
    _column("closes_at", _NUMBER, "When it is to close, or 0; an organizer's wish."),
    _maybe("schedule_opens_at", _NUMBER, "Opening; public in the manifest."),
    _maybe("schedule_closes_at", _NUMBER, "Closing; public in the manifest."),
    _maybe("schedule_slot_seconds", _NUMBER, "Slot length; public in the manifest."),
    _maybe("schedule_first_slot", _NUMBER, "First slot; public in the manifest."),
    _column("next_slot", _NUMBER, "First slot without a slot_end; the clock says it."),
    _column("floor", _NUMBER, "The turnout floor, in steps of ten or more; posted."),
    _column("extended", _NUMBER, "1 after the one extension, which is posted."),
    _column("closed_early_at", _NUMBER, "When organizers ended it, or 0; posted."),
    _column("manifest", _BYTES, "The frozen terms; public. Empty until keyed."),
    _column("signature", _BYTES, "DS over the manifest, 64 B; public."),
    _column("certificate", _BYTES, "The signed result; public. Empty until released."),
    _column("mac", _BYTES, "The gate's, over a draft, 32 B; empty once it started."),
    comment="Polls as the gate knows them. Nothing of any answer.",
)

SLOT_KEYS = _table(
    "slot_keys",
    _key("drive_id", _BYTES, "The drive; public."),
    _key("slot", _NUMBER, "The slot; public in the schedule."),
    _column("public", _BYTES, "EK_s, the half that seals, 32 B; published."),
    _column("signature", _BYTES, "DS over drive, slot and key, 64 B; published."),
    comment="The public halves of the slots' keys.",
)

MAIL = _table(
    "mail",
    _key("reader", _TEXT, "gate or counter."),
    _key("number", _NUMBER, "Counts messages, not answers: one for each step."),
    _column("box", _BYTES, "Sealed to the reader's long-term key."),
    _column("signature", _BYTES, "The sender's, over reader, number and box, 64 B."),
    comment="What gate and counter say to each other; dropped once acted on.",
)

CURSORS = _table(
    "cursors",
    _key("reader", _TEXT, "gate or counter."),
    _column("number", _NUMBER, "The last message acted on; counts no answers."),
    comment="How far each role has read its mail.",
)

SLOT_ENDS = _table(
    "slot_ends",
    _key("drive_id", _BYTES, "The drive; public."),
    _key("slot", _NUMBER, "The slot; public in the schedule."),
    _column("size", _NUMBER, "Envelopes with the dummies, in steps of a block."),
    _column("root", _BYTES, "Root of the tree over the sorted hashes, 32 B; posted."),
    comment="What the board says of ended slots; kept after the count.",
)

_ENDED_SLOT = ("drive_id", "slot")
_ENDED_SLOT_OF_BOARD = ("slot_ends.drive_id", "slot_ends.slot")

BOARD = _table(
    "board",
    _key("drive_id", _BYTES, "The drive; public."),
    _key("slot", _NUMBER, "The slot; public in the schedule."),
    _column(
        "hashes",
        _BYTES,
        "SHA-256 of each envelope, dummies too, sorted; published, so that the owner"
        " of a receipt finds theirs. The order is that of the hashes.",
    ),
    constraints=[ForeignKeyConstraint(_ENDED_SLOT, _ENDED_SLOT_OF_BOARD)],
    comment="The hashes under each root; kept after the count.",
)

BUNDLES = _table(
    "bundles",
    _key("drive_id", _BYTES, "The drive; public."),
    _key("slot", _NUMBER, "The slot; public in the schedule."),
    _key("chunk", _NUMBER, "Place in the sorted bundle; says nothing of arrival."),
    _column("envelopes", _BYTES, "Whole envelopes and dummies; only EK_s opens them."),
    constraints=[ForeignKeyConstraint(_ENDED_SLOT, _ENDED_SLOT_OF_BOARD)],
    comment="The envelopes of ended slots, sorted; dropped once counted.",
)

STATES = _table(
    "states",
    _key("drive_id", _BYTES, "The drive; public."),
    _key("generation", _NUMBER, "Counts made, one each round; the schedule says it."),
    _column("box", _BYTES, "The running count under k_state_g, which dies with it."),
    comment="Sealed running counts; dropped at the next count and at the close.",
)

ORGANIZERS = _table(
    "organizers",
    _key("tag", _BYTES, "PRF(k_org, account), 32 B: names nobody without k_org."),
    _column("role", _TEXT, "lead or organizer."),
    _column("label", _TEXT, "What other organizers call them; nobody's name."),
    _column("mac", _BYTES, "The gate's, over the row, 32 B: it says no more."),
    comment="Who may organize. Laid out by tag, so that nobody reads who came first.",
)

INVITES = _table(
    "invites",
    _key("digest", _BYTES, "Keyed hash of a one-time code, 32 B; for no one yet."),
    _column("role", _TEXT, "The role that the code gives."),
    _column("expires_at", _NUMBER, "When the code ends; whole days after it was made."),
    _column("mac", _BYTES, "The gate's, over the row, 32 B: it says no more."),
    comment="Invites that wait. Laid out by digest, whose order is chance.",
)

PROPOSALS = _table(
    "proposals",
    _key("proposal_id", _TEXT, "A random name, which a button carries."),
    _column("kind", _TEXT, "close or remove."),
    _column("target", _BYTES, "A drive's id, which is public, or an organizer's tag."),
    _column("author", _BYTES, "Tag of the organizer who asked, 32 B."),
    _column("expires_at", _NUMBER, "When it is dropped unconfirmed."),
    _column("mac", _BYTES, "The gate's, over the row, 32 B: it says no more."),
    comment="What waits for a second organizer. Laid out by name, which is chance.",
)

POSTS = _table(
    "posts",
    _key("drive_id", _BYTES, "The drive; public."),
    _key("kind", _TEXT, "Which of a drive's posts; its words come from the drive."),
    _key("place", _TEXT, "The channel where everybody sees it; public in the terms."),
    _column("turn", _NUMBER, "Order of posting, which the channel shows."),
    _column("wanted", _NUMBER, "Revision that the channel is to show."),
    _column("shown", _NUMBER, "Revision that the channel shows, 0 before the first."),
    _column("reference", _TEXT, "The platform's name of our own message."),
    comment="What is to be said in channels, where everybody reads it.",
)

CASES = _table(
    "cases",
    _key("case_id", _BYTES, "Made from its author's code, 16 B; gives nothing of it."),
    _column("drive_id", _BYTES, "The report box; public."),
    _column("ends_at", _NUMBER, "When it is destroyed; the same for a whole batch."),
    _column("sealed", _BYTES, "Text, notes, state, replies, under a key of its own."),
    comment="What organizers may read. Laid out by id, whose order is chance.",
)

BOX_TABLES = _table(
    "box_tables",
    _key("drive_id", _BYTES, "The report box; public."),
    _key("number", _NUMBER, "Counts a box's releases; the schedule says their times."),
    _column("tables", _TEXT, "Released tables as canonical JSON, never raw counts."),
    comment="How many reports of which kind, by the rules of publication.",
)
