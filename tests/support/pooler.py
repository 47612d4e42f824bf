"""A pooler in transaction mode that is as unkind as one may be: each transaction elsewhere.

Every client has two server sessions, used in turns, so nothing of a session outlives a
transaction. Speaks just enough of PostgreSQL's protocol, version 3, to see transactions end.
"""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle

from sqlalchemy.engine import URL, make_url

SESSIONS = 2
_READY = b"Z"
_IDLE = b"I"
_ENDS = {b"S", b"Q", b"X"}
"""Client messages that end a batch: Sync, Query and Terminate."""


class Pooler:
    """Serves clients with sessions of one PostgreSQL server, which must trust connections."""

    def __init__(self, server: URL) -> None:
        self._host = server.host or "127.0.0.1"
        self._port = server.port or 5432

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Serve one client until it leaves."""
        startup = await self._startup(reader, writer)
        servers = [await asyncio.open_connection(self._host, self._port) for _ in range(SESSIONS)]
        try:
            for place, (theirs, ours) in enumerate(servers):
                ours.write(startup)
                await self._answer(theirs, writer if place == 0 else None)
            await self._relay(reader, writer, servers)
        finally:
            for one in (writer, *(ours for _, ours in servers)):
                one.close()

    async def _startup(self, reader: StreamReader, writer: StreamWriter) -> bytes:
        while True:
            size = await reader.readexactly(4)
            body = await reader.readexactly(int.from_bytes(size) - 4)
            if body != b"\x04\xd2\x16\x2f":  # SSLRequest
                return size + body
            writer.write(b"N")

    async def _relay(
        self,
        reader: StreamReader,
        writer: StreamWriter,
        servers: list[tuple[StreamReader, StreamWriter]],
    ) -> None:
        try:
            for theirs, ours in cycle(servers):
                state = b""
                while state != _IDLE:
                    async with asyncio.TaskGroup() as both:
                        answers = both.create_task(_forward(theirs, writer))
                        await _ask(reader, ours)
                    state = answers.result()
        except* (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has left

    async def _answer(self, theirs: StreamReader, writer: StreamWriter | None) -> None:
        while True:
            kind, message = await _message(theirs)
            if writer is not None:
                writer.write(message)
            if kind == _READY:
                return


async def _message(reader: StreamReader) -> tuple[bytes, bytes]:
    kind = await reader.readexactly(1)
    size = await reader.readexactly(4)
    return kind, kind + size + await reader.readexactly(int.from_bytes(size) - 4)


async def _forward(theirs: StreamReader, writer: StreamWriter) -> bytes:
    """Forward answers up to ReadyForQuery; returns the transaction's state, I when idle."""
    while True:
        kind, message = await _message(theirs)
        writer.write(message)
        if kind == _READY:
            return message[-1:]


async def _ask(reader: StreamReader, ours: StreamWriter) -> None:
    """Forward a client's messages up to one that ReadyForQuery follows."""
    kind = b""
    while kind not in _ENDS:
        kind, message = await _message(reader)
        ours.write(message)


@asynccontextmanager
async def pooled(url: str) -> AsyncIterator[str]:
    """The URL of a pooler in front of this database."""
    parsed = make_url(url)
    server = await asyncio.start_server(Pooler(parsed).serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield parsed.set(port=port).render_as_string(hide_password=False)
    finally:
        server.close()
