"""Posts get the place where they stand: a drive may be open in several."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table anew, and take over what channels show."""
    db = op.get_bind()
    posts = [dict(row) for row in db.execute(sa.text("SELECT * FROM posts")).mappings()]
    drives = db.execute(sa.text("SELECT drive_id, terms FROM drives"))
    places = {row.drive_id: json.loads(row.terms)["place"] for row in drives}
    op.drop_table("posts")
    table = op.create_table(
        "posts",
        sa.Column("drive_id", sa.LargeBinary, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("place", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("wanted", sa.Integer, nullable=False),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    # Drives of that time had one place.
    op.bulk_insert(
        table,
        [
            {**post, "place": places[post["drive_id"]]}
            for post in posts
            if post["drive_id"] in places
        ],
    )
