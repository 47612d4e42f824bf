"""Stands for Telegram: keeps what each chat shows, refuses like it, and fails when told to."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from bot.gateways.telegram import BlockedError, RefusedError, TelegramError, Upload
from bot.markup import plain
from tests.judges import judged

CODE = re.compile(r"<code>(\d{3} \d{3})</code>")
_MOMENT = re.compile(r'<tg-time unix="(\d+)" format="([^"]+)">')


@dataclass(slots=True, kw_only=True)
class Shown:
    """One message as the chat shows it now."""

    message_id: int
    html: str
    keyboard: dict[str, Any] | None = None
    edits: int = 0
    file: Upload | None = None

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
        """Unix times that clients show in the reader's own clock."""
        return [int(unix) for unix, _ in _MOMENT.findall(self.html)]


@dataclass(slots=True)
class RecordedTelegram:
    chats: dict[int, list[Shown]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    failures: list[TelegramError] = field(default_factory=list)
    """What the next calls end in, instead of a result."""
    blocked: set[int] = field(default_factory=set)
    """Chats whose person blocked the bot."""
    faults: list[str] = field(default_factory=list)
    """What the judges found in the calls."""

    async def call(self, method: str, **parameters: Any) -> Any:
        sent = {name: value for name, value in parameters.items() if value is not None}
        files = {name: one for name, one in sent.items() if isinstance(one, Upload)}
        wire: dict[str, Any] = json.loads(json.dumps(sent | dict.fromkeys(files, "attach://it")))
        self.calls.append((method, wire))
        self.faults += judged(method, wire)
        if self.failures:
            raise self.failures.pop(0)
        if wire.get("chat_id") in self.blocked:
            raise BlockedError("Forbidden: bot was blocked by the user")
        match method:
            case "sendMessage":
                return {"message_id": self._send(wire).message_id}
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
        """Every call's code that was ever shown, grouped as it was."""
        texts = [wire.get("text", "") for _, wire in self.calls]
        return {code for text in texts for code in CODE.findall(text)}

    def delete(self, chat_id: int, message_id: int) -> bool:
        """As people do in their own chat, and the bot with what it sent."""
        kept = [one for one in self.chats[chat_id] if one.message_id != message_id]
        self.chats[chat_id] = kept
        return True

    def _send(self, wire: dict[str, Any], file: Upload | None = None) -> Shown:
        messages = self.chats.setdefault(wire["chat_id"], [])
        shown = Shown(
            message_id=len(self.calls),
            html=wire["text"] if file is None else wire["caption"],
            keyboard=wire.get("reply_markup"),
            file=file,
        )
        messages.append(shown)
        return shown

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
