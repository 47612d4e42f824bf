import pytest

from state.model.chat import Awaiting, Chat, ChatId
from state.ports import StaleStateError
from tests.state.store.desk import Desk
from tests.support.builders import ADA, BEN
from tests.support.fakes import START

HOME = ChatId(5_000_000_000)
OFFICE = ChatId(-1_001_234_567_890)


async def test_a_chat_is_stored_and_read_back_unchanged(desk: Desk, onlooker: Desk) -> None:
    chat = Chat(
        id=HOME,
        freelancer_id=ADA,
        linked_at=START,
        awaiting=Awaiting.NUMBER,
        language="uk",
        blocked_at=START,
    )

    await desk.transact(lambda unit: unit.chats.save(chat))

    assert await onlooker.transact(lambda unit: unit.chats.get(HOME)) == chat
    assert await onlooker.transact(lambda unit: unit.chats.of(ADA)) == chat


async def test_an_unknown_chat_is_none(desk: Desk) -> None:
    assert await desk.transact(lambda unit: unit.chats.get(HOME)) is None
    assert await desk.transact(lambda unit: unit.chats.of(ADA)) is None


async def test_saving_again_replaces_every_field(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(
        lambda unit: unit.chats.save(Chat(id=HOME, freelancer_id=ADA, language="en"))
    )

    await desk.transact(lambda unit: unit.chats.save(Chat(id=HOME)))

    assert await onlooker.transact(lambda unit: unit.chats.get(HOME)) == Chat(id=HOME)


async def test_several_chats_may_be_unlinked(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(lambda unit: unit.chats.save(Chat(id=HOME)))
    await desk.transact(lambda unit: unit.chats.save(Chat(id=OFFICE)))

    assert await onlooker.transact(lambda unit: unit.chats.get(OFFICE)) == Chat(id=OFFICE)


async def test_a_freelancer_has_at_most_one_chat(desk: Desk, onlooker: Desk) -> None:
    first = Chat(id=HOME, freelancer_id=ADA)
    await desk.transact(lambda unit: unit.chats.save(first))

    with pytest.raises(StaleStateError):
        await desk.transact(lambda unit: unit.chats.save(Chat(id=OFFICE, freelancer_id=ADA)))

    assert await onlooker.transact(lambda unit: unit.chats.of(ADA)) == first
    assert await onlooker.transact(lambda unit: unit.chats.get(OFFICE)) is None
    assert await onlooker.transact(lambda unit: unit.chats.of(BEN)) is None
