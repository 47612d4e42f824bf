"""HTTP by hand, for requests that no client library would make."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web

from bot.web.server import listening


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Line:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, given: bytes) -> Self:
        self.writer.write(given)
        await self.writer.drain()
        return self

    async def answer(self) -> bytes:
        """Headers and body, of a body with a length."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.lower().splitlines()
            if line.startswith(b"content-length:")
        )
        return head + await self.reader.readexactly(length)

    async def rest(self) -> bytes:
        """All that still comes until the other side closes; what is cut off ends it, too."""
        try:
            return await asyncio.wait_for(self.reader.read(), 10)
        except ConnectionError:
            return b""

    def close(self) -> None:
        self.writer.close()


@dataclass(slots=True)
class Port:
    number: int
    lines: list[Line]

    async def call(self, given: bytes = b"") -> Line:
        line = Line(*await asyncio.open_connection("127.0.0.1", self.number))
        self.lines.append(line)
        return await line.say(given)

    async def status(self, given: bytes) -> int:
        line = await self.call(given)
        return int((await asyncio.wait_for(line.reader.readline(), 10)).split()[1])


@asynccontextmanager
async def raw_port(app: web.Application, **how: Any) -> AsyncIterator[Port]:
    port = Port(free_port(), [])
    async with listening(app, host="127.0.0.1", port=port.number, **how):
        try:
            yield port
        finally:
            for line in port.lines:
                line.close()
