"""Whatever happens, and in whatever order: what is open equals the rules, and stays open."""

import asyncio
import itertools
import shutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from state.model.account import Completion, Progress
from state.ports import Transact, UnitOfWork
from tests.state.usecases.progress_histories import (
    BASIC,
    HAPPENINGS,
    METER,
    READINGS,
    Correct,
    Erase,
    Happening,
    Life,
    Reading,
    done_steps,
    in_order,
)
from tests.support.builders import ADA
from tests.support.databases import opened
from tests.support.fakes import START, InMemoryDatabase

T = TypeVar("T")
COPY = itertools.count()
LIVES = st.lists(HAPPENINGS, min_size=1, max_size=12)


@st.composite
def growing_readings(draw: st.DrawFn) -> list[Reading]:
    """What a reading has proved, later readings prove too."""
    readings = in_order(draw(st.lists(READINGS, unique_by=lambda one: one.hour, max_size=6)))
    grown: list[Reading] = []
    for one in readings:
        last = grown[-1] if grown else one
        grown.append(
            Reading(
                hour=one.hour,
                plan=one.plan,
                basic=last.basic or one.basic,
                meter=max((last.meter or 0.0, one.meter or 0.0)),
                phone=last.phone or one.phone,
            )
        )
    return grown


async def check_life(transact: Transact, happenings: Sequence[Happening]) -> None:
    """After each step: as expected, and nothing lost but by an erasure or a correction."""
    life = Life(transact=transact)
    before, open_before = set[object](), 0
    for happening in happenings:
        await life.live(happening)
        found, on_basic = await life.progress(), await life.on_basic() or 0
        may_fall = isinstance(happening, Erase | Correct)

        assert done_steps(found) == life.expected.done
        assert (found.earned if isinstance(found, Progress) else None) == life.expected.earned
        assert may_fall or (before <= done_steps(found) and open_before <= on_basic)
        before, open_before = set(done_steps(found)), on_basic


async def outcome(transact: Transact, happenings: Sequence[Happening]) -> object:
    life = Life(transact=transact)
    for happening in happenings:
        await life.live(happening)
    found = await life.progress()
    return done_steps(found), found.earned if isinstance(found, Progress) else None


@settings(max_examples=300, deadline=None)
@given(happenings=LIVES)
def test_unlocked_connects_always_equal_the_rules_and_never_fall(
    happenings: list[Happening],
) -> None:
    asyncio.run(check_life(InMemoryDatabase().transact, happenings))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.usefixtures("sqlite_url")
@given(happenings=LIVES)
def test_the_same_holds_in_a_real_database(tmp_path: Path, happenings: list[Happening]) -> None:
    async def live() -> None:
        file = shutil.copy(tmp_path / "helpdesk.db", tmp_path / f"{next(COPY)}.db")
        async with opened(f"sqlite+aiosqlite:///{file}") as database:
            await check_life(database.transact, happenings)

    asyncio.run(live())


@settings(max_examples=100, deadline=None)
@given(happenings=LIVES)
def test_repeated_snapshots_count_once(happenings: list[Happening]) -> None:
    twice = [
        one
        for happening in happenings
        for one in ([happening] * 2 if isinstance(happening, Reading) else [happening])
    ]

    once_told = asyncio.run(outcome(InMemoryDatabase().transact, happenings))

    assert asyncio.run(outcome(InMemoryDatabase().transact, twice)) == once_told


@settings(max_examples=200, deadline=None)
@given(data=st.data(), readings=growing_readings())
def test_the_order_of_snapshots_does_not_matter(
    data: st.DataObject, readings: list[Reading]
) -> None:
    """Of an account that only gains.

    An older reading changes nothing; so what it alone proved, and a newer one denies, is known
    only if it came in time.
    """
    shuffled = data.draw(st.permutations(readings))

    in_time = asyncio.run(outcome(InMemoryDatabase().transact, readings))

    assert asyncio.run(outcome(InMemoryDatabase().transact, shuffled)) == in_time


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_steps_may_be_done_in_any_order(order: tuple[int, ...]) -> None:
    things: list[Happening] = [
        Reading(hour=40, basic=True),
        Correct(step=next(iter(Reading(hour=0, meter=80).proves)), done=True),
        Correct(step=next(iter(Reading(hour=0, phone=True).proves)), done=True),
    ]

    found = asyncio.run(outcome(InMemoryDatabase().transact, [things[at] for at in order]))

    assert found == (life_done(things), 40)


def life_done(things: Sequence[Happening]) -> set[object]:
    proved = {step for one in things if isinstance(one, Reading) for step in one.proves}
    return proved | {one.step for one in things if isinstance(one, Correct)}


# ---------------------------------------------------------------- faults that have to be found


async def takes_back(unit: UnitOfWork) -> None:
    """What a reading proved is lost when a later one denies it."""
    account = await unit.accounts.get(ADA)
    done = {each.step for each in await unit.accounts.completions(ADA)}
    if account is not None and METER in done and (account.completeness or 0) < 80:
        await unit.accounts.revoke(ADA, METER, START)


async def outlives_erasure(unit: UnitOfWork) -> None:
    """What was done is known of somebody who was erased."""
    if await unit.accounts.get(ADA) is None:
        done = Completion(step=BASIC, done_at=START, proof="remembered")
        await unit.accounts.complete(ADA, done)


async def forgets_when(unit: UnitOfWork) -> None:
    """Whatever arrives later is taken for newer."""
    account = await unit.accounts.get(ADA)
    done = await unit.accounts.completions(ADA)
    if account is not None:
        await unit.accounts.erase(ADA)
        await unit.accounts.put(replace(account, as_of=START - timedelta(hours=1)))
        for each in done:
            await unit.accounts.complete(ADA, each)


def faulty(fault: Callable[[UnitOfWork], Awaitable[None]]) -> Transact:
    """A database in which that happens at the end of every unit of work."""
    database = InMemoryDatabase()

    async def transact(work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        async def with_fault(unit: UnitOfWork) -> T:
            outcome = await work(unit)
            await fault(unit)
            return outcome

        return await database.transact(with_fault)

    return transact


SEARCH = settings(max_examples=300, deadline=None, database=None, phases=[Phase.generate])


@pytest.mark.parametrize("fault", [takes_back, outlives_erasure, forgets_when])
def test_a_fault_in_the_permanence_of_completions_is_detected(
    fault: Callable[[UnitOfWork], Awaitable[None]],
) -> None:
    @SEARCH
    @given(happenings=LIVES)
    def live(happenings: list[Happening]) -> None:
        asyncio.run(check_life(faulty(fault), happenings))

    with pytest.raises(AssertionError):
        live()


def test_a_fault_in_the_order_of_snapshots_is_detected() -> None:
    @SEARCH
    @given(data=st.data(), readings=growing_readings())
    def live(data: st.DataObject, readings: list[Reading]) -> None:
        shuffled = data.draw(st.permutations(readings))
        in_time = asyncio.run(outcome(faulty(forgets_when), readings))
        assert asyncio.run(outcome(faulty(forgets_when), shuffled)) == in_time

    with pytest.raises(AssertionError):
        live()
