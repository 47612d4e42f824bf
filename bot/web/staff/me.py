"""Oneself: role, what it allows, where one is signed in, and the way out."""

from aiohttp import web

from bot.web.staff.guard import Guard
from bot.web.staff.room import Room
from bot.web.staff.visitor import Visitor
from state.rules.rights import Right, rights
from state.rules.signing_in import goes_on


def routes(room: Room, guard: Guard) -> list[web.RouteDef]:
    async def show(_: web.Request, visitor: Visitor) -> web.StreamResponse:
        found = await room.read(lambda use: use.unit.visits.of(visitor.staff.id))
        now = room.clock.now()
        context = {
            "rights": sorted(rights(visitor.staff.role), key=tuple(Right).index),
            "visits": [one for one in found if goes_on(one, now=now)],
        }
        return room.pages.page("staff/me", context, visitor)

    return [web.get("/staff/me", guard.page(None, show))]
