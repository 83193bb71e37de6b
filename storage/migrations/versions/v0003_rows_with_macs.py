"""Rows about organizers get the gate's MAC, and so do drafts.

Nobody can make a MAC here, since the key is the gate's: rows of an older version keep
an empty one, and the gate passes over them. Drives that started need none.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make four tables anew, with one more column."""
    _drives()
    _anew("organizers", _key("tag", sa.LargeBinary), _text("role"), _text("label"))
    invite = (_key("digest", sa.LargeBinary), _text("role"), _integer("expires_at"))
    _anew("invites", *invite)
    _anew(
        "proposals",
        _key("proposal_id", sa.Text),
        _text("kind"),
        _bytes("target"),
        _bytes("author"),
        _integer("expires_at"),
    )


def _drives() -> None:
    _anew(
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


def _anew(name: str, *columns: sa.Column[Any]) -> None:
    names = ", ".join(each.name for each in columns)
    everything = sa.text(f"SELECT {names} FROM {name}")  # noqa: S608 - our own names
    rows = [dict(row) for row in op.get_bind().execute(everything).mappings()]
    op.drop_table(name)
    made = op.create_table(
        name, *columns, _bytes("mac"), sqlite_with_rowid=False, sqlite_strict=True
    )
    op.bulk_insert(made, [{**row, "mac": b""} for row in rows])


def _key(name: str, kind: type[sa.types.TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _integer(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=False)


def _bytes(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)
