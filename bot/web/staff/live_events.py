"""Live updates of conversations on open pages, by server-sent events.

Each process polls the database, so a page may be connected to any of them. An event only says that
something changed; the page then fetches it, so a lost or repeated event does no harm.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import web

from bot.web.server import CLOSING
from bot.web.staff.context import StaffContext
from bot.web.staff.forms import number
from bot.web.staff.guard import StaffGuard
from bot.web.staff.pages import HEADERS
from bot.web.staff.session import Visitor
from state.model.ticket import TicketId
from state.rules.staff_access import Right

LOOK_EVERY = 1.0
"""Polling interval, seconds."""
POLLS_PER_SESSION_CHECK = 5
"""Polls between two checks that the visitor is still signed in."""
POLLS_PER_KEEPALIVE = 15
"""Polls without news after which a comment is sent: proxies cut silent connections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStream:
    """Route of the event stream."""

    staff_context: StaffContext
    guard: StaffGuard
    every: float = LOOK_EVERY

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/staff/events", self.guard.page(Right.TALK, self.stream))]

    async def stream(self, request: web.Request, _: Visitor) -> web.StreamResponse:
        """Event stream of all conversations, or of the one in the query."""
        headers = {**HEADERS, "Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        stream = web.StreamResponse(headers=headers)
        await stream.prepare(request)
        # The browser closed the page: the stream ends silently.
        with contextlib.suppress(ConnectionError):
            async for event in self._events(request):
                await stream.write(event.encode())
        return stream

    async def _events(self, request: web.Request) -> AsyncIterator[str]:
        """Events until the visitor is signed out, or the application shuts down."""
        talk = number(request.query.get("talk"))
        seen = request.headers.get("Last-Event-ID") or request.query.get("seen", "")
        yield "retry: 2000\n\n"
        beats = 0
        while not request.app[CLOSING].is_set():
            if beats % POLLS_PER_SESSION_CHECK == 0 and await self.guard.visitor(request) is None:
                yield "event: ended\ndata:\n\n"
                return
            token = await self.change_token(talk)
            if token != seen:
                seen = token
                yield f"event: news\nid: {token}\ndata:\n\n"
            elif beats % POLLS_PER_KEEPALIVE == 0:
                yield ": here\n\n"
            beats += 1
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.every):
                    await request.app[CLOSING].wait()

    async def change_token(self, talk: int | None) -> str:
        """Change token of one conversation (ticket id), or of all: differs after any change."""
        if talk is None:
            return await self.staff_context.records.read(lambda unit: unit.change_tokens.of_all())
        return await self.staff_context.records.read(
            lambda unit: unit.change_tokens.of_one(TicketId(talk))
        )
