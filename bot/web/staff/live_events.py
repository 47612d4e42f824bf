"""What is new in the talks, told to open pages by server-sent events.

Every process looks into the database by itself, so it does not matter which of several a page
is connected to. An event says only that there is something new; the page then fetches it, so
that an event that was lost, or came twice, does no harm.
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
"""Seconds."""
BEATS_A_PROOF = 5
"""So many looks, and it is asked again whether the visitor is still signed in."""
BEATS_A_SIGN = 15
"""So many looks without news, and the line is shown to be alive: proxies cut silent ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    room: StaffContext
    guard: StaffGuard
    every: float = LOOK_EVERY

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/staff/events", self.guard.page(Right.TALK, self.tell))]

    async def tell(self, request: web.Request, _: Visitor) -> web.StreamResponse:
        headers = {**HEADERS, "Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        stream = web.StreamResponse(headers=headers)
        await stream.prepare(request)
        # Whoever closes the page ends the stream; nobody is left to be told.
        with contextlib.suppress(ConnectionError):
            async for event in self._events(request):
                await stream.write(event.encode())
        return stream

    async def _events(self, request: web.Request) -> AsyncIterator[str]:
        """Until the visitor is signed out, or the desk stops."""
        talk = number(request.query.get("talk"))
        seen = request.headers.get("Last-Event-ID") or request.query.get("seen", "")
        yield "retry: 2000\n\n"
        beats = 0
        while not request.app[CLOSING].is_set():
            if beats % BEATS_A_PROOF == 0 and await self.guard.visitor(request) is None:
                yield "event: ended\ndata:\n\n"
                return
            pulse = await self.pulse(talk)
            if pulse != seen:
                seen = pulse
                yield f"event: news\nid: {pulse}\ndata:\n\n"
            elif beats % BEATS_A_SIGN == 0:
                yield ": here\n\n"
            beats += 1
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.every):
                    await request.app[CLOSING].wait()

    async def pulse(self, talk: int | None) -> str:
        if talk is None:
            return await self.room.records.read(lambda unit: unit.pulse.of_all())
        return await self.room.records.read(lambda unit: unit.pulse.of_one(TicketId(talk)))
