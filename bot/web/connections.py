"""Connection limits of a port: number of connections, and timeouts of slow clients.

aiohttp waits for the end of a request for as long as its keep-alive lasts, and for a body without
limit; a thousand requests that never end would exhaust the open files.
"""

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from typing import cast

from aiohttp import web
from aiohttp.http import HttpProcessingError
from aiohttp.typedefs import Handler

from bot.web.problem import problem
from bot.web.proxies import Proxies, group_of

log = logging.getLogger(__name__)

SERVER = "helpdesk"
"""Value of the `Server` header; it names no version, which would help an attacker."""
TIMEOUT = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
WARNING_INTERVAL = 60.0
"""Minimum seconds between two log lines about refused connections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """Timeouts in seconds, and numbers of connections."""

    headers: float = 15
    """From connection or first byte of a request to the end of its headers."""
    body: float = 30
    idle: float = 75
    """Between two requests; above the usual 60 s of proxies, which should close first."""
    unread: float = 30
    """While the client does not read the response."""
    per_address: int = 256
    """Connections per client address, trusted proxies excepted."""
    total: int = 4096
    """Connections in all."""


class SlowBodyError(TimeoutError):
    """A request body did not arrive in time; aiohttp handles any TimeoutError quietly."""


class _Phase(Enum):
    READING = auto()
    """Waiting for the headers of a request."""
    ANSWERING = auto()
    IDLE = auto()


class OpenConnections:
    """The open connections of one port, counted by client address."""

    def __init__(self, limits: ConnectionLimits, proxies: Proxies) -> None:
        self.limits = limits
        self._proxies = proxies
        self._all: dict[Connection, str] = {}
        """Client address of each connection; "" for a trusted proxy."""
        self._count: Counter[str] = Counter()
        self._idle: dict[Connection, None] = {}
        """Idle connections, oldest first."""
        self._warned_at = -WARNING_INTERVAL

    def admit(self, connection: "Connection", peer: str) -> bool:
        """Register a connection; False if it must be refused.

        An address over its limit is refused. Over the total limit, the oldest idle connection is
        closed to make room.
        """
        name = "" if self._proxies.trusts(peer) else group_of(peer)
        if name and self._count[name] >= self.limits.per_address:
            self._warn("an address has too many connections: more of it are refused")
            return False
        if len(self._all) >= self.limits.total and not self._close_oldest_idle():
            return False
        self._all[connection] = name
        self._count[name] += 1
        self.mark_idle(connection)
        return True

    def mark_idle(self, connection: "Connection") -> None:
        """Mark the connection as idle."""
        if connection in self._all:
            self._idle[connection] = None

    def mark_busy(self, connection: "Connection") -> None:
        """Mark the connection as busy."""
        self._idle.pop(connection, None)

    def remove(self, connection: "Connection") -> None:
        """Remove a closed connection."""
        self.mark_busy(connection)
        name = self._all.pop(connection, None)
        if name is not None:
            self._count[name] -= 1
            if not self._count[name]:
                del self._count[name]

    def _close_oldest_idle(self) -> bool:
        self._warn("there are too many connections: the oldest idle ones are closed")
        oldest = next(iter(self._idle), None)
        if oldest is not None:
            self.remove(oldest)
            oldest.close_now()
        return oldest is not None

    def _warn(self, sentence: str) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._warned_at >= WARNING_INTERVAL:
            self._warned_at = now
            log.warning(sentence)


class Connection(web.RequestHandler):
    """aiohttp request handler of one connection, with timeouts."""

    __slots__ = ("_connections", "_line", "_phase", "_timeout", "_unread")

    def __init__(self, server: web.Server, connections: OpenConnections) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type] # None is how aiohttp's own runner says it
            keepalive_timeout=connections.limits.idle,
            lingering_time=min(5, connections.limits.body),
        )
        self._connections = connections
        self._phase = _Phase.READING
        self._line: asyncio.Transport | None = None
        self._timeout: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None

    # ------------------------------------------------------------ called by asyncio and aiohttp

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername") or ("",)
        if not self._connections.admit(self, str(peer[0])):
            cast(asyncio.Transport, transport).abort()
            return
        self._line = cast(asyncio.Transport, transport)
        self._restart_timeout(self._connections.limits.headers)
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._connections.remove(self)
        self._restart_timeout(None)
        self._stop_waiting_for_reader()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._phase is _Phase.IDLE:
            self._phase = _Phase.READING
            self._restart_timeout(self._connections.limits.headers)
        super().data_received(data)

    def pause_writing(self) -> None:
        super().pause_writing()
        loop = asyncio.get_running_loop()
        self._unread = loop.call_later(self._connections.limits.unread, self.close_now)

    def resume_writing(self) -> None:
        self._stop_waiting_for_reader()
        super().resume_writing()

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        finished = await super().finish_response(request, resp, start_time)
        self._phase = _Phase.IDLE
        self._restart_timeout(self._connections.limits.idle)
        self._connections.mark_idle(self)
        return finished

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - holds the caller's bytes
    ) -> web.StreamResponse:
        """Response to a request that failed in parsing or in a handler.

        A malformed request is logged in one line without its bytes, an internal error in full.
        """
        if request.writer.output_size > 0:
            raise ConnectionError("part of the answer was sent before it failed")
        self.log_exception("a request failed", exc_info=exc)
        answer = problem(
            HTTPStatus(status), f"{HTTPStatus(status).phrase}.", headers={"Server": SERVER}
        )
        answer.force_close()
        return answer

    def log_exception(self, *args: object, **kw: object) -> None:  # noqa: ARG002 - the same
        fault = kw.get("exc_info")
        if isinstance(fault, HttpProcessingError | web.RequestPayloadError | OSError):
            log.info("a request that can't be read was refused: %s", type(fault).__name__)
        else:
            log.error("a request failed", exc_info=fault)  # type: ignore[arg-type] # as aiohttp gives it

    # ------------------------------------------------------------ called by the application

    def start_body_timeout(self, request: web.Request) -> None:
        """The headers are complete: start the timeout of the body."""
        self._phase = _Phase.ANSWERING
        self._restart_timeout(None)
        self._connections.mark_busy(self)
        if request.can_read_body:
            loop = asyncio.get_running_loop()
            late = loop.call_later(self._connections.limits.body, _end_body, request)
            request.content.on_eof(late.cancel)

    def close_now(self) -> None:
        """Close the connection; unread response data is dropped."""
        if self._line is None:
            return
        if self._phase is _Phase.READING and not self._line.is_closing():
            self._line.write(TIMEOUT)
        if self._line.get_write_buffer_size():
            self._line.abort()
        else:
            self.force_close()

    def _restart_timeout(self, seconds: float | None) -> None:
        if self._timeout is not None:
            self._timeout.cancel()
        loop = asyncio.get_running_loop()
        self._timeout = None if seconds is None else loop.call_later(seconds, self.close_now)

    def _stop_waiting_for_reader(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None


def _end_body(request: web.Request) -> None:
    if not request.content.is_eof():
        request.content.set_exception(SlowBodyError("the body is too slow"))


@web.middleware
async def body_timeout(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Middleware: tell the connection that a request has begun. Must be the outermost one."""
    if isinstance(request.protocol, Connection):
        request.protocol.start_body_timeout(request)
    return await handler(request)


async def without_version(_: web.Request, answer: web.StreamResponse) -> None:
    """Signal handler for `on_response_prepare`: set the `Server` header."""
    answer.headers["Server"] = SERVER
