"""Authorization of staff pages: session, role, origin and CSRF token."""

import hmac
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.web.body import form_of
from bot.web.staff.context import StaffContext
from bot.web.staff.errors import PageRefusal, forbidden, not_found, unusable
from bot.web.staff.pages import see_other
from bot.web.staff.path_prefix import without_prefix
from bot.web.staff.session import Cookies, Visitor, csrf_of
from state.rules.staff_access import Right, may
from state.usecases.staff.sign_in import ActiveSession

log = logging.getLogger(__name__)

SAFE = frozenset({"GET", "HEAD"})
"""HTTP methods that change nothing and need no CSRF check."""
StaffPage: TypeAlias = Callable[[web.Request, Visitor], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffGuard:
    """Wraps handlers with authentication, authorization and CSRF protection."""

    staff_context: StaffContext
    cookies: Cookies

    def page(self, right: Right | None, handle: StaffPage) -> Handler:
        """Wrap a handler for signed-in staff with this right; None: any staff member."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            visitor = await self.visitor(request)
            try:
                if visitor is None:
                    return self._sign_in_first(request)
                if right is not None and not may(visitor.staff.role, right):
                    raise forbidden("role")
                await self._is_ours(request, visitor)
                return await handle(request, visitor)
            except PageRefusal as refusal:
                return self.staff_context.pages.refusal(refusal, visitor)
            except web.HTTPException as error:
                return self.staff_context.pages.refusal(_as_refusal(error), visitor)

        return guarded

    def public_page(self, handle: Handler) -> Handler:
        """Wrap a handler for visitors who are not signed in."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                if request.method not in SAFE:
                    self.check_origin(request)
                return await handle(request)
            except PageRefusal as refusal:
                return self.staff_context.pages.refusal(refusal)

        return guarded

    async def visitor(self, request: web.Request) -> Visitor | None:
        """The signed-in staff member; None without a valid session cookie."""
        secret = request.cookies.get(self.cookies.visit, "")
        if not secret:
            return None
        found = await self.staff_context.read(lambda use: use.read_session(secret))
        if found is None:
            return None
        await self._note_presence(found)
        return Visitor(staff=found.staff, visit=found.visit, csrf=csrf_of(secret))

    def check_origin(self, request: web.Request) -> None:
        """Refuse (403) a form whose Origin is not ours; browsers always send one."""
        if request.headers.get("Origin") != self.staff_context.origin:
            log.warning("a form of another site was refused")
            raise forbidden("origin")

    async def _note_presence(self, session: ActiveSession) -> None:
        if session.is_due(self.staff_context.clock.now()):
            now, key = self.staff_context.clock.now(), session.visit.secret_hash
            await self.staff_context.records.transact(lambda unit: unit.visits.touch(key, now))

    async def _is_ours(self, request: web.Request, visitor: Visitor) -> None:
        if request.method in SAFE:
            return
        self.check_origin(request)
        given = request.headers.get("X-CSRF-Token") or (await form_of(request)).get("csrf")
        if not isinstance(given, str) or not hmac.compare_digest(
            given.encode(errors="replace"), visitor.csrf.encode()
        ):
            raise forbidden("csrf")

    def _sign_in_first(self, request: web.Request) -> web.StreamResponse:
        """Redirect to the sign-in page; for HTMX and event requests, the whole page."""
        if request.method not in SAFE:
            raise PageRefusal(status=HTTPStatus.UNAUTHORIZED, why="signed_out")
        wanted = without_prefix(self.staff_context.prefix, request.path_qs)
        door = f"/staff/sign-in?next={quote(wanted, safe='')}"
        if request.headers.get("HX-Request") or wanted.startswith("/staff/events"):
            raise PageRefusal(
                status=HTTPStatus.UNAUTHORIZED, why="signed_out", headers={"HX-Redirect": door}
            )
        return see_other(door)


def _as_refusal(error: web.HTTPException) -> PageRefusal:
    if error.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return PageRefusal(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, why="too_large")
    return not_found() if error.status == HTTPStatus.NOT_FOUND else unusable("form")
