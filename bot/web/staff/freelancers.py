"""Staff pages of a freelancer, and corrections by hand."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from aiohttp import web

from bot.presentation.api_schema import LONGEST_ID
from bot.web.body import form_of
from bot.web.staff.context import StaffContext
from bot.web.staff.errors import not_found
from bot.web.staff.forms import line
from bot.web.staff.guard import StaffGuard
from bot.web.staff.pages import see_other
from bot.web.staff.session import Visitor
from bot.web.staff.views import freelancer as view
from bot.web.staff.views.audit import is_freelancer
from state.model.account import FreelancerId, StepId
from state.ports import AuditFilter
from state.rules.staff_access import Right
from state.usecases.progress.correct_step import Corrected
from state.usecases.registry import UseCases
from state.usecases.verification.by_hand import SetByHand

RECENT = 10
LOOKED_THROUGH = 200
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class FreelancerPages:
    """Routes of the freelancer search and page."""

    staff_context: StaffContext
    guard: StaffGuard

    def routes(self) -> list[web.RouteDef]:
        page, one = self.guard.page, "/staff/freelancers/{id}"
        return [
            web.get("/staff/freelancers", page(Right.READ, self.find)),
            web.get(one, page(Right.READ, self.show)),
            web.post(f"{one}/steps/{{step}}", page(Right.CORRECT, self.correct)),
            web.post(f"{one}/verification", page(Right.CORRECT, self.verify)),
        ]

    async def find(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        """Search form with recently active freelancers; with an id, redirect to its page."""
        wanted = request.query.get("id", "").strip()
        if wanted:
            return see_other(_address(wanted))
        lines = await self.staff_context.read(
            lambda use: use.unit.audit.newest(AuditFilter(), limit=LOOKED_THROUGH)
        )
        seen = dict.fromkeys(
            one.event.subject for one in lines if is_freelancer(one.event.subject)
        )
        recent = {"recent": list(seen)[:RECENT]}
        return self.staff_context.pages.page("staff/freelancers", recent, visitor)

    async def show(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        """The freelancer's page."""
        return await self._page(request, visitor, said=request.query.get("said", ""))

    async def correct(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        """Override whether a step is done."""
        form, step = await form_of(request), StepId(request.match_info["step"])
        done = form.get("done") == "yes"

        async def work(use: UseCases, wanted: FreelancerId, reason: str) -> str:
            outcome = await use.correct_step(
                wanted, step, done=done, reason=reason, actor=visitor.actor
            )
            if isinstance(outcome, Corrected):
                return "" if outcome.changed else "so_already"
            return "not_by_itself"

        return await self._put_right(request, visitor, work)

    async def verify(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        """Set or clear the verification by hand."""
        form = await form_of(request)

        async def work(use: UseCases, wanted: FreelancerId, reason: str) -> str:
            if form.get("what") == "clear":
                await use.clear_verification(wanted, reason=reason, actor=visitor.actor)
                return ""
            outcome = await use.set_verification(wanted, reason=reason, actor=visitor.actor)
            return "" if isinstance(outcome, SetByHand) else "cannot_verify"

        return await self._put_right(request, visitor, work)

    async def _put_right(
        self,
        request: web.Request,
        visitor: Visitor,
        work: Callable[[UseCases, FreelancerId, str], Awaitable[str]],
    ) -> web.StreamResponse:
        """Run a correction, which needs a reason, and redirect to the page.

        `work` returns the name of a fault, or "".
        """
        wanted, form = _wanted(request), await form_of(request)
        reason = line(form, "reason", longest=LONGEST_REASON)

        async def known(use: UseCases) -> str:
            if await use.unit.accounts.get(wanted) is None:
                raise not_found("no_freelancer")
            return await work(use, wanted, reason)

        fault = await self.staff_context.run(known) if reason else "reason"
        if fault:
            return await self._page(request, visitor, fault=fault)
        return see_other(f"{_address(wanted)}?said=put_right")

    async def _page(
        self, request: web.Request, visitor: Visitor, *, said: str = "", fault: str = ""
    ) -> web.StreamResponse:
        wanted = _wanted(request)
        found = await self.staff_context.read(lambda use: use.read_dossier(wanted))
        if found is None:
            raise not_found("no_freelancer")
        context = view.page(found, self.staff_context.policy, said=said, fault=fault)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
        return self.staff_context.pages.page("staff/freelancer", context, visitor, status=status)


def _wanted(request: web.Request) -> FreelancerId:
    wanted = request.match_info["id"]
    if len(wanted) > LONGEST_ID or "\x00" in wanted:
        raise not_found("no_freelancer")
    return FreelancerId(wanted)


def _address(freelancer_id: str) -> str:
    return f"/staff/freelancers/{quote(freelancer_id[:LONGEST_ID], safe='')}"
