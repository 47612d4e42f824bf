"""All handlers in one router: each router on the way costs an update as much as ten filters."""

from collections.abc import Iterable

from aiogram import Router


def one_router(routers: Iterable[Router]) -> Router:
    """Their handlers in the same order. ValueError for a router that does more than hold them."""
    whole = Router(name=__name__)
    for router in routers:
        if router.sub_routers:
            raise ValueError(f"router {router.name} holds others")
        for name, observer in router.observers.items():
            if list(observer.middleware) or list(observer.outer_middleware):
                raise ValueError(f"router {router.name} has a middleware of its own")
            whole.observers[name].handlers.extend(observer.handlers)
    return whole


def asked_by_filters(router: Router) -> frozenset[str]:
    """The names of all that filters want to be given."""
    return frozenset(
        name
        for observer in router.observers.values()
        for handler in observer.handlers
        for one in handler.filters or ()
        for name in one.params
    )
