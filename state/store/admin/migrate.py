"""Migrate a database to the tables of this version, by Alembic.

Every process may call `upgrade` at every start: one does the work, the others wait, and
without pending revisions nothing changes.
"""

from collections.abc import Callable
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from state.store.admin.revision import refuse_newer
from state.store.database import Database
from state.store.sql.errors import missing_rights_are_named

LATEST: Final = "head"
NOTHING: Final = "base"


async def upgrade(database: Database, *, pepper: bytes | None = None) -> None:
    """Apply all pending revisions; DatabaseTooNewError if a later version has migrated it.

    `pepper` keys numbers. Only a revision that keys stored values needs it, and only if there are
    any: without it, PepperNeededError then.
    """
    await refuse_newer(database)
    await migrate(database, lambda config: command.upgrade(config, LATEST), pepper=pepper)


async def downgrade(
    database: Database, revision: str = NOTHING, *, pepper: bytes | None = None
) -> None:
    """Go back to an earlier revision; data that has no place there is lost."""
    await migrate(database, lambda config: command.downgrade(config, revision), pepper=pepper)


async def migrate(
    database: Database, step: Callable[[Config], None], *, pepper: bytes | None = None
) -> None:
    """Run revisions in one transaction; both databases roll back CREATE and ALTER too."""
    async with database.connections.writing() as transaction:
        await transaction.lock("migrations")
        with missing_rights_are_named():
            await transaction.run_sync(lambda connection: step(_config(connection, pepper)))


def _config(connection: Connection, pepper: bytes | None) -> Config:
    """Alembic's configuration without alembic.ini: revisions are inside the installed package."""
    config = Config(attributes={"connection": connection, "pepper": pepper})
    config.set_main_option("script_location", "state:migrations")
    config.set_main_option("path_separator", "os")
    return config
