"""What Alembic runs: the revisions, on the connection and transaction it is given."""

from alembic import context

from storage.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # All steps of an upgrade are one transaction: it happens, or it does not.
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
