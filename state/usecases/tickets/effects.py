"""What follows from a change of a ticket: words to both sides, the packet, a line in the audit."""

from datetime import datetime

from state.model.staff import Staff, StaffId
from state.model.ticket import TalkId, TalkMessage, Ticket
from state.model.work import (
    CallerNews,
    CarryToCaller,
    CarryToGroup,
    CloseTopic,
    GroupNews,
    ShowPacket,
    TellCaller,
    TellGroup,
)
from state.ports import AuditEvent, UnitOfWork
from state.usecases.lanes import chat_lane, ticket_lane
from state.usecases.tickets.owner import account_of


def actor_of(staff: Staff) -> str:
    return f"staff:{staff.id}"


async def show_packet(
    unit: UnitOfWork, ticket: Ticket, *, now: datetime, anew: bool = False
) -> None:
    await unit.outbox.add(
        ShowPacket(ticket_id=ticket.id, anew=anew),
        lane=ticket_lane(ticket.chat_id),
        key=f"packet:{ticket.id}:{ticket.version}",
        due_at=now,
    )


async def tell_caller(
    unit: UnitOfWork, ticket: Ticket, news: CallerNews, *, now: datetime
) -> None:
    await unit.outbox.add(
        TellCaller(ticket_id=ticket.id, news=news),
        lane=chat_lane(ticket.chat_id),
        key=f"tell-caller:{ticket.id}:{ticket.version}:{news}",
        due_at=now,
    )


async def tell_group(
    unit: UnitOfWork,
    ticket: Ticket,
    news: GroupNews,
    *,
    now: datetime,
    by: StaffId | None = None,
    detail: str = "",
    once: str = "",
) -> None:
    """`once` tells apart what happens more than once to one version of a ticket."""
    await unit.outbox.add(
        TellGroup(ticket_id=ticket.id, news=news, by=by, detail=detail),
        lane=ticket_lane(ticket.chat_id),
        key=f"tell-group:{ticket.id}:{ticket.version}:{news}:{once}",
        due_at=now,
    )


async def tell_lost(
    unit: UnitOfWork, talk_id: TalkId, *, now: datetime, news: GroupNews = GroupNews.LOST
) -> None:
    """A message of a talk did not get to the other side, or not as it was meant to."""
    message = await unit.talks.get(talk_id)
    ticket = None if message is None else await unit.tickets.get(message.ticket_id)
    if message is not None and ticket is not None:
        once = str(message.id)
        await tell_group(unit, ticket, news, now=now, detail=message.content, once=once)


async def close_topic(unit: UnitOfWork, ticket: Ticket, *, now: datetime) -> None:
    await unit.outbox.add(
        CloseTopic(chat_id=ticket.chat_id),
        lane=ticket_lane(ticket.chat_id),
        key=f"close-topic:{ticket.id}:{ticket.version}",
        due_at=now,
    )


async def carry_to_group(unit: UnitOfWork, message: TalkMessage, *, now: datetime) -> None:
    """An album goes as one: with its first message that is still to be carried."""
    members = await unit.talks.album(message.ticket_id, message.album) if message.album else ()
    if any(one.in_group is None and one.id < message.id for one in members):
        return
    await unit.outbox.add(
        CarryToGroup(talk_id=message.id),
        lane=ticket_lane(message.chat_id),
        key=f"to-group:{message.id}",
        due_at=now,
    )


async def carry_to_caller(
    unit: UnitOfWork, message: TalkMessage, *, now: datetime, html: str = ""
) -> None:
    members = await unit.talks.album(message.ticket_id, message.album) if message.album else ()
    if any(one.in_chat is None and one.id < message.id for one in members):
        return
    await unit.outbox.add(
        CarryToCaller(talk_id=message.id, html=html),
        lane=chat_lane(message.chat_id),
        key=f"to-caller:{message.id}",
        due_at=now,
    )


async def audit(
    unit: UnitOfWork,
    ticket: Ticket,
    kind: str,
    *,
    actor: str,
    now: datetime,
    detail: str = "",
) -> None:
    """About whoever has the chat now: what befalls them is not the former account's affair."""
    owner = await account_of(unit, ticket.chat_id)
    await unit.audit.add(
        AuditEvent(
            at=now,
            kind=f"ticket.{kind}",
            subject=owner or f"chat:{ticket.chat_id}",
            actor=actor,
            detail=f"{ticket.id} {detail}".strip(),
        )
    )
