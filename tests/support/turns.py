"""A single turn over an empty in-memory database, opened as the turn loop does."""

from functools import cache
from typing import Any

from aiogram.types import Update

from bot.articles.catalogue import Catalogue
from bot.incoming.chat_context import chat_context_of
from bot.incoming.turn import HandlerConfig, Turn, event_of
from knowledge.answering.engine import AnswerEngine
from state.model.channel import Channel
from state.model.chat import Chat, ChatId
from state.ports import Clock, ReadUnit, UnitOfWork
from state.usecases.registry import Queries, Records, UseCases
from tests.state.usecases.talking import PEPPERS, REACH
from tests.support.builders import policy
from tests.support.fakes import FakeClock, FixedDice, InMemoryDatabase
from tests.support.libraries import a_library, an_article

STAFF_CHAT = ChatId(-100200)


def handler_config() -> HandlerConfig:
    """Configuration of a desk with every feature on."""
    return HandlerConfig(
        policy=policy(),
        clock=FakeClock(),
        username="test_desk_bot",
        channels=frozenset(Channel),
        contact_links=True,
        languages=("en", "es"),
        staff_chat=STAFF_CHAT,
        staff_address="",
    )


def use_cases(unit: UnitOfWork, clock: Clock | None = None) -> UseCases:
    return UseCases(
        unit=unit,
        policy=policy(),
        clock=clock or FakeClock(),
        dice=FixedDice(),
        peppers=PEPPERS,
        callable_numbers=REACH,
    )


def records_of(database: InMemoryDatabase, clock: Clock) -> Records:
    def queries(unit: ReadUnit) -> Queries:
        return Queries(
            unit=unit,
            policy=policy(),
            clock=clock,
            dice=FixedDice(),
            peppers=PEPPERS,
            callable_numbers=REACH,
        )

    return Records(
        transact=database.transact,
        read=database.transact,
        make_use_cases=lambda unit: use_cases(unit, clock),
        make_queries=queries,
    )


@cache
def catalogue() -> Catalogue:
    """A catalogue with one article, about tea."""
    library = a_library(an_article("green-tea", "how do I make green tea?"))
    return Catalogue(library=library, engine=AnswerEngine(library))


async def a_turn(content: dict[str, Any], chat: Chat | None = None) -> Turn:
    """A turn for a Bot API update without its id; `chat`: the stored record of its chat."""
    event = event_of(Update.model_validate({"update_id": 1, **content}))
    assert event is not None
    unit = InMemoryDatabase().look()
    if chat is not None:
        await unit.chats.save(chat)
    return Turn(
        unit=unit,
        use=use_cases(unit),
        catalogue=catalogue(),
        config=handler_config(),
        context=await chat_context_of(unit, event),
        event=event,
    )
