from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from state.model.work import Incoming
from state.ports import StaleStateError, UnitOfWork
from tests.state.store.desk import Desk
from tests.support.fakes import START
from tests.support.inbox import head_of

Leave = Callable[[UnitOfWork, Incoming], Awaitable[None]]


def an_update(update_id: int, lane: str = "chat:7") -> Incoming:
    payload = f'{{"update_id": {update_id}}}'
    return Incoming(update_id=update_id, lane=lane, payload=payload, received_at=START)


async def done(unit: UnitOfWork, row: Incoming) -> None:
    await unit.inbox.done([row], START)


async def set_aside(unit: UnitOfWork, row: Incoming) -> None:
    await unit.inbox.set_aside(row, START, "not an update")


async def test_an_update_is_stored_once(desk: Desk, onlooker: Desk) -> None:
    first = await desk.inbox_queue.store([an_update(1), an_update(2, "chat:8")])
    again = await desk.inbox_queue.store([an_update(2, "chat:8"), an_update(3, "chat:9")])

    assert [set(first), set(again)] == [{"chat:7", "chat:8"}, {"chat:9"}]
    assert await onlooker.inbox_queue.waiting_lanes() == {"chat:7", "chat:8", "chat:9"}
    assert await onlooker.transact(lambda unit: head_of(unit, "chat:8")) == an_update(2, "chat:8")


async def test_storing_an_empty_batch_wakes_no_lane(desk: Desk) -> None:
    assert await desk.inbox_queue.store([]) == frozenset()
    assert await desk.inbox_queue.waiting_lanes() == frozenset()


async def test_lanes_waiting_since_before_a_moment_are_found(desk: Desk, onlooker: Desk) -> None:
    late = replace(an_update(2, "chat:8"), received_at=START + timedelta(seconds=2))
    await desk.inbox_queue.store([an_update(1), late])

    moment = START + timedelta(seconds=1)
    assert await onlooker.inbox_queue.waiting_lanes(moment) == {"chat:7"}


async def test_a_large_batch_is_stored_completely(desk: Desk, onlooker: Desk) -> None:
    batch = [an_update(number, f"chat:{number}") for number in range(2_500)]

    lanes = await desk.inbox_queue.store(batch)

    assert len(lanes) == 2_500
    assert await onlooker.inbox_queue.waiting_lanes() == lanes


@pytest.mark.parametrize("leave", [done, set_aside])
async def test_a_lane_returns_its_updates_in_order(
    desk: Desk, onlooker: Desk, leave: Leave
) -> None:
    await desk.inbox_queue.store([an_update(2), an_update(1), an_update(0, "chat:8")])

    await desk.transact(lambda unit: leave(unit, an_update(1)))

    assert await onlooker.transact(lambda unit: head_of(unit, "chat:7")) == an_update(2)


@pytest.mark.parametrize("leave", [done, set_aside])
async def test_a_lane_becomes_empty(desk: Desk, onlooker: Desk, leave: Leave) -> None:
    await desk.inbox_queue.store([an_update(1)])

    await desk.transact(lambda unit: leave(unit, an_update(1)))

    assert await onlooker.transact(lambda unit: head_of(unit, "chat:7")) is None
    assert await onlooker.inbox_queue.waiting_lanes() == frozenset()
    assert await desk.inbox_queue.store([an_update(1)]) == frozenset()


async def test_an_update_can_be_marked_as_done_only_once(desk: Desk) -> None:
    await desk.inbox_queue.store([an_update(1)])
    await desk.transact(lambda unit: done(unit, an_update(1)))

    with pytest.raises(StaleStateError):
        await desk.transact(lambda unit: done(unit, an_update(1)))


async def test_a_failed_update_stays_first_in_its_lane(desk: Desk, onlooker: Desk) -> None:
    await desk.inbox_queue.store([an_update(1), an_update(2)])

    await desk.transact(lambda unit: unit.inbox.failed(an_update(1), "the database was away"))

    head = await onlooker.transact(lambda unit: head_of(unit, "chat:7"))
    assert head is not None
    assert (head.update_id, head.tries, head.payload) == (1, 1, an_update(1).payload)
