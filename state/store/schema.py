"""Brings a database to the tables of this version, and refuses one that isn't there.

`upgrade` is safe to call by every process at every start: one does the work, others wait, and
with nothing to do it changes nothing. On SQLite, which belongs to one desk alone, `run` and
`demo` call it; on PostgreSQL an operator does, with `helpdesk db upgrade`, and `check_revision`
says so.
"""

from collections.abc import Callable
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from state.store.engine import Database
from state.store.errors import DatabaseTooNewError, DatabaseTooOldError

LATEST: Final = "head"
NOTHING: Final = "base"


async def upgrade(database: Database) -> None:
    """DatabaseTooNewError if a later version of the program has been here."""
    await _refuse_newer(database)
    await migrate(database, lambda config: command.upgrade(config, LATEST))


async def downgrade(database: Database, revision: str = NOTHING) -> None:
    """Back to an earlier revision, with loss of what it has no place for."""
    await migrate(database, lambda config: command.downgrade(config, revision))


async def migrate(database: Database, step: Callable[[Config], None]) -> None:
    """All revisions in one transaction; both databases roll back CREATE and ALTER too."""
    async with database.connections.writing() as transaction:
        await transaction.hold("migrations")
        await transaction.run_sync(lambda connection: step(_config(connection)))


async def current_revision(database: Database) -> str | None:
    """None: no revision was ever applied."""
    async with database.connections.reading() as transaction:
        return await transaction.run_sync(
            lambda connection: MigrationContext.configure(connection).get_current_revision()
        )


async def check_revision(database: Database) -> None:
    await _refuse_newer(database)
    current = await current_revision(database)
    latest = _scripts().get_current_head()
    if current != latest:
        has = "no tables yet" if current is None else f"the tables of revision {current}"
        message = f"the database has {has}, this version needs {latest}: run `helpdesk db upgrade`"
        raise DatabaseTooOldError(message)


async def _refuse_newer(database: Database) -> None:
    current = await current_revision(database)
    try:
        _scripts().get_revision(current or NOTHING)
    except CommandError as error:
        message = (
            f"the database has revision {current}, which this version does not know: "
            "install the version that made it, or a later one"
        )
        raise DatabaseTooNewError(message) from error


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config(connection: Connection | None = None) -> Config:
    """No alembic.ini: the revisions are found inside the installed package."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "state:migrations")
    config.set_main_option("path_separator", "os")
    return config
