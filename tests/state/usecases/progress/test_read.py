"""Never heard of, never read, and read are three different answers."""

from datetime import timedelta

from state.model.account import Blocked, Progress
from state.model.chat import Chat
from state.usecases.progress.read import NotFound
from tests.state.usecases.desk import CHAT, Desk
from tests.support.builders import ADA, BEN
from tests.support.fakes import START


async def read(desk: Desk) -> Progress | NotFound:
    return await desk.run(lambda do: do.read_progress(ADA))


async def test_an_unknown_freelancer_is_not_found(desk: Desk) -> None:
    await desk.run(lambda do: do.offer_link(BEN))

    assert await read(desk) == NotFound()


async def test_a_freelancer_with_a_link_offer_is_known_without_a_snapshot(desk: Desk) -> None:
    await desk.run(lambda do: do.offer_link(ADA))

    found = await read(desk)

    assert isinstance(found, Progress)
    assert (found.as_of, found.earned) == (None, None)


async def test_a_linked_freelancer_is_known_without_a_snapshot(desk: Desk) -> None:
    chat = Chat(id=CHAT, freelancer_id=ADA, linked_at=START)
    await desk.run(lambda do: do.unit.chats.save(chat))

    assert isinstance(await read(desk), Progress)


async def test_a_lock_blocks_the_phone_step_until_its_end(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.wrong(3)

    locked = await read(desk)
    desk.clock.forward(hours=24)
    freed = await read(desk)

    assert isinstance(locked, Progress)
    assert isinstance(freed, Progress)
    assert locked.steps[-1].standing == Blocked(START + timedelta(hours=24))
    assert not isinstance(freed.steps[-1].standing, Blocked)
