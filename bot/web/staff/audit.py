"""Staff page of the audit log: events by filter, newest first."""

from aiohttp import web

from bot.web.staff.context import StaffContext
from bot.web.staff.forms import line, number
from bot.web.staff.guard import StaffGuard
from bot.web.staff.session import Visitor
from bot.web.staff.views import audit as view
from state.ports import AuditFilter
from state.rules.staff_access import Right

AT_A_TIME = 50
LONGEST_FILTER = 100


def routes(staff_context: StaffContext, guard: StaffGuard) -> list[web.RouteDef]:
    async def show(request: web.Request, visitor: Visitor) -> web.StreamResponse:
        wanted = _wanted(request)
        before = number(request.query.get("before"))
        lines = await staff_context.read(
            lambda use: use.unit.audit.newest(wanted, before=before, limit=AT_A_TIME + 1)
        )
        return staff_context.pages.page(
            "staff/audit", view.page(lines, wanted, AT_A_TIME), visitor
        )

    return [web.get("/staff/audit", guard.page(Right.INSPECT, show))]


def _wanted(request: web.Request) -> AuditFilter:
    given = {
        name: line(request.query, name, longest=LONGEST_FILTER)
        for name in ("kind", "subject", "actor")
    }
    return AuditFilter(**given)
