"""Staff pages of staff members (admins only) and of one's own sessions."""

from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from bot.web.body import form_of
from bot.web.staff.context import StaffContext
from bot.web.staff.errors import not_found
from bot.web.staff.forms import line, number
from bot.web.staff.guard import StaffGuard
from bot.web.staff.pages import see_other
from bot.web.staff.session import Visitor
from state.model.staff import Role, StaffId
from state.rules.staff_access import Right, is_active, rights
from state.usecases.registry import UseCases

HERE = "/staff/members"
LONGEST_NAME = 60
TELEGRAM_DIGITS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPages:
    """Routes to list, add, remove and sign out staff members."""

    staff_context: StaffContext
    guard: StaffGuard

    def routes(self) -> list[web.RouteDef]:
        page, one = self.guard.page, f"{HERE}/{{id:[0-9]{{1,15}}}}"
        return [
            web.get(HERE, page(Right.APPOINT, self.show)),
            web.post(HERE, page(Right.APPOINT, self.add)),
            web.post(f"{one}/remove", page(Right.APPOINT, self.remove)),
            web.post(f"{one}/sign-out", page(Right.APPOINT, self.sign_out)),
        ]

    async def show(self, _: web.Request, visitor: Visitor) -> web.StreamResponse:
        return await self._page(visitor)

    async def add(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        """Add a staff member, or change their role."""
        form = await form_of(request)
        staff_id = number(line(form, "id", longest=20), digits=TELEGRAM_DIGITS)
        role, name = str(form.get("role", "")), line(form, "name", longest=LONGEST_NAME)
        if not staff_id:
            return await self._page(visitor, fault="id")
        if role not in list(Role):
            return await self._page(visitor, fault="role")
        await self.staff_context.run(
            lambda use: use.add_staff(
                StaffId(staff_id), Role(role), name=name, actor=visitor.actor
            )
        )
        return see_other(HERE)

    async def remove(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        """Remove a staff member and end all their sessions."""
        wanted = _wanted(request)

        async def work(use: UseCases) -> bool:
            await use.end_session.everywhere(wanted, by=visitor.staff.id)
            return await use.remove_staff(wanted, actor=visitor.actor)

        if not await self.staff_context.run(work):
            raise not_found("no_member")
        return see_other(HERE)

    async def sign_out(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        """End all sessions of a staff member."""
        wanted = _wanted(request)
        await self.staff_context.run(
            lambda use: use.end_session.everywhere(wanted, by=visitor.staff.id)
        )
        return see_other(HERE)

    async def _page(self, visitor: Visitor, *, fault: str = "") -> web.StreamResponse:
        context = {
            "members": await self.staff_context.read(lambda use: use.list_staff()),
            "roles": list(Role),
            "fault": fault,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
        return self.staff_context.pages.page("staff/members", context, visitor, status=status)


def _wanted(request: web.Request) -> StaffId:
    return StaffId(int(request.match_info["id"]))


def routes(staff_context: StaffContext, guard: StaffGuard) -> list[web.RouteDef]:
    """Route of the page about oneself: rights and open sessions."""

    async def show(_: web.Request, visitor: Visitor) -> web.StreamResponse:
        found = await staff_context.read(lambda use: use.unit.visits.of(visitor.staff.id))
        now = staff_context.clock.now()
        context = {
            "rights": sorted(rights(visitor.staff.role), key=tuple(Right).index),
            "visits": [one for one in found if is_active(one, now=now)],
        }
        return staff_context.pages.page("staff/me", context, visitor)

    return [web.get("/staff/me", guard.page(None, show))]
