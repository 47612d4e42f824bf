"""Telegram as all contenders meet it: updates pushed to a webhook, a Bot API that answers at once.

It keeps the books: which update of a chat waits for a reply, how long it waited, and which replies
nobody waits for. No limits of Telegram's are kept here.
"""

import asyncio
import random
import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter

import orjson
from rivals.wire import Poster, ServerSide

SAYS = 4
"""Updates in a conversation: a command, a question, progress, a button."""
_CHAT = re.compile(rb'chat_id"?[:=] ?"?(-?\d+)')
_REPLIES = frozenset({b"sendMessage", b"editMessageText"})
_NOW = 1_795_000_000
BOT = {"id": 7_000_000_001, "is_bot": True, "first_name": "Desk", "username": "desk_bot"}


@dataclass(slots=True)
class Book:
    """What happened since it was opened."""

    seconds: list[float] = field(default_factory=list)
    """From each update to its reply."""
    surplus: int = 0
    """Replies that nobody waited for."""
    pressed: int = 0
    """Presses that were answered."""


class Telegram:
    def __init__(self, questions: list[str], *, first_chat: int, seed: int = 1) -> None:
        self._questions = questions
        self._dice = random.Random(seed)
        self._first_chat = first_chat
        self._ids = count(1)
        self._messages = count(1)
        self._steps: dict[int, int] = defaultdict(int)
        self._open: dict[int, deque[float]] = defaultdict(deque)
        self.outstanding = 0
        self.calls = 0
        self.book = Book()
        self.poster: Poster
        self.heard: Callable[[int], None] = lambda _: None
        """What is to be done when a chat got its reply."""

    async def listen(self) -> int:
        """The port of the Bot API."""
        server = await asyncio.get_running_loop().create_server(
            lambda: ServerSide(self._answer), "127.0.0.1", 0, backlog=1024
        )
        return int(server.sockets[0].getsockname()[1])

    def say(self, chat: int, at: float | None = None) -> None:
        """The next thing that this person says; `at` is when it should have been said."""
        self._open[chat].append(perf_counter() if at is None else at)
        self.outstanding += 1
        self.poster.post(self._update(chat))

    def forget(self) -> int:
        """Replies that never came, and are waited for no longer."""
        lost, self.outstanding = self.outstanding, 0
        self._open.clear()
        return lost

    # ------------------------------------------------------------ the Bot API

    def _answer(self, head: bytes, body: bytes) -> bytes:
        self.calls += 1
        method = head[: head.find(b" HTTP")].rpartition(b"/")[2]
        if method in _REPLIES:
            return self._replied(body)
        if method == b"answerCallbackQuery":
            self.book.pressed += 1
            return b'{"ok":true,"result":true}'
        if method == b"getMe":
            return orjson.dumps({"ok": True, "result": BOT})
        if method == b"getMyCommands":
            return b'{"ok":true,"result":[]}'
        return b'{"ok":true,"result":%b}' % (b"{}" if method.startswith(b"get") else b"true")

    def _replied(self, body: bytes) -> bytes:
        found = _CHAT.search(body)
        chat = int(found[1]) if found else 0
        waiting = self._open.get(chat)
        if waiting:
            self.book.seconds.append(perf_counter() - waiting.popleft())
            self.outstanding -= 1
            asyncio.get_running_loop().call_soon(self.heard, chat)
        else:
            self.book.surplus += 1
        return (
            b'{"ok":true,"result":{"message_id":%d,"from":{"id":7000000001,"is_bot":true,'
            b'"first_name":"Desk","username":"desk_bot"},"chat":{"id":%d,"first_name":"Ada",'
            b'"type":"private"},"date":%d,"text":"as sent"}}' % (next(self._messages), chat, _NOW)
        )

    # ------------------------------------------------------------ what people do

    def _update(self, chat: int) -> bytes:
        step = self._steps[chat] = self._steps[chat] + 1
        match (step + chat) % SAYS:
            case 0:
                content = self._message(chat, "/start")
            case 1:
                content = self._message(chat, self._dice.choice(self._questions))
            case 2:
                content = self._message(chat, "/connects")
            case _:
                content = self._press(chat)
        return orjson.dumps({"update_id": next(self._ids), **content})

    def _message(self, chat: int, text: str) -> dict[str, object]:
        message = {**self._base(chat), "from": self._person(chat), "text": text}
        if text.startswith("/"):
            message["entities"] = [{"offset": 0, "length": len(text), "type": "bot_command"}]
        return {"message": message}

    def _press(self, chat: int) -> dict[str, object]:
        shown = {
            **self._base(chat),
            "from": BOT,
            "text": "You have 20 of 40 Connects. " * 10,
            "reply_markup": {
                "inline_keyboard": [
                    [{"text": "Why 40?", "callback_data": "p:why"}],
                    [{"text": "Refresh", "callback_data": "p:refresh"}],
                ]
            },
        }
        return {
            "callback_query": {
                "id": str(next(self._messages)),
                "from": self._person(chat),
                "message": shown,
                "chat_instance": "1",
                "data": "p:why",
            }
        }

    def _base(self, chat: int) -> dict[str, object]:
        return {
            "message_id": next(self._messages),
            "date": _NOW,
            "chat": {"id": chat, "first_name": "Ada", "last_name": "Byron", "type": "private"},
        }

    def _person(self, chat: int) -> dict[str, object]:
        return {
            "id": chat,
            "is_bot": False,
            "first_name": "Ada",
            "last_name": "Byron",
            "username": "ada",
            "language_code": "en",
        }

    def chats(self, number: int) -> Iterator[int]:
        """Round and round; each next one is another person."""
        while True:
            yield from range(self._first_chat, self._first_chat + number)
