"""Handlers that open a conversation with staff and leave it."""

from bot.incoming.routing import button, button_with, command
from bot.incoming.turn import Turn
from bot.presentation.buttons import AskForPerson, TalkButton
from bot.presentation.reply import Replies
from bot.presentation.views import talk as talk_views
from state.model.ticket import HandOver, Ticket


async def ask_for_person(turn: Turn) -> Replies:
    return await _open(turn, HandOver.ASKED)


async def press_for_person(turn: Turn, press: AskForPerson) -> Replies:
    return await _open(turn, press.reason)


async def go_back(turn: Turn) -> Replies:
    outcome = await turn.use.leave_ticket(turn.chat.id)
    return [talk_views.back_to_bot() if isinstance(outcome, Ticket) else talk_views.not_talking()]


async def thank(turn: Turn, press: TalkButton) -> Replies:
    await turn.use.say_whether_solved(turn.chat.id, press.ticket_id, solved=True)
    return [talk_views.thanked()]


async def go_on(turn: Turn, press: TalkButton) -> Replies:
    await turn.use.say_whether_solved(turn.chat.id, press.ticket_id, solved=False)
    return await _open(turn, HandOver.UNCLEAR)


async def _open(turn: Turn, why: HandOver) -> Replies:
    opened = await turn.use.open_ticket(
        turn.chat.id, why, caller=turn.context.name, language=turn.language
    )
    reached = turn.config.staff_chat is not None
    return [talk_views.opened(opened, turn.policy, reached=reached)]


ROUTES = (
    command("human", ask_for_person),
    command("bot", go_back),
    button_with(AskForPerson, press_for_person),
    button(TalkButton, go_back, lambda press: press.act == "back"),
    button_with(TalkButton, thank, lambda press: press.act == "solved"),
    button_with(TalkButton, go_on, lambda press: press.act == "unsolved"),
)
