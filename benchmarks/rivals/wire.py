"""HTTP/1.1 by hand, both ends: Telegram has to be cheaper than the bots it is to measure.

Knows only what the contenders' libraries say on loopback: a body with a `Content-Length`, and
connections that stay open.
"""

import asyncio
import re
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeAlias

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END = b"\r\n\r\n"
MOST_CONNECTIONS = 40
"""As Telegram opens to a webhook unless it is asked for more."""

Head: TypeAlias = bytes
Body: TypeAlias = bytes
Answer: TypeAlias = Callable[[Head, Body], bytes]
"""(request line, body) → the body of the answer."""


class _Messages(asyncio.Protocol):
    """Cuts what comes in into heads and bodies."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # of a stream, always

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        while (end := self._buffer.find(_END)) >= 0:
            found = _LENGTH.search(self._buffer, 0, end)
            whole = end + len(_END) + (int(found[1]) if found else 0)
            if len(self._buffer) < whole:
                return
            head, body = self._buffer[:end], self._buffer[end + len(_END) : whole]
            self._buffer = self._buffer[whole:]
            self.took(head, body)

    def took(self, head: Head, body: Body) -> None:
        raise NotImplementedError


class ServerSide(_Messages):
    """Answers each request with JSON and 200."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer

    def took(self, head: Head, body: Body) -> None:
        content = self._answer(head, body)
        self.transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
            % (len(content), content)
        )


class _ClientSide(_Messages):
    def __init__(self, poster: "Poster", port: int) -> None:
        super().__init__()
        self.poster = poster
        self.port = port
        self.under_way: bytes | None = None

    def send(self, request: bytes) -> None:
        self.under_way = request
        self.transport.write(request)

    def took(self, head: Head, body: Body) -> None:  # noqa: ARG002 - only the status counts
        request, self.under_way = self.under_way, None
        if request is not None and not head.startswith(b"HTTP/1.1 200"):
            self.poster.refused += 1
            self.poster.waiting.appendleft(request)
        self.poster.is_free(self)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - it is gone
        self.poster.is_lost(self)


class Poster:
    """Posts updates to a webhook over few connections, and again until they are taken.

    Several ports are taken in turns, as a balancer would.
    """

    def __init__(self, ports: Sequence[int], path: str, headers: str) -> None:
        self._ports = ports
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Content-Type: application/json\r\n{headers}Content-Length: "
        ).encode()
        self._free: deque[_ClientSide] = deque()
        self._all: set[_ClientSide] = set()
        self.waiting: deque[bytes] = deque()
        self.refused = 0
        self._closing = False

    async def open(self) -> None:
        for place in range(MOST_CONNECTIONS):
            await self._connect(self._ports[place % len(self._ports)])

    async def _connect(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        _, client = await loop.create_connection(
            lambda: _ClientSide(self, port), "127.0.0.1", port
        )
        self._all.add(client)
        self.is_free(client)

    def close(self) -> None:
        self._closing = True
        for client in self._all:
            client.transport.close()

    def post(self, body: bytes) -> None:
        request = b"%b%d\r\n\r\n%b" % (self._head, len(body), body)
        if self._free:
            self._free.popleft().send(request)
        else:
            self.waiting.append(request)

    def is_free(self, client: _ClientSide) -> None:
        if self.waiting:
            client.send(self.waiting.popleft())
        else:
            self._free.append(client)

    def is_lost(self, client: _ClientSide) -> None:
        if self._closing:
            return
        self._all.discard(client)
        if client in self._free:
            self._free.remove(client)
        if client.under_way is not None:
            self.waiting.appendleft(client.under_way)
        asyncio.get_running_loop().create_task(self._connect(client.port))
