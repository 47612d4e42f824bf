"""What staff see: the talks that are open, and one of them with all there is to know."""

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
from state.rules.discretion import short_name
from state.rules.phone_number import Reach, mask
from state.usecases.progress.read import NotFound, ReadProgress
from state.usecases.tickets.owner import owner_of
from state.usecases.verification.read import (
    ExplainVerification,
    ReadVerification,
    Story,
    VerificationView,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLine:
    ticket: Ticket
    who: str
    """As the account, or Telegram, calls them: a first name and a letter."""
    owner: FreelancerId | None
    """None as well once the chat has another account."""
    holder: Staff | None
    last: TalkMessage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """What a person needs to know, so that they need not ask again."""

    ticket: Ticket
    who: str
    holder: Staff | None
    progress: Progress | None
    """None where the chat is linked to no account, or nothing is known of it."""
    verification: VerificationView | None
    """The number in it is masked."""
    ban: Ban | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    packet: Packet
    talk: Sequence[TalkMessage]
    notes: Sequence[TicketNote]
    people: Sequence[Staff]
    """Whoever of the staff is named in it, also those that are gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTickets:
    """The open ones, the one that waits longest first."""

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
class ReadPacket:
    unit: ReadUnit
    policy: Policy
    clock: Clock
    peppers: Peppers
    reach: Reach

    async def __call__(self, ticket_id: TicketId) -> Packet | None:
        ticket = await self.unit.tickets.get(ticket_id)
        if ticket is None:
            return None
        owner = await owner_of(self.unit, ticket)
        return Packet(
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
            reach=self.reach,
        )
        return await read(owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTicket:
    """The packet and the talk."""

    unit: ReadUnit
    policy: Policy
    clock: Clock
    peppers: Peppers
    reach: Reach

    async def __call__(self, ticket_id: TicketId) -> TicketView | None:
        read = ReadPacket(
            unit=self.unit,
            policy=self.policy,
            clock=self.clock,
            peppers=self.peppers,
            reach=self.reach,
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
    owner = await owner_of(unit, ticket)
    account = None if owner is None else await unit.accounts.get(owner)
    told = None if account is None else account.display_name
    return short_name(told) or short_name(ticket.caller)


async def holder_of(unit: ReadUnit, ticket: Ticket) -> Staff | None:
    """Somebody of the settings who was never seen has no record and so no name."""
    if not isinstance(ticket.state, Taken):
        return None
    return await unit.staff.get(ticket.state.by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    id: FreelancerId
    account: Account | None
    progress: Progress
    struck: Mapping[StepId, datetime]
    chat: Chat | None
    story: Story | None
    number: str
    """Masked; empty where there is none."""
    history: Sequence[AuditEvent]
    """All lines about them, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDossier:
    """None if nobody ever told us of them."""

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
            struck=await self.unit.accounts.struck(freelancer_id),
            chat=await self.unit.chats.of(freelancer_id),
            story=await explain(freelancer_id),
            number="" if current is None else mask(current),
            history=await self.unit.audit.about(freelancer_id),
        )
