"""Fifty codes at once cost three attempts, on both databases, run after run (T01-T03, T28)."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from functools import partial

import pytest

from state.model.account import FreelancerId
from state.model.ledger import LedgerKind
from state.model.verification import (
    Ending,
    Farewell,
    LockedOut,
    PlaceCall,
    Prompt,
    Running,
    Silence,
    Verified,
    WrongCode,
)
from state.store import tables
from state.usecases.verification.run_call import HeardDigits
from tests.faults.crowd import Crowd, advancing, naive_transact, wrong
from tests.state.usecases.desk import UseCases
from tests.support.builders import policy
from tests.support.databases import opened

RUNS = 20
FEWER_RUNS = 6
CROWD = 50
JUDGED = (WrongCode, Farewell)


def judged(prompts: Sequence[Prompt]) -> int:
    """How many of the codes were compared with the right one."""
    return sum(isinstance(prompt, JUDGED) for prompt in prompts)


async def fifty_wrong(crowd: Crowd) -> tuple[object, ...]:
    ada = await crowd.arrive()
    session_id = await crowd.called(ada)
    code = wrong(await crowd.code(ada))

    prompts = await crowd.enter_at_once(session_id, [code] * CROWD)

    shown_before = 4  # the fresh message, ringing, picked up, the hash key
    return (
        Counter(prompts),
        type(await crowd.round(ada)),
        await crowd.audited("call.wrong_code", ada),
        await crowd.audited("call.locked", ada),
        await crowd.tasks(f"remind-unlocked:{ada}"),
        await crowd.tasks(f"show-call:{session_id}") - shown_before,
    )


@pytest.mark.attack("T01")
async def test_fifty_concurrent_wrong_codes_cost_three_attempts_and_lock_once(
    crowd: Crowd,
) -> None:
    found = [await fifty_wrong(crowd) for _ in range(RUNS)]

    prompts = {
        WrongCode(2): 1,
        WrongCode(1): 1,
        Farewell(Ending.LOCKED): 1,
        Silence(): CROWD - 3,
    }
    assert found == [(prompts, LockedOut, 3, 1, 1, 3)] * RUNS


async def fifty_right(crowd: Crowd) -> tuple[object, ...]:
    ada = await crowd.arrive()
    session_id = await crowd.called(ada)
    code = await crowd.code(ada)

    prompts = await crowd.enter_at_once(session_id, [code] * CROWD)

    done = tables.completion.c
    return (
        Counter(prompts),
        type(await crowd.round(ada)),
        await crowd.audited("call.verified", ada),
        await crowd.rows(tables.completion, done.freelancer_id == ada),
        await crowd.tasks(f"show-progress:{session_id}"),
    )


@pytest.mark.attack("T02")
async def test_fifty_concurrent_right_codes_verify_and_notify_once(crowd: Crowd) -> None:
    found = [await fifty_right(crowd) for _ in range(FEWER_RUNS)]

    prompts = {Farewell(Ending.VERIFIED): 1, Silence(): CROWD - 1}
    assert found == [(prompts, Verified, 1, 1, 1)] * FEWER_RUNS


async def one_right_among_wrong(crowd: Crowd, place: int) -> tuple[int, bool, int, bool]:
    ada = await crowd.arrive()
    session_id = await crowd.called(ada)
    code = await crowd.code(ada)
    codes = [wrong(code)] * CROWD
    codes[place] = code

    prompts = await crowd.enter_at_once(session_id, codes)

    return (
        judged(prompts),
        Farewell(Ending.VERIFIED) in prompts,
        await crowd.audited("call.wrong_code", ada),
        isinstance(await crowd.round(ada), LockedOut),
    )


@pytest.mark.attack("T03")
async def test_a_right_code_among_many_wrong_ones_counts_only_among_the_first_three(
    crowd: Crowd,
) -> None:
    found = [await one_right_among_wrong(crowd, place) for place in range(FEWER_RUNS)]

    late = (3, False, 3, True)
    in_time = {(wrong_before + 1, True, wrong_before, False) for wrong_before in range(3)}
    assert set(found) <= {late, *in_time}


async def twenty_taps(crowd: Crowd, ada: FreelancerId) -> tuple[Counter[type], int, int]:
    decisions = await crowd.at_once([lambda do: do.request_call(ada)] * 20)

    mine = tables.call_session.c.freelancer_id == ada
    active = mine & tables.call_session.c.ended_at.is_(None)
    session = await crowd.session(ada)
    return (
        Counter(type(decision) for decision in decisions),
        await crowd.rows(tables.call_session, active),
        await crowd.tasks(f"dial:{session.id}"),
    )


@pytest.mark.attack("T28")
async def test_twenty_concurrent_call_requests_open_one_session_and_place_one_call(
    crowd: Crowd,
) -> None:
    people = [await crowd.arrive() for _ in range(FEWER_RUNS)]

    found = [await twenty_taps(crowd, ada) for ada in people]

    assert found == [({PlaceCall: 1, Running: 19}, 1, 1)] * FEWER_RUNS
    assert await crowd.tasks("dial:") == FEWER_RUNS


@pytest.mark.attack("T44")
async def test_forty_concurrent_calls_into_one_block_are_limited_to_thirty(crowd: Crowd) -> None:
    people = [await crowd.arrive() for _ in range(40)]

    decisions = await crowd.at_once(
        [lambda do, ada=ada: do.request_call(ada) for ada in people]  # type: ignore[misc]  # bound at once
    )

    placed = [decision for decision in decisions if decision == PlaceCall()]
    assert len(placed) == policy().verification.calls_per_block
    assert await crowd.tasks("dial:") == len(placed)


async def codes_and_an_erasure(crowd: Crowd, ada: FreelancerId, codes: int) -> int:
    """How many of the codes were judged, while the account is erased by the other process."""
    session_id = await crowd.called(ada)
    heard = HeardDigits(keyed=wrong(await crowd.code(ada)))

    async def erase(do: UseCases) -> Prompt:
        await do.forget_freelancer(ada)
        return Silence()

    works = [erase, *[advancing(session_id, heard)] * codes]
    prompts = await crowd.at_once(works)
    return judged(prompts)


@pytest.mark.attack("T69")
async def test_erasure_during_concurrent_wrong_codes_gives_no_attempt_back(crowd: Crowd) -> None:
    wrong_codes = tables.verification_ledger.c.kind == LedgerKind.WRONG_CODE.value
    everybodys = 0
    for _ in range(FEWER_RUNS):
        ada = await crowd.arrive()
        total, asks = 0, 0
        while asks < policy().verification.calls_per_number and total < 3:
            total += await codes_and_an_erasure(crowd, ada, codes=2)
            asks += 1
            crowd.clock.forward(minutes=2)
            await crowd.come_back(ada)

        assert total <= 3
        everybodys += total
        assert await crowd.rows(tables.verification_ledger, wrong_codes) == everybodys


# ---------------------------------------------------------------- these tests can fail


@pytest.fixture
async def naive(postgres_url: str) -> AsyncIterator[Crowd]:
    async with opened(postgres_url) as database:
        yield Crowd(transacts=[partial(naive_transact, database)], onlooker=database)


async def test_without_the_version_check_more_than_three_codes_are_checked(naive: Crowd) -> None:
    ada = await naive.arrive()
    session_id = await naive.called(ada)
    code = wrong(await naive.code(ada))

    prompts = await naive.enter_at_once(session_id, [code] * CROWD)

    assert judged(prompts) > 3
