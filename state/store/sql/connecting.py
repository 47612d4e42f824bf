"""Connect to a database, waiting while it is busy; failures are one readable sentence."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from state.store.sql.errors import DatabaseUnreachableError, is_busy

C = TypeVar("C")

BUSY_SECONDS: Final = 10
"""How long to wait for another *process*; writers within this process queue before that."""
BUSY_TRIES: Final = 100


async def connected(url: URL, connect: Callable[[], Awaitable[C]]) -> C:
    """Connect, or raise DatabaseUnreachableError after `BUSY_SECONDS`.

    SQLite switches a new file to WAL only while no one else has it open, and doesn't wait.
    """
    for _ in range(BUSY_TRIES):
        try:
            return await connect()
        except DBAPIError as error:
            if not is_busy(error):
                raise _unreachable(url, error) from error
            await asyncio.sleep(BUSY_SECONDS / BUSY_TRIES)
        except Exception as error:  # drivers have more kinds than those of DB-API
            raise _unreachable(url, error) from error
    message = f"{url.database} is kept busy by another process; is a copy being made?"
    raise DatabaseUnreachableError(message)


def _unreachable(url: URL, error: Exception) -> DatabaseUnreachableError:
    shown = url.render_as_string(hide_password=True)
    reason = str(getattr(error, "orig", None) or error) or type(error).__name__
    return DatabaseUnreachableError(
        f"no database at {shown} ({reason.splitlines()[0]}); is it running, and may we use it?"
    )
