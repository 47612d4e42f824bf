"""The schema revision of a database; read at every start, so it does without Alembic."""

from typing import Final

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select

from state.store.database import Database
from state.store.sql.errors import (
    DatabaseTooNewError,
    DatabaseTooOldError,
    missing_rights_are_named,
)

REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")
"""All revisions in `state/migrations`, oldest first; the last is this version's."""

_STAMP = Table("alembic_version", MetaData(), Column("version_num", String(32)))
"""Alembic's own table, with at most one row; not part of our MetaData."""


async def current_revision(database: Database) -> str | None:
    """The revision of the database; None if none was ever applied."""
    async with database.connections.reading() as transaction:
        with missing_rights_are_named():
            return await transaction.run_sync(_stamp)


async def check_revision(database: Database) -> None:
    """DatabaseTooNewError, or DatabaseTooOldError if revisions are pending."""
    current = await refuse_newer(database)
    latest = REVISIONS[-1]
    if current != latest:
        has = "no tables yet" if current is None else f"the tables of revision {current}"
        message = f"the database has {has}, this version needs {latest}: run `helpdesk db upgrade`"
        raise DatabaseTooOldError(message)


async def refuse_newer(database: Database) -> str | None:
    """The revision of the database; DatabaseTooNewError if this version does not know it."""
    current = await current_revision(database)
    if current is not None and current not in REVISIONS:
        message = (
            f"the database has revision {current}, which this version does not know: "
            "install the version that made it, or a later one"
        )
        raise DatabaseTooNewError(message)
    return current


def _stamp(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_STAMP.name):
        return None
    return connection.scalar(select(_STAMP.c.version_num))
