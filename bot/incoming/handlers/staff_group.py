"""Handlers in the staff group: staff commands, and replies to the freelancer."""

from collections.abc import Awaitable, Callable
from functools import wraps

from bot.incoming.handlers.conditions import (
    in_staff_group,
    is_command,
    is_edited,
    is_new,
    said,
    staff_of,
    talk_message_answered,
    ticket_of_topic,
)
from bot.incoming.routing import Route, command, message, message_with
from bot.incoming.turn import Turn
from bot.presentation.reply import Replies
from bot.presentation.telegram_html import length
from bot.presentation.views import staff_group as staff_group_views
from state.model.staff import Staff
from state.model.ticket import MessageContent, Ticket
from state.ports import UnitOfWork
from state.rules.tickets import (
    LONGEST_NOTE,
    LONGEST_REASON,
    HeldByOther,
    NotOpen,
    OwnerChanged,
    ReplyRequired,
)
from state.usecases.tickets.hold import NoTicket
from state.usecases.tickets.owner import owner_of


async def take(turn: Turn, staff: Staff, ticket: Ticket) -> Replies:
    over = _arguments(turn).lower() == "over"
    return await refusal(await turn.use.take_ticket(ticket.id, staff, over=over), turn.unit)


async def release(turn: Turn, staff: Staff, ticket: Ticket) -> Replies:
    return await refusal(await turn.use.release_ticket(ticket.id, staff), turn.unit)


async def close(turn: Turn, staff: Staff, ticket: Ticket) -> Replies:
    return await refusal(await turn.use.close_ticket(ticket.id, staff), turn.unit)


async def note(turn: Turn, staff: Staff, ticket: Ticket) -> Replies:
    words = _arguments(turn)
    if not words:
        return [staff_group_views.usage("note")]
    if length(words) > LONGEST_NOTE:
        return [staff_group_views.too_long(length(words), LONGEST_NOTE)]
    return await refusal(await turn.use.note_on_ticket(ticket.id, staff, words), turn.unit)


async def send_article(turn: Turn, staff: Staff, ticket: Ticket) -> Replies:
    slug = _arguments(turn)
    if not slug:
        return [staff_group_views.usage("a")]
    owner = await owner_of(turn.unit, ticket)
    article = await turn.answering.canned(owner, slug, ticket.language)
    if article is None:
        return [staff_group_views.plain("desk_no_article")]
    return await refusal(await turn.use.reply_to_freelancer(ticket.id, staff, article), turn.unit)


async def ban(turn: Turn, staff: Staff, ticket: Ticket) -> Replies:
    why = _arguments(turn)
    if not why:
        return [staff_group_views.usage("ban")]
    if length(why) > LONGEST_REASON:
        return [staff_group_views.too_long(length(why), LONGEST_REASON)]
    return await refusal(await turn.use.ban_chat(ticket.id, staff, why), turn.unit)


async def unban(turn: Turn, staff: Staff, ticket: Ticket) -> Replies:
    lifted = await turn.use.lift_ban(ticket.chat_id, staff)
    return [] if lifted else [staff_group_views.plain("desk_not_banned")]


async def delete(turn: Turn, staff: Staff, _: Ticket) -> Replies:
    answered = await talk_message_answered(turn)
    if answered is None:
        return [staff_group_views.usage("delete")]
    taken_back = await turn.use.take_back(staff, answered)
    return [] if taken_back else [staff_group_views.plain("desk_not_yours")]


async def change_reply(turn: Turn, said: MessageContent) -> Replies:
    staff = await staff_of(turn)
    if staff is not None:
        await turn.use.edit_talk.by_staff(staff, said)
    return []


async def show_help(turn: Turn) -> Replies | None:
    staff = await staff_of(turn)
    return None if staff is None else [staff_group_views.plain("desk_help")]


async def reply(turn: Turn, said: MessageContent) -> Replies | None:
    staff, ticket = await staff_of(turn), await ticket_of_topic(turn)
    if ticket is None:
        return None
    if staff is None:
        return [staff_group_views.plain("desk_not_staff")]
    return await refusal(await turn.use.reply_to_freelancer(ticket.id, staff, said), turn.unit)


async def stay_silent(turn: Turn) -> Replies:
    return []


async def refusal(outcome: object, unit: UnitOfWork) -> Replies:
    """The reply to a refused action; none for a success, which the topic shows by itself."""
    if isinstance(outcome, HeldByOther | ReplyRequired):
        holder = await unit.staff.get(outcome.staff_id)
        return [staff_group_views.refused(outcome, name=holder.name if holder else "")]
    if isinstance(outcome, NotOpen | OwnerChanged | NoTicket):
        return [staff_group_views.refused(outcome)]
    return []


def _arguments(turn: Turn) -> str:
    return turn.command.arguments if turn.command else ""


def _staff_command(
    name: str, handler: Callable[[Turn, Staff, Ticket], Awaitable[Replies]]
) -> Route:
    """Route of a command by staff in a chat's topic; anything else goes to the next route."""

    @wraps(handler)
    async def handle(turn: Turn) -> Replies | None:
        staff = await staff_of(turn)
        ticket = None if staff is None else await ticket_of_topic(turn)
        return None if staff is None or ticket is None else await handler(turn, staff, ticket)

    return command(name, handle, in_staff_group, is_new)


ROUTES = (
    _staff_command("take", take),
    _staff_command("release", release),
    _staff_command("close", close),
    _staff_command("note", note),
    _staff_command("a", send_article),
    _staff_command("ban", ban),
    _staff_command("unban", unban),
    _staff_command("delete", delete),
    message_with(said, change_reply, in_staff_group, is_edited),
    message(show_help, in_staff_group, is_command),
    message_with(said, reply, in_staff_group, is_new),
    message(stay_silent, in_staff_group),
)
