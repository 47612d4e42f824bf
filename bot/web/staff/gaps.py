"""Staff pages of content gaps, where a phrasing or an article can be proposed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from bot.articles.gaps import ContentGap, missed_since, nearest_gaps
from bot.web.body import form_of
from bot.web.staff.context import StaffContext
from bot.web.staff.drafting import DraftForms
from bot.web.staff.errors import not_found
from bot.web.staff.forms import number
from bot.web.staff.guard import StaffGuard
from bot.web.staff.session import Visitor
from bot.web.staff.views import gaps as view
from state.rules.staff_access import Right

SHOWN = 50
LONGEST_BACK = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class GapPages:
    """Routes of the content gaps."""

    staff_context: StaffContext
    guard: StaffGuard
    writing: DraftForms

    def routes(self) -> list[web.RouteDef]:
        page = self.guard.page
        return [
            web.get("/staff/gaps", page(Right.READ, self.show_all)),
            web.get("/staff/gaps/{key}", page(Right.WRITE, self.show_one)),
            web.post("/staff/gaps/{key}/phrasing", page(Right.WRITE, self.add_phrasing)),
            web.post("/staff/gaps/{key}/draft", page(Right.WRITE, self.draft)),
        ]

    async def show_all(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        """List of content gaps of the last so many days."""
        days = days_of(request, LONGEST_BACK)
        found = await self._found(days)
        library = self.staff_context.content().library
        return self.staff_context.pages.page(
            "staff/gaps", view.gap_list(found, library, days), visitor
        )

    async def show_one(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        """One content gap, with forms to propose a change."""
        found = await self._one(request)
        fields = view.prefilled_fields(found, self.staff_context.content().library)
        return self.writing.page(found, visitor, fields)

    async def add_phrasing(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        """Propose a phrasing of an existing article."""
        found, form = await self._one(request), await form_of(request)
        return await self.writing.phrasing(found, visitor, form)

    async def draft(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        """Propose a new article."""
        found, form = await self._one(request), await form_of(request)
        return await self.writing.draft(found, visitor, form)

    async def _one(self, request: web.Request) -> ContentGap:
        """The gap with this key, searched in each selectable period; 404 if there is none."""
        key = request.match_info["key"]
        for days in view.CHOICES:
            for found in await self._found(days):
                if found.key == key:
                    return found
        raise not_found("no_gap")

    async def _found(self, days: int) -> Sequence[ContentGap]:
        since = self.staff_context.clock.now() - timedelta(days=days)
        asked = await self.staff_context.read(lambda use: missed_since(use.unit, since))
        engine = self.staff_context.content().engine
        return await asyncio.to_thread(nearest_gaps, asked, engine, SHOWN)


def days_of(request: web.Request, longest: int) -> int:
    """The period in days from the query, 1 to `longest`; 30 if missing."""
    days = number(request.query.get("days"), digits=3)
    return 30 if days is None else min(max(days, 1), longest)
