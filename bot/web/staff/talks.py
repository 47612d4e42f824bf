"""Staff pages of conversations: the list, and one with its summary and messages."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from aiohttp import web

from bot.web.staff.context import StaffContext
from bot.web.staff.errors import not_found
from bot.web.staff.forms import number
from bot.web.staff.guard import StaffGuard
from bot.web.staff.live_events import EventStream
from bot.web.staff.pages import HEADERS
from bot.web.staff.session import Visitor
from bot.web.staff.views import talks as view
from bot.web.staff.views.packet import packet
from state.model.ticket import TicketId
from state.rules.staff_access import Right
from state.usecases.tickets.read import TicketView

ONE = "/staff/talks/{id:[0-9]{1,18}}"
ENDED = timedelta(days=3)
MOST_ENDED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkPages:
    """Routes of the conversations, whole pages and parts of them."""

    staff_context: StaffContext
    guard: StaffGuard
    live: EventStream

    def routes(self) -> list[web.RouteDef]:
        page = self.guard.page
        return [
            web.get("/staff/talks", page(Right.TALK, self.show_all)),
            web.get("/staff/talks/list", page(Right.TALK, self.show_list)),
            web.get(ONE, page(Right.TALK, self.show)),
            web.get(f"{ONE}/lines", page(Right.TALK, self.show_lines)),
            web.get(f"{ONE}/state", page(Right.TALK, self.show_state)),
        ]

    async def show_all(self, _: web.Request, visitor: Visitor) -> web.StreamResponse:
        """Page with open and recently closed conversations."""
        context = {**await self._list(visitor), "ended": await self._ended()}
        return self.staff_context.pages.page("staff/talks", context, visitor)

    async def show_list(self, _: web.Request, visitor: Visitor) -> web.StreamResponse:
        """The list of open conversations, as part of a page."""
        return self._part("staff/talk_list", await self._list(visitor))

    async def show(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        """Page of one conversation."""
        return await self.page(request, visitor)

    async def show_lines(self, request: web.Request, _: Visitor) -> web.StreamResponse:
        """New and changed messages of one conversation, as part of a page."""
        found, given = await self.ticket_view(request), request.query
        after, pending = number(given.get("after")) or 0, number(given.get("pending"))
        changed = datetime.fromtimestamp(
            (number(given.get("changed"), digits=13) or 0) / 1000, UTC
        )
        shown = view.lines(found, after=after, changed=changed, pending=pending)
        return self._part("staff/talk_lines", {"talk": shown})

    async def show_state(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        """State and actions of one conversation, as part of a page."""
        context = {"state": view.state(await self.ticket_view(request), self._reader(visitor))}
        return self._part("staff/talk_state", {**context, "visitor": visitor})

    async def page(
        self, request: web.Request, visitor: Visitor, *, fault: str = ""
    ) -> web.StreamResponse:
        """Page of one conversation.

        The change token is read first, so that the event stream reports any later change.
        """
        token = await self.live.change_token(ticket_id_of(request))
        found, library = await self.ticket_view(request), self.staff_context.content().library
        context = {
            "packet": packet(found.packet, self.staff_context.policy, library),
            "state": view.state(found, self._reader(visitor)),
            "talk": view.lines(found),
            "articles": view.articles(library, found.packet.ticket.language),
            "token": token,
            "fault": fault,
        }
        status = HTTPStatus.CONFLICT if fault else HTTPStatus.OK
        return self.staff_context.pages.page("staff/talk", context, visitor, status=status)

    async def ticket_view(self, request: web.Request) -> TicketView:
        """The ticket named in the URL; 404 if there is none."""
        wanted = ticket_id_of(request)
        found = await self.staff_context.read(lambda use: use.read_ticket(wanted))
        if found is None:
            raise not_found("no_talk")
        return found

    async def _list(self, visitor: Visitor) -> dict[str, object]:
        token = await self.live.change_token(None)
        lines = await self.staff_context.read(lambda use: use.list_tickets())
        return {**view.listed(lines, self._reader(visitor)), "token": token}

    async def _ended(self) -> list[view.EndedTalk]:
        since = self.staff_context.clock.now() - ENDED
        found = await self.staff_context.read(lambda use: use.unit.tickets.since(since))
        return view.ended(found)[:MOST_ENDED]

    def _reader(self, visitor: Visitor) -> view.PageContext:
        return view.PageContext(
            staff=visitor.staff,
            now=self.staff_context.clock.now(),
            office=self.staff_context.office,
        )

    def _part(self, name: str, context: dict[str, object]) -> web.Response:
        words = self.staff_context.pages.render(name, context)
        return web.Response(text=words, content_type="text/html", headers=HEADERS)


def ticket_id_of(request: web.Request) -> TicketId:
    """Ticket id in the URL."""
    return TicketId(int(request.match_info["id"]))
