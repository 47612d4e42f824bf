"""The way to a person and back, by command, by button and in plain words."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.incoming.chat_context import Reader
from bot.incoming.handlers.filters import InTalk, Pressed, WantsPerson
from bot.presentation.buttons import Person, Talking
from bot.presentation.reply import Replies
from bot.presentation.views import gathered as views
from state.model.ticket import HandOver, Ticket
from state.policy import Policy
from state.usecases.tickets.close import LeaveTicket, SayWhetherSolved
from state.usecases.tickets.open import OpenTicket


async def ask_for_person(
    message: Message,
    reader: Reader,
    open_ticket: OpenTicket,
    policy: Policy,
    staffed: bool,  # noqa: FBT001 - given by name
) -> Replies:
    opened = await open_ticket(
        reader.chat.id, HandOver.ASKED, caller=reader.name, language=reader.language
    )
    return [views.talk.opened(opened, policy, reached=staffed)]


async def press_for_person(
    query: CallbackQuery,
    press: Person,
    reader: Reader,
    open_ticket: OpenTicket,
    policy: Policy,
    staffed: bool,  # noqa: FBT001 - given by name
) -> Replies:
    opened = await open_ticket(
        reader.chat.id, press.reason, caller=reader.name, language=reader.language
    )
    return [views.talk.opened(opened, policy, reached=staffed)]


async def go_back(
    event: Message | CallbackQuery, reader: Reader, leave_ticket: LeaveTicket
) -> Replies:
    outcome = await leave_ticket(reader.chat.id)
    return [views.talk.left() if isinstance(outcome, Ticket) else views.talk.not_talking()]


async def thank(
    query: CallbackQuery, press: Talking, reader: Reader, say_whether_solved: SayWhetherSolved
) -> Replies:
    await say_whether_solved(reader.chat.id, press.ticket_id, solved=True)
    return [views.talk.thanked()]


async def go_on(
    query: CallbackQuery,
    press: Talking,
    reader: Reader,
    say_whether_solved: SayWhetherSolved,
    open_ticket: OpenTicket,
    policy: Policy,
    staffed: bool,  # noqa: FBT001 - given by name
) -> Replies:
    await say_whether_solved(reader.chat.id, press.ticket_id, solved=False)
    opened = await open_ticket(
        reader.chat.id, HandOver.UNCLEAR, caller=reader.name, language=reader.language
    )
    return [views.talk.opened(opened, policy, reached=staffed)]


def router() -> Router:
    router = Router(name=__name__)
    router.message.register(ask_for_person, Command("human"))
    router.message.register(ask_for_person, WantsPerson(), ~InTalk())
    router.message.register(go_back, Command("bot"))
    router.callback_query.register(press_for_person, Pressed(Person))
    router.callback_query.register(go_back, Pressed(Talking, act="back"))
    router.callback_query.register(thank, Pressed(Talking, act="solved"))
    router.callback_query.register(go_on, Pressed(Talking, act="unsolved"))
    return router
