"""Write down what the others who answer should know; the freelancer never sees it."""

from dataclasses import dataclass

from state.model.staff import Staff
from state.model.talk_work import GroupNews
from state.model.ticket import Ticket, TicketId, TicketNote
from state.ports import Clock, UnitOfWork
from state.rules.codes import secret_hash
from state.rules.tickets import ChangedHands
from state.usecases.hold_ticket import NoTicket
from state.usecases.ticket_effects import tell_group
from state.usecases.ticket_owner import changed_hands


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOnTicket:
    unit: UnitOfWork
    clock: Clock

    async def __call__(
        self, ticket_id: TicketId, by: Staff, text: str
    ) -> Ticket | ChangedHands | NoTicket:
        ticket = await self.unit.tickets.get(ticket_id)
        if ticket is None:
            return NoTicket()
        if await changed_hands(self.unit, ticket):
            return ChangedHands()
        now = self.clock.now()
        await self.unit.talks.add_note(
            TicketNote(ticket_id=ticket.id, by=by.id, at=now, text=text)
        )
        await tell_group(
            self.unit,
            ticket,
            GroupNews.NOTED,
            now=now,
            by=by.id,
            detail=text,
            once=f"{now.isoformat()}:{secret_hash(text)[:16]}",
        )
        return ticket
