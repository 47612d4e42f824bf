"""After a failover: replaces connections to a server that takes no writes any more."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine

from state.store.sql.errors import is_read_only

POOLED: Final = "helpdesk_pooled"
"""Execution option of an engine: a pooler in transaction mode is in front of the server."""
_SERVER: Final = "helpdesk_server"


class ServerChange:
    """Replaces a pool's connections, each when it is next used, once one met a read-only server.

    Nothing ends such connections: a demoted server goes on answering queries.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._changes = 0
        event.listen(engine.sync_engine, "connect", self._connected)
        event.listen(engine.sync_engine, "checkout", self._used)

    def replace_connections(self) -> None:
        """Replace all connections that are open now."""
        self._changes += 1

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Notice a write in the block that the server refuses as read-only."""
        try:
            yield
        except Exception as error:
            if is_read_only(error):
                self.replace_connections()
            raise

    def _connected(self, _: Any, record: Any) -> None:
        record.info[_SERVER] = self._changes

    def _used(self, _: Any, record: Any, __: Any) -> None:
        if record.info.get(_SERVER) != self._changes:
            raise DisconnectionError("it may lead to a server that is read-only")
