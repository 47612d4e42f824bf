"""Staff page of figures: questions, answer quality, resolution, conversations."""

from aiohttp import web

from bot.web.staff.context import StaffContext
from bot.web.staff.gaps import days_of
from bot.web.staff.guard import StaffGuard
from bot.web.staff.session import Visitor
from bot.web.staff.views import figures as view
from state.rules.staff_access import Right

LONGEST_BACK = 90
"""Days; older questions have been deleted."""


def routes(staff_context: StaffContext, guard: StaffGuard) -> list[web.RouteDef]:
    async def show(request: web.Request, visitor: Visitor) -> web.StreamResponse:
        days = days_of(request, LONGEST_BACK)
        found = await staff_context.read(lambda use: use.read_figures(days))
        context = view.page(found, staff_context.content().library, days)
        return staff_context.pages.page("staff/figures", context, visitor)

    return [web.get("/staff/figures", guard.page(Right.READ, show))]
