"""Brings a database to the tables of this version.

`upgrade` is safe to call by every process at every start: one does the work, others wait, and
with nothing to do it changes nothing.
"""

from collections.abc import Callable
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from state.store.admin.revision import refuse_newer
from state.store.database import Database

LATEST: Final = "head"
NOTHING: Final = "base"


async def upgrade(database: Database, *, pepper: bytes | None = None) -> None:
    """DatabaseTooNewError if a later version of the program has been here.

    `pepper` is the one that keys numbers. Only a revision that keys what is stored needs it, and
    only where there is something to key: without it, PepperNeededError then.
    """
    await refuse_newer(database)
    await migrate(database, lambda config: command.upgrade(config, LATEST), pepper=pepper)


async def downgrade(
    database: Database, revision: str = NOTHING, *, pepper: bytes | None = None
) -> None:
    """Back to an earlier revision, with loss of what it has no place for."""
    await migrate(database, lambda config: command.downgrade(config, revision), pepper=pepper)


async def migrate(
    database: Database, step: Callable[[Config], None], *, pepper: bytes | None = None
) -> None:
    """All revisions in one transaction; both databases roll back CREATE and ALTER too."""
    async with database.connections.writing() as transaction:
        await transaction.hold("migrations")
        await transaction.run_sync(lambda connection: step(_config(connection, pepper)))


def _config(connection: Connection, pepper: bytes | None) -> Config:
    """No alembic.ini: the revisions are found inside the installed package."""
    config = Config(attributes={"connection": connection, "pepper": pepper})
    config.set_main_option("script_location", "state:migrations")
    config.set_main_option("path_separator", "os")
    return config
