"""A reply as a person reads it."""

from typing import Any

from bot.presentation.renderer import Presenter
from bot.presentation.reply import Reply
from bot.presentation.telegram_html import plain
from bot.presentation.templates import Templating
from state.model.work import SendReply

_PRESENT = Presenter(Templating(brand="Test Desk", code_digits=6))


def presented(reply: Reply) -> SendReply:
    return _PRESENT(reply, 1001, "en")


def words(reply: Reply) -> str:
    return plain(presented(reply).text)


def buttons(reply: Reply) -> list[list[dict[str, str]]]:
    keyboard: Any = presented(reply).keyboard or {}
    return list(keyboard.get("inline_keyboard", ()))


def labels(reply: Reply) -> list[str]:
    return [button["text"] for row in buttons(reply) for button in row]
