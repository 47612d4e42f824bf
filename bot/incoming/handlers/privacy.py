"""Handlers of personal data: what is stored, export, erasure."""

from bot.incoming.handlers.conditions import is_recent
from bot.incoming.routing import button, button_with, command
from bot.incoming.turn import Turn
from bot.presentation.buttons import PersonalDataButton
from bot.presentation.reply import Replies
from bot.presentation.views import privacy as privacy_views


async def show_privacy(turn: Turn) -> Replies:
    return [privacy_views.privacy(turn.policy)]


async def export(turn: Turn) -> Replies:
    await turn.use.request_export(turn.chat.id)
    return []


async def ask_to_erase(turn: Turn) -> Replies:
    linked = turn.chat.freelancer_id is not None
    return [privacy_views.erasure_asked(turn.config.clock.now(), linked=linked)]


async def erase(turn: Turn, press: PersonalDataButton) -> Replies:
    if not is_recent(turn, press):
        return await ask_to_erase(turn)
    await turn.use.forget_chat(turn.chat.id)
    return []


async def keep(turn: Turn) -> Replies:
    return [privacy_views.kept()]


ROUTES = (
    command("privacy", show_privacy),
    command("export", export),
    command("forget", ask_to_erase),
    button(PersonalDataButton, export, lambda press: press.act == "export"),
    button(PersonalDataButton, ask_to_erase, lambda press: press.act == "ask"),
    button(PersonalDataButton, keep, lambda press: press.act == "keep"),
    button_with(PersonalDataButton, erase, lambda press: press.act == "erase"),
)
