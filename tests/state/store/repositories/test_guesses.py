import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from state.model.chat import ChatId
from state.ports import RetentionLimits, UnitOfWork
from state.rules.linking import GUESSES_COUNT_FOR, GUESSES_OF_A_CHAT
from state.store.database import Database
from state.usecases.linking.link_chat import InspectLink
from tests.state.store.desk import Desk
from tests.state.usecases.desk import PEPPERS
from tests.support.fakes import START, FakeClock

ADAS = ChatId(7001)
AT_ONCE = 50


async def add_three(unit: UnitOfWork) -> None:
    for minute, guesser in enumerate(("ada", "ben", "ada")):
        await unit.guesses.add(guesser, START + timedelta(minutes=minute))


@pytest.mark.parametrize(
    ("count", "guesser", "minute"),
    [(1, None, 2), (2, None, 1), (3, None, None), (1, "ben", 1), (1, "ada", 2), (2, "ada", None)],
)
async def test_the_newest_guesses_of_one_chat_and_of_all_are_found(
    desk: Desk, onlooker: Desk, count: int, guesser: str | None, minute: int | None
) -> None:
    """Those after START, which the first guess is not."""
    await desk.transact(add_three)

    found = await onlooker.transact(
        lambda unit: unit.guesses.latest(count, START, guesser=guesser)
    )

    assert found == (None if minute is None else START + timedelta(minutes=minute))


async def test_expired_guesses_are_deleted(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(add_three)
    since = RetentionLimits(
        handled=START,
        ended=START,
        told=START,
        locked=START,
        counted=START,
        guessed=START + timedelta(minutes=1),
        signed_in=START,
        talked=START,
    )

    await desk.transact(lambda unit: unit.retention.delete_expired(since, limit=10))

    before = START - timedelta(days=1)
    newest = await onlooker.transact(lambda unit: unit.guesses.latest(1, before))
    second = await onlooker.transact(lambda unit: unit.guesses.latest(2, before))
    assert (newest, second) == (START + timedelta(minutes=2), None)


async def test_concurrent_guesses_stay_exactly_within_the_limit(
    database: Database, second: Database
) -> None:
    async def guess(unit: UnitOfWork) -> str:
        inspect = InspectLink(unit=unit, clock=FakeClock(), peppers=PEPPERS)
        return str(await inspect(ADAS, "WRNG-CDES"))

    outcomes = Counter(
        await asyncio.gather(
            *((database, second)[number % 2].transact(guess) for number in range(AT_ONCE))
        )
    )

    until = START + GUESSES_COUNT_FOR
    assert outcomes == {
        "LinkRefused(why=<LinkProblem.UNKNOWN: 'unknown'>)": GUESSES_OF_A_CHAT,
        f"GuessingLocked(until={until!r})": AT_ONCE - GUESSES_OF_A_CHAT,
    }
