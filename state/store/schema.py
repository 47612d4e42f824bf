"""Brings a database to the tables of this version.

`upgrade` is safe to call by every process at every start: one does the work, others wait, and
with nothing to do it changes nothing.
"""

from collections.abc import Callable
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from state.store.engine import Database
from state.store.revision import refuse_newer

LATEST: Final = "head"
NOTHING: Final = "base"


async def upgrade(database: Database) -> None:
    """DatabaseTooNewError if a later version of the program has been here."""
    await refuse_newer(database)
    await migrate(database, lambda config: command.upgrade(config, LATEST))


async def downgrade(database: Database, revision: str = NOTHING) -> None:
    """Back to an earlier revision, with loss of what it has no place for."""
    await migrate(database, lambda config: command.downgrade(config, revision))


async def migrate(database: Database, step: Callable[[Config], None]) -> None:
    """All revisions in one transaction; both databases roll back CREATE and ALTER too."""
    async with database.connections.writing() as transaction:
        await transaction.hold("migrations")
        await transaction.run_sync(lambda connection: step(_config(connection)))


def _config(connection: Connection) -> Config:
    """No alembic.ini: the revisions are found inside the installed package."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "state:migrations")
    config.set_main_option("path_separator", "os")
    return config
