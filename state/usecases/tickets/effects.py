"""Effects of a change of a ticket: news to both sides, the summary, an audit line."""

from datetime import datetime

from state.model.staff import Staff, StaffId
from state.model.ticket import Author, TalkId, TalkMessage, Ticket
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
    unit: UnitOfWork, ticket: Ticket, news: CallerNews, *, now: datetime, once: str = ""
) -> None:
    """Send news to the freelancer. `once` as for `tell_group`."""
    await unit.outbox.add(
        TellCaller(ticket_id=ticket.id, news=news),
        lane=chat_lane(ticket.chat_id),
        key=f"tell-caller:{ticket.id}:{ticket.version}:{news}:{once}",
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
    """Post news in the topic. `once` distinguishes repeated news of one version of a ticket."""
    await unit.outbox.add(
        TellGroup(ticket_id=ticket.id, news=news, by=by, detail=detail),
        lane=ticket_lane(ticket.chat_id),
        key=f"tell-group:{ticket.id}:{ticket.version}:{news}:{once}",
        due_at=now,
    )


async def tell_lost(
    unit: UnitOfWork, talk_id: TalkId, *, now: datetime, news: GroupNews = GroupNews.LOST
) -> None:
    """Tell staff that a message was not delivered to the other side, or not as intended."""
    message = await unit.talks.get(talk_id)
    ticket = None if message is None else await unit.tickets.get(message.ticket_id)
    if message is not None and ticket is not None:
        once = str(message.id)
        await tell_group(unit, ticket, news, now=now, detail=message.content, once=once)


async def tell_not_passed_on(unit: UnitOfWork, message: TalkMessage, *, now: datetime) -> None:
    """Tell both sides that a message was not delivered to staff; staff are told of their own."""
    await tell_lost(unit, message.id, now=now)
    ticket = await unit.tickets.get(message.ticket_id)
    if ticket is not None and message.author is Author.FREELANCER:
        await tell_caller(unit, ticket, CallerNews.LOST, now=now, once=str(message.id))


async def close_topic(unit: UnitOfWork, ticket: Ticket, *, now: datetime) -> None:
    await unit.outbox.add(
        CloseTopic(chat_id=ticket.chat_id),
        lane=ticket_lane(ticket.chat_id),
        key=f"close-topic:{ticket.id}:{ticket.version}",
        due_at=now,
    )


async def carry_to_group(unit: UnitOfWork, message: TalkMessage, *, now: datetime) -> None:
    """Queue a message for the staff group; an album is queued once, with its first message."""
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
    """Add an audit line about the account that the chat has now, or about the chat itself."""
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
