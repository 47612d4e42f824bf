"""Few routers: the same handlers in the same order, and nothing is lost on the way."""

from aiogram import Router
from aiogram.types import Message

from bot import handlers
from bot.handlers.filters import HasText
from bot.middlewares.reader import ReaderMiddleware
from bot.reply import Replies
from bot.routing import asked_by_filters, few_routers


async def stay_silent(message: Message) -> Replies:
    return []


def a_router() -> Router:
    router = Router()
    router.message.register(stay_silent)
    return router


def test_the_handlers_keep_their_order() -> None:
    names = [one.callback for each in handlers.routers() for one in each.message.handlers]

    few = few_routers(handlers.routers())

    assert [one.callback for each in few for one in each.message.handlers] == names
    assert len(few) < len(handlers.routers())


def test_a_router_with_a_filter_of_its_own_keeps_it_for_itself() -> None:
    filtered = a_router()
    filtered.message.filter(HasText())

    few = few_routers([a_router(), a_router(), filtered, a_router()])

    assert [len(each.message.handlers) for each in few] == [2, 1, 1]
    assert few[1] is filtered


def test_a_router_with_a_middleware_stays_as_it_is() -> None:
    watched = a_router()
    watched.message.middleware(ReaderMiddleware())

    assert few_routers([watched]) == [watched]


def test_what_filters_of_routers_and_of_handlers_ask_for_is_known() -> None:
    assert {"reader", "recognise_staff"} <= asked_by_filters(few_routers(handlers.routers()))
