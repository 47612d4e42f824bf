"""Ban a chat from reaching staff, with a reason, and lift the ban."""

from dataclasses import dataclass, replace

from state.model.chat import ChatId
from state.model.staff import Ban, Staff
from state.model.ticket import Closed, Resolution, Ticket, TicketId
from state.model.work import CallerNews, GroupNews
from state.ports import Clock, UnitOfWork
from state.rules.tickets import HeldByOther, ReplyRequired, close_refusal, is_open
from state.usecases.tickets.close import save_closed
from state.usecases.tickets.effects import (
    actor_of,
    audit,
    close_topic,
    show_packet,
    tell_caller,
    tell_group,
)
from state.usecases.tickets.hold import NoTicket


@dataclass(frozen=True, slots=True, kw_only=True)
class BanChat:
    """Ban a chat and close its ticket; the person is told the reason.

    Only those who may close the ticket may ban, as a ban closes it.
    """

    unit: UnitOfWork
    clock: Clock

    async def __call__(
        self, ticket_id: TicketId, by: Staff, reason: str
    ) -> Ticket | HeldByOther | ReplyRequired | NoTicket:
        ticket = await self.unit.tickets.get(ticket_id)
        if ticket is None:
            return NoTicket()
        if refused := close_refusal(ticket, by):
            return refused
        now, actor = self.clock.now(), actor_of(by)
        await self.unit.bans.put(Ban(chat_id=ticket.chat_id, reason=reason, by=by.id, at=now))
        await audit(self.unit, ticket, "banned", actor=actor, now=now, detail=reason)
        if is_open(ticket):
            over = replace(ticket, state=Closed(now, Resolution.BANNED, by.id))
            ticket = await save_closed(self.unit, over, now=now, actor=actor)
        else:
            await show_packet(self.unit, ticket, now=now)
        once = now.isoformat()
        news = GroupNews.BANNED
        await tell_group(self.unit, ticket, news, now=now, by=by.id, detail=reason, once=once)
        await tell_caller(self.unit, ticket, CallerNews.BANNED, now=now)
        await close_topic(self.unit, ticket, now=now)
        return ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftBan:
    unit: UnitOfWork
    clock: Clock

    async def __call__(self, chat_id: ChatId, by: Staff) -> bool:
        """Lift a chat's ban; False if there was none."""
        if not await self.unit.bans.lift(chat_id):
            return False
        ticket = await self.unit.tickets.last(chat_id)
        if ticket is not None:
            now, once = self.clock.now(), self.clock.now().isoformat()
            await audit(self.unit, ticket, "unbanned", actor=actor_of(by), now=now)
            news = GroupNews.UNBANNED
            await tell_group(self.unit, ticket, news, now=now, by=by.id, once=once)
            await tell_caller(self.unit, ticket, CallerNews.UNBANNED, now=now)
        return True
