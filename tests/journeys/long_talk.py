"""A freelancer and one of the staff before the real bot, over HTTP, and what each of them sees."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.demo.clock import DemoClock
from bot.demo.staff import GROUP_ID, MEMBERS, staff_group
from bot.demo.telegram.forum import ForumGroup
from bot.demo.telegram.server import Telegram
from bot.settings import Settings
from tests.bot.demo.bench import ADA, TOKEN
from tests.support.scenes import few_articles, settings_for

ANN = MEMBERS[0].user()


@dataclass(slots=True)
class Talk:
    telegram: Telegram
    group: ForumGroup
    chat: int = ADA

    @property
    def topic(self) -> int:
        return max(self.group.topics)

    def ada(self, number: int) -> None:
        self.telegram.visitors.say(ADA, f"from Ada {number}")

    def ann(self, number: int) -> None:
        self.telegram.members.say(self.group, ANN, f"from Ann {number}", thread=self.topic)

    def album(self, number: int) -> None:
        """Three pictures in place of a message."""
        for part in "abc":
            name = f"{number}{part}"
            picture = self.telegram.messages.files.remember(
                "photo", name, name.encode(), width=1, height=1
            )
            said = {**picture, "caption": f"from Ada {name}", "media_group_id": f"album{number}"}
            self.telegram.visitors.post(ADA, said)

    def correct(self, number: int, how: str) -> None:
        """Ada edits a message of hers."""
        chat = self.telegram.chats.of(ADA)
        [mine] = [
            key for key, one in chat.messages.items() if one.get("text") == f"from Ada {number}"
        ]
        self.telegram.visitors.edit(ADA, mine, how)

    def seen_by_staff(self) -> list[str]:
        return _copied(self.group.messages.values(), "from Ada")

    def seen_by_ada(self) -> list[str]:
        return _copied(self.telegram.chats.of(ADA).messages.values(), "from Ann")

    async def until(self, *, by_staff: int, by_ada: int = 0) -> None:
        async with asyncio.timeout(90):
            while (  # noqa: ASYNC110 - the other end's affair
                len(self.seen_by_staff()) < by_staff or len(self.seen_by_ada()) < by_ada
            ):
                await asyncio.sleep(0.05)


def _copied(messages: Iterable[Any], start: str) -> list[str]:
    """What the bot brought."""
    texts = [
        one.get("text") or one.get("caption") or "" for one in messages if one["from"]["is_bot"]
    ]
    return [text for text in texts if text.startswith(start)]


@asynccontextmanager
async def on_loopback() -> AsyncIterator[tuple[Talk, str]]:
    """With the address of the Bot API."""
    telegram = Telegram(token=TOKEN, clock=DemoClock(), retry_pause=0.05)
    telegram.chats.add({"id": ADA, "first_name": "Ada"}, phone="+12025550123")
    group = staff_group()
    telegram.chats.open(group)
    app = web.Application()
    app.add_routes(telegram.routes())
    async with telegram, TestServer(app) as server:
        yield Talk(telegram, group), f"http://127.0.0.1:{server.port}"


def staffed(database_url: str, api: str, folder: Path) -> Settings:
    """A desk with that group, and no limit of its own on how fast it writes."""
    return settings_for(
        database_url,
        token=TOKEN,
        telegram_api=api,
        articles=few_articles(folder / "articles"),
        public_url=None,
        api_tokens=(),
        voice="none",
        staff_chat_id=GROUP_ID,
        staff=f"{ANN['id']}:lead",
        send_rate=0,
        send_rate_chat=0,
        send_rate_group=0,
    )
