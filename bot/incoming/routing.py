"""Which handler answers a turn: of an ordered list, the first that doesn't pass it on."""

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
"""None passes the turn on to the next route."""
Condition: TypeAlias = Callable[[Turn], bool]


@dataclass(frozen=True, slots=True)
class Route:
    """A handler and what it is for."""

    kind: UpdateKind
    handle: MaybeHandler
    name: str
    """`module.function` of the handler."""
    signs: frozenset[str] | None = None
    """One of these begins what it answers; None if it may be anything."""


class Dispatcher:
    """Finds the handler of a turn."""

    def __init__(self, routes: Iterable[Route]) -> None:
        listed = list(routes)
        self._routes = {kind: [one for one in listed if one.kind is kind] for kind in UpdateKind}

    async def __call__(self, turn: Turn) -> Replies:
        """What the handler says; nothing where there is none."""
        for route in self._routes[turn.kind]:
            if route.signs is not None and turn.sign not in route.signs:
                continue
            replies = await route.handle(turn)
            if replies is not None:
                return replies
        return []


def command(names: str | Sequence[str], handler: MaybeHandler, *conditions: Condition) -> Route:
    """`/name`, in a message or a caption."""
    signs = frozenset(f"/{name}" for name in ([names] if isinstance(names, str) else names))
    handle = _where(conditions, handler)
    return Route(UpdateKind.MESSAGE, handle, _name(handler), signs)


def message(handler: MaybeHandler, *conditions: Condition) -> Route:
    """Any message of which all conditions hold."""
    return Route(UpdateKind.MESSAGE, _where(conditions, handler), _name(handler))


def message_with(
    find: Callable[[Turn], F | None],
    handler: Callable[[Turn, F], Awaitable[Replies | None]],
    *conditions: Condition,
) -> Route:
    """A message in which `find` finds something, which the handler gets."""

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
    """A button of this family, where `when` holds of its payload."""

    async def handle(turn: Turn, _: P) -> Replies:
        return await handler(turn)

    return _button(family, handle, _name(handler), when, conditions)


def button_with(
    family: type[P],
    handler: Callable[[Turn, P], Awaitable[Replies]],
    when: Callable[[P], bool] | None = None,
) -> Route:
    """As `button`, for a handler that gets the payload."""
    return _button(family, handler, _name(handler), when)


def any_button(handler: Handler, *conditions: Condition) -> Route:
    return Route(UpdateKind.BUTTON, _where(conditions, handler), _name(handler))


def membership(handler: Handler) -> Route:
    """The bot was blocked, or let in again."""
    return Route(UpdateKind.MEMBERSHIP, handler, _name(handler))


def linked(handler: Callable[[Turn, FreelancerId], Awaitable[Replies]]) -> Handler:
    """For whoever has linked an account; all others hear how to."""

    @wraps(handler)
    async def handle(turn: Turn) -> Replies:
        if turn.chat.freelancer_id is None:
            return [account.not_linked()]
        return await handler(turn, turn.chat.freelancer_id)

    return handle


def linked_with(
    handler: Callable[[Turn, FreelancerId, F], Awaitable[Replies]],
) -> Callable[[Turn, F], Awaitable[Replies]]:
    """As `linked`, for a handler that gets what was found."""

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
