"""Whole conversations without a network: the real dispatcher, a real database, recorded sends."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.app import Parts, assemble
from bot.config import Settings, load_settings
from bot.desk import open_desk
from bot.gateways.telegram import RefusedError, TelegramError
from bot.markup import plain
from bot.snapshot import account_of
from state.model.account import FreelancerId
from tests.fakes import FakeClock

ADA = 1001
TOKEN = "42:test"


@dataclass(slots=True, kw_only=True)
class Shown:
    """One message as the chat shows it now."""

    message_id: int
    html: str
    keyboard: dict[str, Any] | None = None
    edits: int = 0

    @property
    def text(self) -> str:
        return plain(self.html)

    @property
    def labels(self) -> list[str]:
        rows = (self.keyboard or {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]


@dataclass(slots=True)
class RecordedTelegram:
    """Stands for Telegram: keeps what each chat shows, and fails when told to."""

    chats: dict[int, list[Shown]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    failures: list[TelegramError] = field(default_factory=list)

    async def call(self, method: str, **parameters: Any) -> Any:
        self.calls.append((method, json.loads(json.dumps(parameters))))
        if self.failures:
            raise self.failures.pop(0)
        match method:
            case "sendMessage":
                return {"message_id": self._send(parameters).message_id}
            case "editMessageText":
                return self._edit(parameters)
            case _:
                return True

    def _send(self, parameters: dict[str, Any]) -> Shown:
        messages = self.chats.setdefault(parameters["chat_id"], [])
        shown = Shown(
            message_id=len(messages) + 1,
            html=parameters["text"],
            keyboard=parameters.get("reply_markup"),
        )
        messages.append(shown)
        return shown

    def _edit(self, parameters: dict[str, Any]) -> bool:
        messages = self.chats.get(parameters["chat_id"], [])
        for shown in messages:
            if shown.message_id == parameters["message_id"]:
                if shown.html == parameters["text"]:
                    raise RefusedError("Bad Request: message is not modified")
                shown.html = parameters["text"]
                shown.keyboard = parameters.get("reply_markup")
                shown.edits += 1
                return True
        raise RefusedError("Bad Request: message to edit not found")


@dataclass(slots=True, kw_only=True)
class Conversation:
    """One person talking to the desk; `say` and `press` return what became new or changed."""

    parts: Parts
    telegram: RecordedTelegram
    clock: FakeClock
    person: int = ADA
    updates: int = 0

    @property
    def messages(self) -> list[Shown]:
        return self.telegram.chats.setdefault(self.person, [])

    @property
    def last(self) -> Shown:
        return self.messages[-1]

    async def say(self, text: str) -> list[Shown]:
        return await self.message(text=text)

    async def share_contact(self, number: str, *, owner: int | None = None) -> list[Shown]:
        contact = {"phone_number": number, "first_name": "Ada", "user_id": owner or self.person}
        return await self.message(contact=contact)

    async def message(self, **content: Any) -> list[Shown]:
        text = str(content.get("text", ""))
        if text.startswith("/"):
            command = {"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}
            content["entities"] = [command]
        return await self._receive({"message": self._message(**content)})

    async def press(self, label: str) -> list[Shown]:
        """The newest button of that label."""
        for shown in reversed(self.messages):
            rows = (shown.keyboard or {}).get("inline_keyboard", [])
            for button in (one for row in rows for one in row if one["text"] == label):
                return await self._press(shown, button["callback_data"])
        raise AssertionError(f"no button {label!r} in {[m.labels for m in self.messages]}")

    async def _press(self, shown: Shown, data: str) -> list[Shown]:
        query = {
            "id": str(self.updates),
            "from": self._user(),
            "chat_instance": "1",
            "data": data,
            "message": self._message(text=shown.text) | {"message_id": shown.message_id},
        }
        return await self._receive({"callback_query": query})

    async def _receive(self, content: dict[str, Any]) -> list[Shown]:
        before = {shown.message_id: shown.html for shown in self.messages}
        self.updates += 1
        await self.parts.intake.take([{"update_id": self.person * 1000 + self.updates, **content}])
        await self.settle()
        return [one for one in self.messages if before.get(one.message_id) != one.html]

    async def settle(self) -> None:
        """Run every waiting turn and carry out everything that is due now."""
        door = self.parts.desk.database
        for lane in await door.inbox_door.waiting_lanes():
            while await self.parts.run_next(lane):
                pass
        while rows := await door.outbox_door.due(self.clock.now(), limit=50, busy_lanes=()):
            for row in rows:
                await self.parts.outbox.carry(row)

    def _message(self, **content: Any) -> dict[str, Any]:
        chat = {"id": self.person, "type": "private", "first_name": "Ada"}
        stamp = int(self.clock.now().timestamp())
        return {"message_id": 9000 + self.updates, "date": stamp, "chat": chat} | {
            "from": self._user(),
            **content,
        }

    def _user(self) -> dict[str, Any]:
        return {"id": self.person, "is_bot": False, "first_name": "Ada", "language_code": "en"}

    async def link(self, snapshot: dict[str, Any]) -> None:
        """The marketplace pushes a snapshot and offers a link; the person accepts it."""
        desk = self.parts.desk
        plans = frozenset(plan.id for plan in desk.policy.plans)
        account = account_of(snapshot, plans=plans)
        await desk.database.transact(lambda unit: desk.use_cases(unit).take_snapshot(account))
        freelancer = FreelancerId(account.id)
        offered = await desk.database.transact(
            lambda unit: desk.use_cases(unit).offer_link(freelancer)
        )
        await self.say(f"/start {offered.token}")
        await self.press("Yes, link it")


def settings_for(url: str) -> Settings:
    return load_settings(
        _env_file=None,
        token=TOKEN,
        database_url=url,
        peppers="test:" + "ab" * 32,
        call_regions="US,GB,DE",
        brand="Test Desk",
    )


@asynccontextmanager
async def conversation(url: str | None = None, *, folder: Path) -> AsyncIterator[Conversation]:
    """On a fresh SQLite file in `folder`, or on the database at `url`."""
    settings = settings_for(url or f"sqlite+aiosqlite:///{folder / 'chat.db'}")
    clock = FakeClock()
    async with open_desk(settings, clock=clock) as desk:
        telegram = RecordedTelegram()
        yield Conversation(
            parts=assemble(desk, telegram, "test_desk_bot", None),
            telegram=telegram,
            clock=clock,
        )
