"""Routing: the first route that matches a turn, and whose handler doesn't decline, answers it."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TypeAlias, TypeVar

from bot.incoming.turn import Turn, UpdateKind
from bot.presentation.buttons import Payload
from bot.presentation.reply import Replies
from bot.presentation.views import account
from state.model.account import FreelancerId

F = TypeVar("F")
P = TypeVar("P", bound=Payload)

Handler: TypeAlias = Callable[[Turn], Awaitable[Replies]]
MaybeHandler: TypeAlias = Callable[[Turn], Awaitable[Replies | None]]
"""A handler that may decline: None passes the turn on to the next route."""
Condition: TypeAlias = Callable[[Turn], bool]


@dataclass(frozen=True, slots=True)
class Route:
    """A handler with the kind of update and the sign that it answers."""

    kind: UpdateKind
    handle: MaybeHandler
    name: str
    """`module.function` of the handler, for logs."""
    signs: frozenset[str] | None = None
    """Commands or button families that it answers (see `Turn.sign`); None for any."""


class Dispatcher:
    """Passes a turn to the first route that answers it."""

    def __init__(self, routes: Iterable[Route]) -> None:
        listed = list(routes)
        self._routes = {kind: [one for one in listed if one.kind is kind] for kind in UpdateKind}

    async def __call__(self, turn: Turn) -> Replies:
        """Replies of the first handler that doesn't decline; empty if there is none."""
        for route in self._routes[turn.kind]:
            if route.signs is not None and turn.sign not in route.signs:
                continue
            replies = await route.handle(turn)
            if replies is not None:
                return replies
        return []


def command(names: str | Sequence[str], handler: MaybeHandler, *conditions: Condition) -> Route:
    """Route of one or several commands, in a message or a caption."""
    signs = frozenset(f"/{name}" for name in ([names] if isinstance(names, str) else names))
    handle = _where(conditions, handler)
    return Route(UpdateKind.MESSAGE, handle, _name(handler), signs)


def message(handler: MaybeHandler, *conditions: Condition) -> Route:
    """Route of any message that meets all conditions."""
    return Route(UpdateKind.MESSAGE, _where(conditions, handler), _name(handler))


def message_with(
    find: Callable[[Turn], F | None],
    handler: Callable[[Turn, F], Awaitable[Replies | None]],
    *conditions: Condition,
) -> Route:
    """Route of a message in which `find` finds a value, which the handler gets."""

    async def handle(turn: Turn) -> Replies | None:
        found = find(turn)
        return None if found is None else await handler(turn, found)

    return Route(UpdateKind.MESSAGE, _where(conditions, handle), _name(handler))


def button(
    family: type[P],
    handler: Handler,
    when: Callable[[P], bool] | None = None,
    *conditions: Condition,
) -> Route:
    """Route of buttons of this family whose payload meets `when`."""

    async def handle(turn: Turn, _: P) -> Replies:
        return await handler(turn)

    return _button(family, handle, _name(handler), when, conditions)


def button_with(
    family: type[P],
    handler: Callable[[Turn, P], Awaitable[Replies]],
    when: Callable[[P], bool] | None = None,
) -> Route:
    """Like `button`, for a handler that takes the payload."""
    return _button(family, handler, _name(handler), when)


def any_button(handler: Handler, *conditions: Condition) -> Route:
    """Route of any button press that meets all conditions."""
    return Route(UpdateKind.BUTTON, _where(conditions, handler), _name(handler))


def membership(handler: Handler) -> Route:
    """Route of membership changes: the bot was blocked or unblocked."""
    return Route(UpdateKind.MEMBERSHIP, handler, _name(handler))


def linked(handler: Callable[[Turn, FreelancerId], Awaitable[Replies]]) -> Handler:
    """Decorator: pass the linked freelancer's id; reply how to link if the chat is not linked."""

    @wraps(handler)
    async def handle(turn: Turn) -> Replies:
        if turn.chat.freelancer_id is None:
            return [account.not_linked()]
        return await handler(turn, turn.chat.freelancer_id)

    return handle


def linked_with(
    handler: Callable[[Turn, FreelancerId, F], Awaitable[Replies]],
) -> Callable[[Turn, F], Awaitable[Replies]]:
    """Like `linked`, for a handler that takes a found value."""

    @wraps(handler)
    async def handle(turn: Turn, found: F) -> Replies:
        if turn.chat.freelancer_id is None:
            return [account.not_linked()]
        return await handler(turn, turn.chat.freelancer_id, found)

    return handle


def _button(
    family: type[P],
    handler: Callable[[Turn, P], Awaitable[Replies]],
    name: str,
    when: Callable[[P], bool] | None,
    conditions: Sequence[Condition] = (),
) -> Route:
    async def handle(turn: Turn) -> Replies | None:
        payload = family.unpack(turn.data)
        if payload is None or (when is not None and not when(payload)):
            return None
        return await handler(turn, payload)

    return Route(UpdateKind.BUTTON, _where(conditions, handle), name, frozenset({family.family}))


def _where(conditions: Sequence[Condition], handler: MaybeHandler) -> MaybeHandler:
    if not conditions:
        return handler

    async def handle(turn: Turn) -> Replies | None:
        return await handler(turn) if all(holds(turn) for holds in conditions) else None

    return handle


def _name(handler: Callable[..., object]) -> str:
    return f"{handler.__module__.rpartition('.')[2]}.{handler.__name__}"
