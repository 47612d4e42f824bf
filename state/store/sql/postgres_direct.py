"""Prepared statements run by asyncpg directly, without the overhead of SQLAlchemy Core."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from state.ports import DatabaseDownError, StaleStateError
from state.store.sql.compiled import Prepared
from state.store.sql.errors import is_lost, tells_of_outage
from state.store.sql.transaction import AnyRow, Transaction


class DirectTransaction(Transaction):
    """A transaction that runs Core's statements and asyncpg's on the same connection."""

    __slots__ = ("_driver",)

    def __init__(
        self, connection: AsyncConnection, driver: asyncpg.Connection, *, writes: bool
    ) -> None:
        super().__init__(connection, writes=writes)
        self._driver = driver

    async def rows(
        self, statement: Prepared, values: Mapping[str, Any], *, for_update: bool = False
    ) -> Sequence[AnyRow]:
        compiled = statement.compiled(self._dialect, for_update=for_update)
        with _named():
            found = await self._driver.fetch(compiled.text, *compiled.values(values))
        return compiled.rows(found)

    async def count(self, statement: Prepared, values: Mapping[str, Any]) -> int:
        compiled = statement.compiled(self._dialect)
        with _named():
            told = await self._driver.execute(compiled.text, *compiled.values(values))
        return int(told.rpartition(" ")[2])


@contextmanager
def _named() -> Iterator[None]:
    """Turn conflicts and outages raised by asyncpg into errors of this package."""
    try:
        yield
    except (asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        raise DatabaseDownError(type(error).__name__) from error
    except asyncpg.PostgresError as error:
        if is_lost(error):
            raise StaleStateError(str(error)) from error
        if tells_of_outage(error):
            raise DatabaseDownError(type(error).__name__) from error
        raise


async def driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    """The asyncpg connection of a SQLAlchemy connection."""
    return (await connection.get_raw_connection()).driver_connection


@asynccontextmanager
async def write_transaction(connection: AsyncConnection) -> AsyncIterator[Transaction]:
    """A transaction begun by asyncpg; `connection` must be in autocommit mode."""
    driver = await driver_of(connection)
    with _named():
        await driver.execute("BEGIN")
    try:
        yield DirectTransaction(connection, driver, writes=True)
        with _named():
            await driver.execute("COMMIT")
    except BaseException:
        try:
            await driver.execute("ROLLBACK")
        except Exception:  # noqa: BLE001 - whatever it was, what is raised below is the cause
            await connection.invalidate()  # no one may reuse this open transaction
        raise


async def read_transaction(connection: AsyncConnection) -> Transaction:
    """A read-only transaction in autocommit mode: each statement sees what is committed."""
    return DirectTransaction(connection, await driver_of(connection), writes=False)
