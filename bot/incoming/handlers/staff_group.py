"""The staff group: what is written in a chat's topic goes to the freelancer."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from bot.incoming.handlers.filters import (
    Answers,
    ByStaff,
    InStaffGroup,
    InTopic,
    IsCommand,
    IsSaid,
    WasEdited,
)
from bot.incoming.handlers.refusal import refusal
from bot.presentation.reply import Replies
from bot.presentation.views import gathered as views
from state.model.staff import Staff
from state.model.ticket import Said, TalkMessage, Ticket
from state.ports import UnitOfWork
from state.usecases.tickets.relay_message import EditTalk, ReplyToFreelancer, TakeBack


async def delete(
    message: Message, staff: Staff, answered: TalkMessage | None, take_back: TakeBack
) -> Replies:
    if answered is None:
        return [views.group.usage("delete")]
    taken_back = await take_back(staff, answered)
    return [] if taken_back else [views.group.plain("desk_not_yours")]


async def change_reply(message: Message, said: Said, staff: Staff, edit_talk: EditTalk) -> Replies:
    await edit_talk.by_staff(staff, said)
    return []


async def reply(
    message: Message,
    said: Said,
    ticket: Ticket,
    staff: Staff,
    reply_to_freelancer: ReplyToFreelancer,
    unit: UnitOfWork,
) -> Replies:
    return await refusal(await reply_to_freelancer(ticket.id, staff, said), unit)


async def show_help(message: Message) -> Replies:
    return [views.group.plain("desk_help")]


async def refuse_stranger(message: Message) -> Replies:
    return [views.group.plain("desk_not_staff")]


async def stay_silent(message: Message) -> Replies:
    return []


def router() -> Router:
    router = Router(name=__name__)
    router.message.filter(InStaffGroup())
    router.message.register(change_reply, WasEdited(), ByStaff(), IsSaid())
    router.message.register(delete, Command("delete"), ByStaff(), InTopic(), Answers())
    router.message.register(show_help, IsCommand(), ByStaff())
    router.message.register(reply, ~WasEdited(), ByStaff(), InTopic(), IsSaid())
    router.message.register(refuse_stranger, ~WasEdited(), ~ByStaff(), InTopic(), IsSaid())
    router.message.register(stay_silent)
    return router
