"""In a talk with a person, what is no command goes to that person, and the bot is silent."""

from aiogram import Router
from aiogram.types import Message

from bot.incoming.chat_context import Reader
from bot.incoming.handlers.filters import (
    InTalk,
    IsCommand,
    IsLinkCode,
    IsSaid,
    SaidInTalk,
    WasEdited,
)
from bot.presentation.reply import Replies
from bot.presentation.views import gathered as views
from state.model.ticket import Said
from state.usecases.tickets.relay_message import EditTalk, Passed, RelayFromFreelancer


async def pass_edit_on(
    message: Message, said: Said, reader: Reader, edit_talk: EditTalk
) -> Replies:
    await edit_talk.by_freelancer(reader.chat.id, said)
    return []


async def pass_on(
    message: Message, said: Said, reader: Reader, relay_from_freelancer: RelayFromFreelancer
) -> Replies:
    passed = await relay_from_freelancer(reader.chat.id, said)
    first = isinstance(passed, Passed) and passed.first
    return [views.talk.passed_on()] if first else []


async def stay_silent(message: Message) -> Replies:
    return []


def router() -> Router:
    router = Router(name=__name__)
    router.message.register(pass_edit_on, WasEdited(), SaidInTalk(), IsSaid())
    router.message.register(pass_on, InTalk(), ~IsCommand(), ~IsLinkCode(), IsSaid())
    router.message.register(stay_silent, InTalk(), ~IsCommand(), ~IsLinkCode())
    return router
