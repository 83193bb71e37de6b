"""The first tables. What each column is, and why it tells nothing: storage/schema.py.

A revision stays as it was released; later ones change what it made.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables of version 1."""
    _drives()
    _table("slot_keys", *_slot(), _bytes("public"), _bytes("signature"))
    mail = (_key("reader", sa.Text), _key("number", sa.Integer))
    _table("mail", *mail, _bytes("box"), _bytes("signature"))
    _table("cursors", _key("reader", sa.Text), _integer("number"))
    _table("slot_ends", *_slot(), _integer("size"), _bytes("root"))
    _table("board", *_slot(), _bytes("hashes"), _ended_slot())
    chunk = (_key("chunk", sa.Integer), _bytes("envelopes"))
    _table("bundles", *_slot(), *chunk, _ended_slot())
    generation = (_key("drive_id", sa.LargeBinary), _key("generation", sa.Integer))
    _table("states", *generation, _bytes("box"))
    _table("organizers", _key("tag", sa.LargeBinary), _text("role"), _text("label"))
    invite = (_key("digest", sa.LargeBinary), _text("role"), _integer("expires_at"))
    _table("invites", *invite)
    _proposals()
    _posts()


def _drives() -> None:
    _table(
        "drives",
        _key("drive_id", sa.LargeBinary),
        _text("state"),
        _text("terms"),
        _bytes("author"),
        _integer("drafted_at"),
        _integer("length"),
        _integer("closes_at"),
        sa.Column("schedule_opens_at", sa.Integer),
        sa.Column("schedule_closes_at", sa.Integer),
        sa.Column("schedule_slot_seconds", sa.Integer),
        sa.Column("schedule_first_slot", sa.Integer),
        _integer("next_slot"),
        _integer("floor"),
        _integer("extended"),
        _integer("closed_early_at"),
        _bytes("manifest"),
        _bytes("signature"),
        _bytes("certificate"),
    )


def _proposals() -> None:
    _table(
        "proposals",
        _key("proposal_id", sa.Text),
        _text("kind"),
        _bytes("target"),
        _bytes("author"),
        _integer("expires_at"),
    )


def _posts() -> None:
    _table(
        "posts",
        _key("drive_id", sa.LargeBinary),
        _key("kind", sa.Text),
        _integer("turn"),
        _integer("wanted"),
        _integer("shown"),
        _text("reference"),
    )


def _table(name: str, *parts: sa.Column[Any] | sa.ForeignKeyConstraint) -> None:
    op.create_table(name, *parts, sqlite_with_rowid=False, sqlite_strict=True)


def _slot() -> tuple[sa.Column[Any], sa.Column[Any]]:
    return _key("drive_id", sa.LargeBinary), _key("slot", sa.Integer)


def _key(name: str, kind: type[sa.types.TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _integer(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=False)


def _bytes(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)


def _ended_slot() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["drive_id", "slot"], ["slot_ends.drive_id", "slot_ends.slot"]
    )
