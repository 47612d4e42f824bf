"""Staff actions in a conversation: reply, note, take, release, close, ban."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from bot.articles.answers import answering_of
from bot.web.body import form_of
from bot.web.staff.errors import not_found
from bot.web.staff.forms import line, text
from bot.web.staff.pages import HEADERS, see_other
from bot.web.staff.session import Visitor
from bot.web.staff.talks import ONE, TalkPages, ticket_id_of
from state.model.ticket import MessageContent, TicketId
from state.rules.staff_access import Right
from state.rules.tickets import (
    LONGEST_NOTE,
    LONGEST_REASON,
    HeldByOther,
    NotOpen,
    OwnerChanged,
    ReplyRequired,
)
from state.usecases.registry import UseCases
from state.usecases.tickets.hold import NoTicket
from state.usecases.tickets.owner import owner_of

LONGEST_REPLY = 4000
LONGEST_SLUG = 100
_FAULTS = {
    HeldByOther: "held",
    ReplyRequired: "answer_first",
    NotOpen: "closed",
    OwnerChanged: "parted",
}
"""By result type: name of a text in templates/pages/staff/talk_fault.html."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkActions:
    """Routes of the actions."""

    pages: TalkPages

    def routes(self) -> list[web.RouteDef]:
        acts = {
            "reply": self.reply,
            "article": self.article,
            "note": self.note,
            "take": self.take,
            "release": self.release,
            "close": self.close,
            "ban": self.ban,
            "unban": self.unban,
        }
        page = self.pages.guard.page
        return [web.post(f"{ONE}/{name}", page(Right.TALK, act)) for name, act in acts.items()]

    async def reply(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        words = text(await form_of(request), "text", longest=LONGEST_REPLY).strip()
        said = MessageContent(text=words)
        if not words:
            return await self._refused(request, visitor, "empty")
        return await self._act(
            request, visitor, lambda use, id_: use.reply_to_freelancer(id_, visitor.staff, said)
        )

    async def article(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        slug = line(await form_of(request), "slug", longest=LONGEST_SLUG)
        ticket = (await self.pages.ticket_view(request)).packet.ticket

        async def work(use: UseCases, ticket_id: TicketId) -> object:
            answering = answering_of(use, self.pages.staff_context.content())
            owner = await owner_of(use.unit, ticket)
            said = await answering.canned(owner, slug, ticket.language)
            if said is None:
                raise not_found("no_article")
            return await use.reply_to_freelancer(ticket_id, visitor.staff, said)

        return await self._act(request, visitor, work)

    async def note(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        words = text(await form_of(request), "text", longest=LONGEST_NOTE).strip()
        if not words:
            return await self._refused(request, visitor, "empty")
        return await self._act(
            request, visitor, lambda use, id_: use.note_on_ticket(id_, visitor.staff, words)
        )

    async def take(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        over = (await form_of(request)).get("over") == "yes"
        return await self._act(
            request, visitor, lambda use, id_: use.take_ticket(id_, visitor.staff, over=over)
        )

    async def release(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        return await self._act(
            request, visitor, lambda use, id_: use.release_ticket(id_, visitor.staff)
        )

    async def close(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        return await self._act(
            request, visitor, lambda use, id_: use.close_ticket(id_, visitor.staff)
        )

    async def ban(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        reason = line(await form_of(request), "reason", longest=LONGEST_REASON)
        if not reason:
            return await self._refused(request, visitor, "reason")
        return await self._act(
            request, visitor, lambda use, id_: use.ban_chat(id_, visitor.staff, reason)
        )

    async def unban(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        chat_id = (await self.pages.ticket_view(request)).packet.ticket.chat_id
        return await self._act(
            request, visitor, lambda use, _: use.lift_ban(chat_id, visitor.staff)
        )

    async def _act(
        self,
        request: web.Request,
        visitor: Visitor,
        work: Callable[[UseCases, TicketId], Awaitable[object]],
    ) -> web.StreamResponse:
        wanted = ticket_id_of(request)
        outcome = await self.pages.staff_context.run(lambda use: work(use, wanted))
        if isinstance(outcome, NoTicket):
            raise not_found("no_talk")
        for refusal, fault in _FAULTS.items():
            if isinstance(outcome, refusal):
                return await self._refused(request, visitor, fault)
        if request.headers.get("HX-Request"):
            return web.Response(status=HTTPStatus.NO_CONTENT, headers=HEADERS)
        return see_other(f"/staff/talks/{wanted}")

    async def _refused(
        self, request: web.Request, visitor: Visitor, fault: str
    ) -> web.StreamResponse:
        """The page with the fault; to an HTMX request, the fault's text alone."""
        if request.headers.get("HX-Request"):
            words = self.pages.staff_context.pages.render("staff/talk_fault", {"fault": fault})
            return web.Response(
                text=words, content_type="text/html", status=HTTPStatus.CONFLICT, headers=HEADERS
            )
        return await self.pages.page(request, visitor, fault=fault)
