"""Fake of the Bot API: records what each chat shows, refuses like Telegram, fails on demand."""

import json
import re
from dataclasses import dataclass, field
from html import escape
from typing import Any

from bot.gateways.telegram.client import BlockedError, RefusedError, TelegramError, Upload
from bot.presentation.telegram_html import plain
from tests.support.api_checks import judged
from tests.support.forum import FORUM_METHODS, Forum

KINDS = ("photo", "video", "voice", "document", "sticker", "animation", "location")
CODE = re.compile(r"<code>(\d+(?: \d+)*)</code>")
_MOMENT = re.compile(r'<tg-time unix="(\d+)" format="([^"]+)">')


@dataclass(slots=True, kw_only=True)
class Shown:
    """One message as its chat shows it now."""

    message_id: int
    html: str
    keyboard: dict[str, Any] | None = None
    edits: int = 0
    file: Upload | None = None
    thread: int | None = None
    """Bot API `message_thread_id` of its topic."""
    reply_to: int | None = None
    album: str | None = None

    @property
    def text(self) -> str:
        return plain(self.html)

    @property
    def buttons(self) -> list[dict[str, Any]]:
        rows = (self.keyboard or {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [button["text"] for button in self.buttons]

    @property
    def moments(self) -> list[int]:
        """Unix times that clients show in the reader's time zone."""
        return [int(unix) for unix, _ in _MOMENT.findall(self.html)]


@dataclass(slots=True)
class RecordedTelegram:
    chats: dict[int, list[Shown]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    failures: list[TelegramError] = field(default_factory=list)
    """Errors that the next calls raise."""
    failing: dict[str, TelegramError] = field(default_factory=dict)
    """Method → error that its next call raises."""
    blocked: set[int] = field(default_factory=set)
    """Chats of people who blocked the bot."""
    last_id: int = 0
    faults: list[str] = field(default_factory=list)
    """Faults that `judged` found in the calls."""
    forum: Forum = field(default_factory=Forum)
    said: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    """(chat id, message id) → message written by a person, which can be copied."""

    async def call(self, method: str, **parameters: Any) -> Any:  # noqa: C901, PLR0911, PLR0912 - a case a method
        sent = {name: value for name, value in parameters.items() if value is not None}
        files = {name: one for name, one in sent.items() if isinstance(one, Upload)}
        wire: dict[str, Any] = json.loads(json.dumps(sent | dict.fromkeys(files, "attach://it")))
        self.calls.append((method, wire))
        self.faults += judged(method, wire)
        if self.failures:
            raise self.failures.pop(0)
        if method in self.failing:
            raise self.failing.pop(method)
        if wire.get("chat_id") in self.blocked:
            raise BlockedError("Forbidden: bot was blocked by the user")
        match method:
            case "sendMessage":
                return {"message_id": self._send(wire).message_id}
            case "copyMessage":
                return {"message_id": self._copy(wire, wire["message_id"]).message_id}
            case "copyMessages":
                copies = [self._copy(wire, one) for one in wire["message_ids"]]
                return [{"message_id": one.message_id} for one in copies]
            case "editMessageCaption" | "editMessageMedia":
                words = wire.get("media", wire)
                return self._edit({**wire, "text": words.get("caption", "")})
            case "editMessageReplyMarkup":
                return self._edit_markup(wire)
            case "deleteMessage":
                return self._delete(wire)
            case _ if method in FORUM_METHODS:
                return self.forum.call(method, wire)
            case "sendDocument":
                return {"message_id": self._send(wire, files["document"]).message_id}
            case "editMessageText":
                return self._edit(wire)
            case "deleteMessage":
                return self.delete(wire["chat_id"], wire["message_id"])
            case _:
                return True

    @property
    def codes(self) -> set[str]:
        """Every call code ever shown, in groups of digits."""
        texts = [wire.get("text", "") for _, wire in self.calls]
        return {code for text in texts for code in CODE.findall(text)}

    def delete(self, chat_id: int, message_id: int) -> bool:
        """Delete a message, as a person in their own chat or the bot."""
        kept = [one for one in self.chats[chat_id] if one.message_id != message_id]
        self.chats[chat_id] = kept
        return True

    def _send(self, wire: dict[str, Any], file: Upload | None = None, **more: Any) -> Shown:
        self.forum.check(wire.get("message_thread_id"))
        messages = self.chats.setdefault(wire["chat_id"], [])
        self.last_id += 1
        shown = Shown(
            message_id=self.last_id,
            html=wire["text"] if file is None else wire["caption"],
            keyboard=wire.get("reply_markup"),
            file=file,
            thread=wire.get("message_thread_id"),
            reply_to=wire.get("reply_parameters", {}).get("message_id"),
            **more,
        )
        messages.append(shown)
        return shown

    def _copy(self, wire: dict[str, Any], message_id: int) -> Shown:
        self.forum.check(wire.get("message_thread_id"))
        original = self.said.get((wire["from_chat_id"], message_id))
        if original is None:
            raise RefusedError("Bad Request: message to copy not found")
        words = original.get("text") or original.get("caption") or ""
        kinds = [kind for kind in KINDS if kind in original]
        shown = "".join(f"[{kind}]" for kind in kinds) + escape(words, quote=False)
        return self._send({**wire, "text": shown}, album=original.get("media_group_id"))

    def _delete(self, wire: dict[str, Any]) -> bool:
        known = [one.message_id for one in self.chats.get(wire["chat_id"], [])]
        if wire["message_id"] not in known:
            raise RefusedError("Bad Request: message to delete not found")
        self.delete(wire["chat_id"], wire["message_id"])
        return True

    def _edit_markup(self, wire: dict[str, Any]) -> bool:
        shown = self.chats.get(wire["chat_id"], [])
        texts = [one.html for one in shown if one.message_id == wire["message_id"]]
        return self._edit({"text": "".join(texts), **wire})

    def _edit(self, wire: dict[str, Any]) -> bool:
        for shown in self.chats.get(wire["chat_id"], []):
            if shown.message_id == wire["message_id"]:
                if (shown.html, shown.keyboard) == (wire["text"], wire.get("reply_markup")):
                    raise RefusedError("Bad Request: message is not modified")
                shown.html = wire["text"]
                shown.keyboard = wire.get("reply_markup")
                shown.edits += 1
                return True
        raise RefusedError("Bad Request: message to edit not found")
