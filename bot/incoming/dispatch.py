"""Finds the handler of an update, and gives it what it asks for by name.

The routers and filters are aiogram's, and so are the rules: a router's filters come before those
of its handlers, the first handler that fits is the one, and what filters find is handed on. Its
dispatcher keeps them in some fifteen calls an update and router, which took a fifth of a turn.
"""

import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from aiogram import Bot, Router
from aiogram.dispatcher.event.handler import CallableObject
from aiogram.dispatcher.event.telegram import TelegramEventObserver
from aiogram.filters import Command
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update, User

from bot.articles.answers import answering_of
from bot.articles.catalogue import Content
from bot.incoming.chat_context import reader_of
from bot.presentation.reply import Replies
from state.ports import UnitOfWork
from state.usecases.registry import UseCases

Event: TypeAlias = Message | CallbackQuery | ChatMemberUpdated
Known: TypeAlias = Mapping[str, object]
_COMMAND = re.compile(r"/\w+")
KINDS = ("message", "callback_query", "my_chat_member")


class Asker:
    """A handler or a filter, and the names that it asks for."""

    __slots__ = ("_call", "_made", "_takes_all", "_told")

    def __init__(self, of: CallableObject, made: Collection[str]) -> None:
        if not of.awaitable:
            raise TypeError(f"{of.callback} is not async: it would need a thread")
        self._call: Callable[..., Awaitable[Any]] = of.callback
        within: CallableObject = getattr(of.callback, "target", of)  # of `~`, which asks for none
        self._takes_all = within.varkw
        self._told = tuple(within.params.difference(made))
        self._made = tuple(within.params.intersection(made))

    def __call__(self, event: Event, known: Known, supplies: Known) -> Awaitable[Any]:
        if self._takes_all:
            return self._call(event, **known)
        named = {name: known[name] for name in self._told if name in known}
        for name in self._made:
            named[name] = supplies[name]
        return self._call(event, **named)


@dataclass(frozen=True, slots=True)
class Entry:
    """A handler and its filters."""

    filters: Sequence[Asker]
    handler: Asker
    signs: frozenset[str] | None
    """One of these begins what it answers; None if it may be anything."""


@dataclass(frozen=True, slots=True)
class Route:
    """The handlers of a router for one kind of update."""

    filters: Sequence[Asker]
    entries: Sequence[Entry]


class Dispatch:
    """What is `made` is taken from the supplies of a turn when it is asked for, and only then."""

    def __init__(
        self, routers: Iterable[Router], *, constants: Known, made: Collection[str]
    ) -> None:
        routers = list(routers)
        for router in routers:
            _refuse_the_rest(router)
        self._constants = constants
        self._routes = {
            kind: [
                _route(router.observers[kind], made)
                for router in routers
                if router.observers[kind].handlers
            ]
            for kind in KINDS
        }

    async def __call__(
        self, bot: Bot, update: Update, unit: UnitOfWork, supplies: Known
    ) -> Replies:
        """What the handler says; nothing where there is none for it."""
        kind, event = _content(update)
        if event is None:
            return []
        sign, reader = _sign(event), await reader_of(unit, event)
        known: Known = {**self._constants, "bot": bot, "unit": unit, "reader": reader}
        for route in self._routes[kind]:
            theirs = await _passed(route.filters, event, known, supplies)
            if theirs is None:
                continue
            for entry in route.entries:
                if entry.signs is not None and sign not in entry.signs:
                    continue
                found = await _passed(entry.filters, event, theirs, supplies)
                if found is not None:
                    replies: Replies = await entry.handler(event, found, supplies)
                    return replies
        return []


async def _passed(
    filters: Sequence[Asker], event: Event, known: Known, supplies: Known
) -> Known | None:
    """With what the filters found; None if one of them says no."""
    for one in filters:
        found = await one(event, known, supplies)
        if not found:
            return None
        if isinstance(found, dict):
            known = {**known, **found}
    return known


def _content(update: Update) -> tuple[str, Event | None]:
    if update.message is not None:
        return "message", update.message
    if update.callback_query is not None:
        return "callback_query", update.callback_query
    return "my_chat_member", update.my_chat_member


def _sign(event: Event) -> str:
    """A command with its slash, or the family of a button."""
    if isinstance(event, CallbackQuery):
        return (event.data or "").partition(":")[0]
    said = (event.text or event.caption or "") if isinstance(event, Message) else ""
    found = _COMMAND.match(said.lstrip())
    return found[0] if found else ""


def _signs(filters: Iterable[CallableObject] | None) -> frozenset[str] | None:
    """What lets most handlers be passed over without asking their filters."""
    for one in filters or ():
        if isinstance(one.callback, Command):
            return frozenset(f"/{command}" for command in one.callback.commands)
        if sign := getattr(one.callback, "sign", None):
            return frozenset({sign})
    return None


def _route(observer: TelegramEventObserver, made: Collection[str]) -> Route:
    return Route(
        _askers(observer._handler.filters, made),  # noqa: SLF001 - aiogram has no other way to ask
        [
            Entry(_askers(one.filters, made), Asker(one, made), _signs(one.filters))
            for one in observer.handlers
        ],
    )


def _askers(filters: Iterable[CallableObject] | None, made: Collection[str]) -> list[Asker]:
    return [Asker(one, made) for one in filters or ()]


def _refuse_the_rest(router: Router) -> None:
    """TypeError if it has what is left out here."""
    for observer in router.observers.values():
        if list(observer.middleware) or list(observer.outer_middleware):
            raise TypeError(f"{router} has a middleware, which nobody would call")
    if router.sub_routers:
        raise TypeError(f"{router} has routers within, which nobody would ask")


_NAMES = (*UseCases.names(), "library", "answering")


class Supplies(Mapping[str, object]):
    """Besides what the dispatcher itself holds."""

    def __init__(self, use_cases: UseCases, content: Content) -> None:
        self._use_cases = use_cases
        self._content = content

    @staticmethod
    def names() -> tuple[str, ...]:
        return _NAMES

    def __getitem__(self, name: str) -> object:
        match name:
            case "library":
                return self._content.library
            case "answering":
                return answering_of(self._use_cases, self._content)
            case _ if name in _NAMES:
                return getattr(self._use_cases, name)
            case _:
                raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


class NamedBot(Bot):
    """A command like `/connects@name` is compared with this name, without asking Telegram."""

    def __init__(self, token: str, username: str) -> None:
        super().__init__(token)
        self._username = username

    async def me(self) -> User:
        return User(id=self.id, is_bot=True, first_name=self._username, username=self._username)
