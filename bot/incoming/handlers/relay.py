"""Handlers in an open conversation: messages go to staff, and the bot stays silent."""

from bot.incoming.handlers.conditions import is_edited, is_in_talk, said
from bot.incoming.routing import message, message_with
from bot.incoming.turn import Turn
from bot.presentation.reply import Replies
from bot.presentation.views import talk as talk_views
from state.model.ticket import MessageContent
from state.usecases.tickets.relay_message import Passed


async def pass_edit_on(turn: Turn, said: MessageContent) -> Replies | None:
    """Forward an edit of a conversation message, also after the conversation was closed."""
    if await turn.unit.talks.in_chat(turn.chat.id, turn.message_id) is None:
        return None
    await turn.use.edit_talk.by_freelancer(turn.chat.id, said)
    return []


async def pass_on(turn: Turn, said: MessageContent) -> Replies:
    passed = await turn.use.relay_from_freelancer(turn.chat.id, said)
    first = isinstance(passed, Passed) and passed.first
    return [talk_views.passed_on()] if first else []


async def stay_silent(turn: Turn) -> Replies:
    return []


ROUTES = (
    message_with(said, pass_edit_on, is_edited),
    message_with(said, pass_on, is_in_talk),
    message(stay_silent, is_in_talk),
)
