"""Handlers in few routers: each router on the way costs an update as much as several filters."""

from collections.abc import Iterable, Sequence

from aiogram import Router


def few_routers(routers: Iterable[Router]) -> Sequence[Router]:
    """The same handlers in the same order.

    Neighbours that only hold handlers become one router; what has a filter of its own, a
    middleware or routers within stays as it is.
    """
    few: list[Router] = []
    merging = False
    for router in routers:
        plain = _is_plain(router)
        if plain and not merging:
            few.append(Router(name=router.name))
        if plain:
            for name, observer in router.observers.items():
                few[-1].observers[name].handlers.extend(observer.handlers)
        else:
            few.append(router)
        merging = plain
    return few


def _is_plain(router: Router) -> bool:
    return not router.sub_routers and not any(
        observer._handler.filters or list(observer.middleware) or list(observer.outer_middleware)  # noqa: SLF001 - aiogram has no other way to ask
        for observer in router.observers.values()
    )


def asked_by_filters(routers: Iterable[Router]) -> frozenset[str]:
    """The names of all that filters want to be given."""
    return frozenset(
        name
        for router in routers
        for observer in router.observers.values()
        for handler in (observer._handler, *observer.handlers)  # noqa: SLF001 - as above
        for one in handler.filters or ()
        for name in one.params
    )
