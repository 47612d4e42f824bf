"""Alembic environment: runs revisions on the connection that `migrate` passes in."""

from alembic import context

from state.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
