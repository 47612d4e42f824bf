"""What staff see: the list of open tickets, one ticket in full, one freelancer in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from state.model.account import Account, FreelancerId, Progress, StepId
from state.model.chat import Chat
from state.model.staff import Ban, Staff
from state.model.ticket import Taken, TalkMessage, Ticket, TicketId, TicketNote
from state.policy import Policy
from state.ports import AuditEvent, Clock, ReadUnit
from state.rules.codes import Peppers
from state.rules.phone_number import CallableNumbers, mask_number
from state.rules.redaction import short_name
from state.usecases.progress.read import NotFound, ReadProgress
from state.usecases.tickets.owner import owner_of
from state.usecases.verification.read import (
    ExplainVerification,
    ReadVerification,
    VerificationHistory,
    VerificationView,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLine:
    """One ticket in the list of open tickets."""

    ticket: Ticket
    who: str
    """First name and initial, by the account or by Telegram."""
    owner: FreelancerId | None
    """The ticket's account; None if its chat is linked to another one now."""
    holder: Staff | None
    last: TalkMessage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSummary:
    """Summary of a ticket for staff: the person, their progress and verification, a ban."""

    ticket: Ticket
    who: str
    holder: Staff | None
    progress: Progress | None
    """None if the chat is not linked, or nothing is known of the account."""
    verification: VerificationView | None
    """Its number is masked."""
    ban: Ban | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """A ticket in full."""

    packet: TicketSummary
    talk: Sequence[TalkMessage]
    notes: Sequence[TicketNote]
    people: Sequence[Staff]
    """Members of staff named in the ticket, including those removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTickets:
    """All open tickets, the one waiting longest first."""

    unit: ReadUnit

    async def __call__(self) -> Sequence[TicketLine]:
        return [await self._line(one) for one in await self.unit.tickets.open()]

    async def _line(self, ticket: Ticket) -> TicketLine:
        talk = await self.unit.talks.of(ticket.id)
        return TicketLine(
            ticket=ticket,
            who=await name_of(self.unit, ticket),
            owner=await owner_of(self.unit, ticket),
            holder=await holder_of(self.unit, ticket),
            last=talk[-1] if talk else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTicketSummary:
    """The summary of a ticket for staff; None if it does not exist."""

    unit: ReadUnit
    policy: Policy
    clock: Clock
    peppers: Peppers
    callable_numbers: CallableNumbers

    async def __call__(self, ticket_id: TicketId) -> TicketSummary | None:
        ticket = await self.unit.tickets.get(ticket_id)
        if ticket is None:
            return None
        owner = await owner_of(self.unit, ticket)
        return TicketSummary(
            ticket=ticket,
            who=await name_of(self.unit, ticket),
            holder=await holder_of(self.unit, ticket),
            progress=None if owner is None else await self._progress(owner),
            verification=None if owner is None else await self._verification(owner),
            ban=await self.unit.bans.of(ticket.chat_id),
        )

    async def _progress(self, owner: FreelancerId) -> Progress | None:
        read = ReadProgress(
            unit=self.unit, policy=self.policy, clock=self.clock, peppers=self.peppers
        )
        found = await read(owner)
        return None if isinstance(found, NotFound) else found

    async def _verification(self, owner: FreelancerId) -> VerificationView:
        read = ReadVerification(
            unit=self.unit,
            policy=self.policy,
            clock=self.clock,
            peppers=self.peppers,
            callable_numbers=self.callable_numbers,
        )
        return await read(owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTicket:
    """A ticket in full: summary, messages and notes; None if it does not exist."""

    unit: ReadUnit
    policy: Policy
    clock: Clock
    peppers: Peppers
    callable_numbers: CallableNumbers

    async def __call__(self, ticket_id: TicketId) -> TicketView | None:
        read = ReadTicketSummary(
            unit=self.unit,
            policy=self.policy,
            clock=self.clock,
            peppers=self.peppers,
            callable_numbers=self.callable_numbers,
        )
        packet = await read(ticket_id)
        if packet is None:
            return None
        talk = await self.unit.talks.of(ticket_id)
        notes = await self.unit.talks.notes(ticket_id)
        named = {one.staff_id for one in talk} | {one.by for one in notes}
        return TicketView(
            packet=packet,
            talk=talk,
            notes=notes,
            people=[one for one in await self.unit.staff.all() if one.id in named],
        )


async def name_of(unit: ReadUnit, ticket: Ticket) -> str:
    """The freelancer's short name, by the account or by Telegram."""
    owner = await owner_of(unit, ticket)
    account = None if owner is None else await unit.accounts.get(owner)
    told = None if account is None else account.display_name
    return short_name(told) or short_name(ticket.caller)


async def holder_of(unit: ReadUnit, ticket: Ticket) -> Staff | None:
    """The member of staff who holds the ticket; None also if they have no record yet."""
    if not isinstance(ticket.state, Taken):
        return None
    return await unit.staff.get(ticket.state.by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All facts on one freelancer, for staff."""

    id: FreelancerId
    account: Account | None
    progress: Progress
    revoked: Mapping[StepId, datetime]
    chat: Chat | None
    story: VerificationHistory | None
    number: str
    """Masked; empty if there is none."""
    history: Sequence[AuditEvent]
    """All audit lines about them, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDossier:
    """All facts on a freelancer, for staff; None if the freelancer is unknown."""

    unit: ReadUnit
    policy: Policy
    clock: Clock
    peppers: Peppers | None

    async def __call__(self, freelancer_id: FreelancerId) -> Dossier | None:
        read = ReadProgress(
            unit=self.unit, policy=self.policy, clock=self.clock, peppers=self.peppers
        )
        explain = ExplainVerification(
            unit=self.unit, policy=self.policy, clock=self.clock, peppers=self.peppers
        )
        progress = await read(freelancer_id)
        if not isinstance(progress, Progress):
            return None
        current = await self.unit.numbers.current(freelancer_id)
        return Dossier(
            id=freelancer_id,
            account=await self.unit.accounts.get(freelancer_id),
            progress=progress,
            revoked=await self.unit.accounts.revoked(freelancer_id),
            chat=await self.unit.chats.of(freelancer_id),
            story=await explain(freelancer_id),
            number="" if current is None else mask_number(current),
            history=await self.unit.audit.about(freelancer_id),
        )
