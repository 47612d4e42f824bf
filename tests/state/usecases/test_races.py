"""Everybody at once: what must happen once happens once (T01 to T03, T28)."""

import asyncio
from collections import Counter

from state.model.verification import (
    Ending,
    Farewell,
    LockedOut,
    Prompt,
    SessionId,
    Silence,
    WrongCode,
)
from state.model.work import DialNumber, RemindUnlocked, ShowProgress
from state.usecases.verification.run_call import HeardDigits
from tests.state.usecases.desk import Desk
from tests.support.builders import ADA

CROWD = 50


async def at_once(desk: Desk, session: SessionId, codes: list[str]) -> Counter[Prompt]:
    said = [desk.happen(HeardDigits(keyed=code), session_id=session) for code in codes]
    return Counter(prompt for (prompt,) in await asyncio.gather(*said))


async def test_fifty_concurrent_wrong_codes_cost_three_attempts(desk: Desk) -> None:
    await desk.arrive()
    session = await desk.reach_code()
    wrong = f"{(int(await desk.code()) + 1) % 1_000_000:06d}"

    answers = await at_once(desk, session, [wrong] * CROWD)

    assert answers == {
        WrongCode(2): 1,
        WrongCode(1): 1,
        Farewell(Ending.LOCKED): 1,
        Silence(): CROWD - 3,
    }
    assert desk.audit().count("call.wrong_code") == 3
    assert len(desk.tasks(RemindUnlocked)) == 1


async def test_fifty_concurrent_right_codes_verify_once(desk: Desk) -> None:
    await desk.arrive()
    session = await desk.reach_code()

    answers = await at_once(desk, session, [await desk.code()] * CROWD)

    assert answers == {Farewell(Ending.VERIFIED): 1, Silence(): CROWD - 1}
    assert len(desk.tasks(ShowProgress)) == 1


async def test_a_right_code_among_many_wrong_ones_counts_only_among_the_first_three(
    desk: Desk,
) -> None:
    await desk.arrive()
    session = await desk.reach_code()
    code = await desk.code()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    answers = await at_once(desk, session, [*[wrong] * (CROWD - 1), code])

    found = await desk.round()
    assert desk.audit().count("call.wrong_code") <= 3
    assert isinstance(found, LockedOut) is (answers[Farewell(Ending.LOCKED)] == 1)


async def test_twenty_concurrent_call_requests_open_one_call(desk: Desk) -> None:
    await desk.arrive()

    await asyncio.gather(*[desk.run(lambda do: do.request_call(ADA)) for _ in range(20)])

    assert len(desk.tasks(DialNumber)) == 1
    assert len(desk.database.tables.sessions) == 1
