"""Alembic revisions of the tables, run by `state.store.admin.migrate`."""
