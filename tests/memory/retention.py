"""In-memory retention."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from state.model.account import FreelancerId
from state.model.ticket import Closed
from state.model.verification import Ended
from state.model.work import EraseTraces
from state.ports import RetentionLimits
from tests.memory.tables import Tables
from tests.memory.tickets import drop_ticket


@dataclass(frozen=True, slots=True)
class MemoryRetention:
    """Keeps no moments of what was done with, so of queues it lets nothing go."""

    tables: Tables

    async def drop_pending(self, lane: str) -> None:
        outbox = self.tables.outbox
        for key in [k for k, entry in outbox.items() if entry.open and entry.row.lane == lane]:
            del outbox[key]

    async def erase_traces(self, *, lane: str | None, subject: FreelancerId | None) -> None:
        outbox = self.tables.outbox
        for key, entry in list(outbox.items()):
            erasure = isinstance(entry.row.task, EraseTraces)
            mine = entry.row.lane == lane and (erasure or not entry.open)
            named = subject is not None and not entry.open and f":{subject}:" in f":{key}:"
            if mine or named:
                del outbox[key]
        for update_id, held in self.tables.inbox.items():
            if held.row.lane == lane and not held.open:
                nameless = replace(held.row, lane="", payload="")
                self.tables.inbox[update_id] = replace(held, row=nameless, reason=None)

    async def delete_expired(self, since: RetentionLimits, *, limit: int) -> bool:
        more = False
        for rows, old in self._old(since):
            for key in old[:limit]:
                del rows[key]
            more |= len(old) >= limit
        return more

    def _old(self, since: RetentionLimits) -> Iterator[tuple[dict[Any, Any], list[Any]]]:
        tables = self.tables
        over = {
            one.id: one.phase.at
            for one in tables.sessions.values()
            if isinstance(one.phase, Ended)
        }
        handled = {key for key, at in over.items() if at < since.handled}
        yield tables.answers, [key for key in tables.answers if key[0] in handled]
        events = tables.provider_events
        yield events, [key for key, at in events.items() if at < since.handled]
        yield tables.sessions, [key for key, at in over.items() if at < since.ended]
        yield tables.audit, [key for key, one in tables.audit.items() if one.at < since.told]
        ledger = tables.ledger
        yield (
            ledger,
            [
                key
                for key, one in ledger.items()
                if one.at <= since.counted
                and (one.locked_until is None or one.locked_until <= since.locked)
            ],
        )
        bindings = tables.bindings
        yield (
            bindings,
            [key for key, one in bindings.items() if one.until and one.until <= since.locked],
        )
        links = tables.links
        yield links, [key for key, one in links.items() if one.expires_at < since.handled]
        for ticket in list(tables.tickets.values()):
            if isinstance(ticket.state, Closed) and ticket.state.at < since.talked:
                drop_ticket(tables, ticket.id)
        guesses = tables.guesses
        yield guesses, [key for key, (_, at) in guesses.items() if at <= since.guessed]
        asked = tables.hand_overs
        yield asked, [key for key, (_, at) in asked.items() if at <= since.guessed]
        ways = tables.sign_in_links
        yield ways, [key for key, one in ways.items() if one.expires_at < since.signed_in]
        visits = tables.visits
        yield visits, [key for key, one in visits.items() if one.seen_at < since.signed_in]
