"""All routers as one: the same handlers in the same order, and nothing is lost on the way."""

import pytest
from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from bot import handlers
from bot.middlewares.reader import ReaderMiddleware
from bot.reply import Replies
from bot.routing import one_router


async def stay_silent(message: Message) -> Replies:
    return []


def test_the_handlers_keep_their_order() -> None:
    names = [one.callback for each in handlers.routers() for one in each.message.handlers]

    whole = one_router(handlers.routers())

    assert [one.callback for one in whole.message.handlers] == names


def test_a_router_that_holds_others_is_refused() -> None:
    outer, inner = Router(), Router()
    inner.message.register(stay_silent, Command("x"))
    outer.include_router(inner)

    with pytest.raises(ValueError, match="holds others"):
        one_router([outer])


def test_a_router_with_a_middleware_is_refused() -> None:
    router = Router()
    router.message.middleware(ReaderMiddleware())

    with pytest.raises(ValueError, match="middleware"):
        one_router([router])
