"""A bot that is killed again and again loses nothing, counts nothing twice, answers in order.

Slow: real processes, killed twenty times on each database at moments that a seed chooses.
"""

import signal
from collections import Counter
from datetime import timedelta
from itertools import groupby
from pathlib import Path

import pytest

from tests.faults.killer import Ordeal, Strike, kills, opened_ordeal
from tests.faults.people import Person
from tests.faults.process import cold

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

IN_A_CALL = ("Calls.json", "voice answered", "ack answered", "code", "code answered")
IN_A_CHAT = ("update", "update answered", "sendMessage", "editMessageText")
POLLING = ("getUpdates", "sendMessage")
AT_THE_START = ("getMe",)

KILLED = -signal.SIGKILL
DAY = timedelta(hours=24)


def without_repetition(lines: list[str]) -> list[str]:
    return [line for line, _ in groupby(lines)]


def dialled(ordeal: Ordeal) -> set[int]:
    """How often sessions were dialled; each has an address of its own."""
    calls = ordeal.outside.provider.calls.values()
    return set(Counter(call.order.url for call in calls).values())


def each_once(people: list[Person]) -> Counter[str]:
    return Counter(each.freelancer for each in people)


async def replies(ordeal: Ordeal) -> dict[str, int]:
    """How many each chat should get: a call that could not be placed was asked for again."""
    sessions = await ordeal.ledger.sessions()
    return {
        f"chat:{each.chat}": len(each.expected) + max(sessions[each.freelancer] - 1, 0)
        for each in ordeal.people
    }


async def assert_nothing_is_lost_or_doubled(ordeal: Ordeal) -> None:
    people, ledger = ordeal.people, ordeal.ledger
    assert await ledger.updates() == sum(each.acts for each in people)
    assert await ledger.failed() == []
    assert await ledger.told() == await replies(ordeal)
    assert {each.number: without_repetition(each.sent) for each in people} == {
        each.number: each.expected for each in people
    }


async def assert_calls_are_counted_once(ordeal: Ordeal) -> None:
    people, ledger = ordeal.people, ordeal.ledger
    verified = [each for each in people if not each.locked]
    wrong = Counter({each.freelancer: each.wrong_codes for each in people})
    assert dialled(ordeal) == {1}
    assert await ledger.audited("call.wrong_code") == wrong
    assert await ledger.audited("call.verified") == each_once(verified)
    assert await ledger.completed("phone") == each_once(verified)
    assert await ledger.locked_for() == {each.freelancer: DAY for each in people if each.locked}


def assert_only_what_was_in_flight_is_doubled(ordeal: Ordeal, doubled: Counter[int]) -> None:
    assert doubled == ordeal.unmarked[-1]
    assert ordeal.unmarked_by_a_death <= 1


@pytest.mark.parametrize("seed", [1], ids=["seed 1"])
async def test_sixteen_kills_during_questions_and_calls_lose_and_duplicate_nothing(
    database_url: str, tmp_path: Path, seed: int
) -> None:
    async with opened_ordeal(database_url, tmp_path) as ordeal:
        await ordeal.run(kills(seed, (*IN_A_CALL, *IN_A_CHAT, *AT_THE_START), 16))

        assert ordeal.exits == [KILLED] * 16
        await assert_nothing_is_lost_or_doubled(ordeal)
        await assert_calls_are_counted_once(ordeal)
        assert_only_what_was_in_flight_is_doubled(ordeal, await ordeal.doubled())


@pytest.mark.parametrize("seed", [2], ids=["seed 2"])
async def test_four_kills_during_polling_lose_nothing(
    database_url: str, tmp_path: Path, seed: int
) -> None:
    async with opened_ordeal(database_url, tmp_path, polling=True) as ordeal:
        await ordeal.run(kills(seed, POLLING, 4))

        assert ordeal.exits == [KILLED] * 4
        await assert_nothing_is_lost_or_doubled(ordeal)
        assert_only_what_was_in_flight_is_doubled(ordeal, await ordeal.doubled())


@pytest.mark.parametrize("polling", [False, True], ids=["webhook", "polling"])
async def test_graceful_shutdowns_duplicate_nothing(
    database_url: str, tmp_path: Path, *, polling: bool
) -> None:
    moments = POLLING if polling else ("code", "update answered", "sendMessage")
    plan = [Strike(moment=each, after=0.01, number=signal.SIGTERM) for each in moments]

    async with opened_ordeal(database_url, tmp_path, polling=polling) as ordeal:
        await ordeal.run(plan)

        assert ordeal.exits == [0] * len(plan)
        await assert_nothing_is_lost_or_doubled(ordeal)
        assert await ordeal.doubled() == Counter()


async def test_the_installed_command_survives_kills_and_shutdowns(
    sqlite_url: str, tmp_path: Path
) -> None:
    plan = [
        Strike(moment="sendMessage", after=None),
        Strike(moment="code answered", after=0.01, number=signal.SIGTERM),
    ]

    async with opened_ordeal(sqlite_url, tmp_path, start=cold) as ordeal:
        await ordeal.run(plan)

        assert ordeal.exits == [KILLED, 0]
        await assert_nothing_is_lost_or_doubled(ordeal)
        await assert_calls_are_counted_once(ordeal)
        assert_only_what_was_in_flight_is_doubled(ordeal, await ordeal.doubled())
