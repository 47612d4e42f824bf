"""In-memory pulse: everything that could be new, as one text."""

from dataclasses import dataclass

from state.model.ticket import Closed, TicketId
from tests.memory.tables import Tables


@dataclass(frozen=True, slots=True)
class MemoryChangeTokens:
    tables: Tables

    async def of_all(self) -> str:
        open_ = [one for one in self.tables.tickets.values() if not isinstance(one.state, Closed)]
        return f"{len(open_)}-{sum(one.version for one in open_)}-{len(self.tables.talks)}"

    async def of_one(self, ticket_id: TicketId) -> str:
        ticket = self.tables.tickets.get(ticket_id)
        said = [one for one in self.tables.talks.values() if one.ticket_id == ticket_id]
        changed = [str(moment) for one in said for moment in (one.edited_at, one.deleted_at)]
        arrived = sum(one.in_chat is not None for one in said)
        noted = sum(one.ticket_id == ticket_id for one in self.tables.notes.values())
        version = 0 if ticket is None else ticket.version
        return f"{version}-{len(said)}-{arrived}-{noted}-{hash(tuple(changed))}"
