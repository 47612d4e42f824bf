"""What staff do to a talk by commands, in the chat's topic."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.articles.answers import Answering
from bot.incoming.handlers.filters import ByStaff, InStaffGroup, InTopic, WasEdited
from bot.incoming.handlers.refusal import refusal
from bot.presentation.reply import Replies
from bot.presentation.views import gathered as views
from state.model.staff import Staff
from state.model.ticket import Ticket
from state.ports import UnitOfWork
from state.usecases.tickets.ban import BanChat, LiftBan
from state.usecases.tickets.close import CloseTicket
from state.usecases.tickets.hold import NoteOnTicket, ReleaseTicket, TakeTicket
from state.usecases.tickets.owner import owner_of
from state.usecases.tickets.relay_message import ReplyToFreelancer


async def take(
    message: Message,
    command: CommandObject,
    ticket: Ticket,
    staff: Staff,
    take_ticket: TakeTicket,
    unit: UnitOfWork,
) -> Replies:
    over = (command.args or "").strip().lower() == "over"
    return await refusal(await take_ticket(ticket.id, staff, over=over), unit)


async def release(
    message: Message,
    ticket: Ticket,
    staff: Staff,
    release_ticket: ReleaseTicket,
    unit: UnitOfWork,
) -> Replies:
    return await refusal(await release_ticket(ticket.id, staff), unit)


async def close(
    message: Message, ticket: Ticket, staff: Staff, close_ticket: CloseTicket, unit: UnitOfWork
) -> Replies:
    return await refusal(await close_ticket(ticket.id, staff), unit)


async def note(
    message: Message,
    command: CommandObject,
    ticket: Ticket,
    staff: Staff,
    note_on_ticket: NoteOnTicket,
    unit: UnitOfWork,
) -> Replies:
    if not command.args:
        return [views.group.usage("note")]
    return await refusal(await note_on_ticket(ticket.id, staff, command.args), unit)


async def send_article(
    message: Message,
    command: CommandObject,
    ticket: Ticket,
    staff: Staff,
    answering: Answering,
    reply_to_freelancer: ReplyToFreelancer,
    unit: UnitOfWork,
) -> Replies:
    slug = (command.args or "").strip()
    if not slug:
        return [views.group.usage("a")]
    said = await answering.canned(await owner_of(unit, ticket), slug, ticket.language)
    if said is None:
        return [views.group.plain("desk_no_article")]
    return await refusal(await reply_to_freelancer(ticket.id, staff, said), unit)


async def ban(
    message: Message,
    command: CommandObject,
    ticket: Ticket,
    staff: Staff,
    ban_chat: BanChat,
    unit: UnitOfWork,
) -> Replies:
    if not command.args:
        return [views.group.usage("ban")]
    return await refusal(await ban_chat(ticket.id, staff, command.args), unit)


async def unban(message: Message, ticket: Ticket, staff: Staff, lift_ban: LiftBan) -> Replies:
    lifted = await lift_ban(ticket.chat_id, staff)
    return [] if lifted else [views.group.plain("desk_not_banned")]


def router() -> Router:
    router = Router(name=__name__)
    router.message.filter(InStaffGroup(), ~WasEdited(), ByStaff(), InTopic())
    router.message.register(take, Command("take"))
    router.message.register(release, Command("release"))
    router.message.register(close, Command("close"))
    router.message.register(note, Command("note"))
    router.message.register(send_article, Command("a"))
    router.message.register(ban, Command("ban"))
    router.message.register(unban, Command("unban"))
    return router
