"""Handlers of free text, tried last: link codes, questions, and whatever is left."""

from bot.incoming.handlers import jobs
from bot.incoming.handlers.conditions import (
    has_content,
    has_text,
    is_command,
    is_edited,
    is_own_result,
    link_code,
)
from bot.incoming.routing import message, message_with
from bot.incoming.turn import Turn
from bot.presentation.reply import Replies
from bot.presentation.views import account as account_views
from bot.presentation.views import answers as answer_views
from bot.presentation.views import verification as verification_views


async def take_link_code(turn: Turn, code: str) -> Replies:
    found = await turn.use.inspect_link(turn.chat.id, code)
    return [account_views.link_preview(found, code)]


async def answer_question(turn: Turn) -> Replies:
    given = await turn.answering.ask(turn.chat, turn.language, turn.message_id, turn.text)
    replies = answer_views.answer_replies(given, edited=turn.is_edited)
    if given.job is not None:
        return replies + await jobs.carry_out(turn, given.job)
    if turn.chat.freelancer_id is not None and not turn.is_edited:
        view = await turn.use.read_verification(turn.chat.freelancer_id)
        replies += verification_views.awaited_input(view, turn.chat.awaiting)
    return replies


async def refuse_command(turn: Turn) -> Replies:
    return [account_views.with_help_buttons("unknown_command")]


async def ask_for_words(turn: Turn) -> Replies:
    return [account_views.with_help_buttons("only_words")]


async def stay_silent(turn: Turn) -> Replies:
    return []


ROUTES = (
    message(stay_silent, is_own_result),
    message(refuse_command, is_command),
    message_with(link_code, take_link_code),
    message(answer_question, has_text),
    message(stay_silent, is_edited),  # a live location changes every minute
    message(ask_for_words, has_content),
)
