"""Local Bot API server: routes all methods under a base URL."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any, Self

from aiohttp import web

from bot.demo.events import Events
from bot.demo.telegram.answer import ApiError, Json
from bot.demo.telegram.arguments import Arguments, read_arguments
from bot.demo.telegram.chats import Conversations
from bot.demo.telegram.copies import Copies
from bot.demo.telegram.flood import Flood
from bot.demo.telegram.forum import Forum
from bot.demo.telegram.members import Members
from bot.demo.telegram.messages import Messages
from bot.demo.telegram.profile import Profile
from bot.demo.telegram.updates import Updates
from bot.demo.telegram.visitors import Visitors
from state.ports import Clock

RIGHTS = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
    "can_connect_to_business": False,
    "has_main_web_app": False,
    "has_topics_enabled": False,
}


class Telegram:
    """The server with its chats. Use as an async context manager, which delivers updates."""

    def __init__(
        self,
        *,
        token: str,
        clock: Clock,
        events: Events | None = None,
        username: str = "connects_desk_bot",
        name: str = "Connects Desk",
        retry_pause: float = 0.5,
        burst: int | None = None,
    ) -> None:
        events = events or Events()
        self._token = token
        self.me: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": name,
            "username": username,
        }
        self.chats = Conversations(clock=clock, events=events)
        self.updates = Updates(clock=clock, retry_pause=retry_pause)
        self.messages = Messages(chats=self.chats, me=self.me)
        self.forum = Forum(chats=self.chats, me=self.me)
        self.copies = Copies(chats=self.chats, me=self.me)
        self.members = Members(chats=self.chats, updates=self.updates, forum=self.forum)
        self.profile = Profile(name=name, events=events)
        self.visitors = Visitors(chats=self.chats, updates=self.updates, me=self.me)
        self.flood = Flood(clock=clock, burst=burst)
        self._methods = {name.lower(): (name, method) for name, method in self._all().items()}

    def _all(self) -> Mapping[str, Callable[[Arguments], Any]]:
        return {
            "getMe": lambda _: self.me | RIGHTS,
            "getChat": self.get_chat,
            "answerCallbackQuery": self.visitors.answer_press,
            "answerInlineQuery": self.visitors.answer_inline,
            "getUpdates": self.updates.get_updates,
            **self.updates.methods(),
            **self.messages.methods(),
            **self.forum.methods(),
            **self.copies.methods(),
            **self.profile.methods(),
        }

    @property
    def method_names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self._methods.values())

    async def __aenter__(self) -> Self:
        await self.updates.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.updates.__aexit__()

    def routes(self, base: str = "") -> list[web.RouteDef]:
        return [
            web.get(base + "/bot{token}/{method}", self._answer),
            web.post(base + "/bot{token}/{method}", self._answer),
            web.get(base + "/file/bot{token}/{path:.+}", self._download),
        ]

    def get_chat(self, arguments: Arguments) -> Json:
        conversation = self.chats.reachable(arguments.values.get("chat_id"))
        gifts = (
            "unlimited_gifts",
            "limited_gifts",
            "unique_gifts",
            "premium_subscription",
            "gifts_from_channels",
        )
        return conversation.chat | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(gifts, False),
        }

    async def _answer(self, request: web.Request) -> web.Response:
        try:
            result = await self._call(request)
        except ApiError as refusal:
            return web.json_response(refusal.body(), status=refusal.status)
        return web.json_response({"ok": True, "result": result})

    async def _call(self, request: web.Request) -> Any:
        self._check_token(request)
        name, method = self._methods.get(request.match_info["method"].lower(), ("", None))
        if method is None:
            raise ApiError(404, "Not Found: method not found")
        arguments = await read_arguments(request)
        self.flood.check(name, arguments.text("chat_id"))
        result = method(arguments)
        return await result if hasattr(result, "__await__") else result

    def _check_token(self, request: web.Request) -> None:
        if not secrets.compare_digest(request.match_info["token"].encode(), self._token.encode()):
            raise ApiError(401, "Unauthorized")

    async def _download(self, request: web.Request) -> web.Response:
        found = self.messages.files.content(request.match_info["path"])
        if found is None or request.match_info["token"] != self._token:
            return web.json_response(ApiError(404, "Not Found").body(), status=404)
        return web.Response(body=found.content, content_type="application/octet-stream")
