"""A third-party Bot API emulator over HTTP, with a person who uses the bot."""

import asyncio
from collections.abc import Callable
from typing import Any

from lo_bot_api_emulator import LoBotApiEmulator

from tests.support.scenes import TOKEN

ADA = {"id": 1001, "is_bot": False, "first_name": "Ada", "language_code": "en"}
CHAT = {"id": 1001, "type": "private", "first_name": "Ada"}


class Messenger(LoBotApiEmulator):  # type: ignore[misc]  # published without types
    """The emulator, recording the messages sent, with the gaps of its version filled in.

    It gives bots no username, and is older than `link_preview_options`.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.said: list[dict[str, Any]] = []

    def validate(self, method: str, fields: dict[str, Any], uploads: object) -> Any:
        known = {name: one for name, one in fields.items() if name != "link_preview_options"}
        result = super().validate(method, known, uploads)
        if method == "sendMessage":
            self.said.append(fields)
        return {**result, "username": "test_desk_bot"} if method == "getMe" else result

    @property
    def methods(self) -> list[str]:
        return [one["method"] for one in self.requests]

    @property
    def refusals(self) -> list[str]:
        return [one["method"] for one in self.requests if one["status"] not in (200, 501)]

    async def say(self, text: str, number: int) -> None:
        command = {"type": "bot_command", "offset": 0, "length": len(text)}
        message = {
            "message_id": number,
            "date": 0,
            "chat": CHAT,
            "from": ADA,
            "text": text,
            "entities": [command] if text.startswith("/") else [],
        }
        await self.enqueue_update({"message": message}, token=TOKEN)

    async def press(self, data: str) -> None:
        message = {"message_id": 1, "date": 0, "chat": CHAT, "text": "?"}
        query = {"id": "1", "from": ADA, "chat_instance": "1", "data": data, "message": message}
        await self.enqueue_update({"callback_query": query}, token=TOKEN)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - the bot runs on its own
            await asyncio.sleep(0.01)
