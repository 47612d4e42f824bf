"""Renders a Reply in a language, as Bot API text and keyboard."""

from typing import Any

from bot.presentation.reply import Button, Reply
from bot.presentation.templates import Templating
from state.model.chat import ChatId
from state.model.work import SendReply


class Presenter:
    """Renders replies with the templates of a language."""

    def __init__(self, templating: Templating) -> None:
        self._templating = templating

    def __call__(self, reply: Reply, chat_id: int, language: str | None) -> SendReply:
        """The reply as a `SendReply` for this chat, in the nearest configured language."""
        spoken = self._templating.language(language)
        return SendReply(
            chat_id=ChatId(chat_id),
            text=self._templating.message(reply.template, reply.context, spoken),
            keyboard=self._keyboard(reply, spoken),
            matter=reply.matter,
            edit=reply.edit,
        )

    def label(self, button: Button, language: str | None) -> str:
        """The button's text."""
        spoken = self._templating.language(language)
        return self._templating.label(button.label, button.values, spoken)

    def _keyboard(self, reply: Reply, language: str) -> dict[str, Any] | None:
        if reply.buttons:
            rows = [[self._button(one, language) for one in row] for row in reply.buttons]
            return {"inline_keyboard": rows}
        if reply.contact_button:
            label = self._templating.label("share_contact", {}, language)
            return {
                "keyboard": [[{"text": label, "request_contact": True}]],
                "resize_keyboard": True,
                "one_time_keyboard": True,
            }
        return {"remove_keyboard": True} if reply.remove_keyboard else None

    def _button(self, button: Button, language: str) -> dict[str, str]:
        text = self._templating.label(button.label, button.values, language)
        if button.url is not None:
            return {"text": text, "url": button.url}
        if button.press is None:
            raise ValueError(f"button {button.label} leads nowhere")
        return {"text": text, "callback_data": button.press.pack()}
