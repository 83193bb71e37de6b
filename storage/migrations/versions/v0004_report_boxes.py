"""Report boxes: their cases, and the tables of their reports."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables; there was no box before them."""
    op.create_table(
        "cases",
        sa.Column("case_id", sa.LargeBinary, primary_key=True, autoincrement=False),
        sa.Column("drive_id", sa.LargeBinary, nullable=False),
        sa.Column("ends_at", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "box_tables",
        sa.Column("drive_id", sa.LargeBinary, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("tables", sa.Text, nullable=False),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
