"""Whether a PostgreSQL database suits: its encoding, and the rights of our role."""

from typing import Final

from sqlalchemy import text

from state.store.database import Database
from state.store.sql.errors import UnsuitableError

ENCODING: Final = "UTF8"
_RIGHTS: Final = text(
    "SELECT current_schema(), current_user, has_schema_privilege(current_schema(), 'CREATE')"
)


async def check_encoding(database: Database) -> None:
    """UnsuitableError unless the database stores every text; SQLite always does."""
    if not database.is_shared:
        return
    async with database.connections.reading() as transaction:
        encoding = (await transaction.run(text("SHOW server_encoding"))).scalar_one()
    if encoding != ENCODING:
        raise UnsuitableError(
            f"its encoding is {encoding}, which lacks letters that people write: create it again "
            f"with ENCODING '{ENCODING}' TEMPLATE template0"
        )


async def check_may_create(database: Database) -> None:
    """UnsuitableError unless our role may create tables."""
    if not database.is_shared:
        return
    async with database.connections.reading() as transaction:
        schema, role, may = (await transaction.run(_RIGHTS)).one()
    if schema is None:
        raise UnsuitableError("no schema of its search_path exists: create one for the tables")
    if not may:
        raise UnsuitableError(
            f"{role} may not create tables: GRANT CREATE ON SCHEMA {schema} TO {role}"
        )
