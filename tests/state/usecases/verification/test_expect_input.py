"""What a plain message will be taken for is remembered only of chats worth remembering."""

from state.model.chat import Awaiting, Chat
from state.usecases.verification.number import ExpectInput
from tests.state.usecases.desk import CHAT, OTHER_CHAT, Desk
from tests.support.builders import ADA
from tests.support.fakes import START


async def test_awaited_input_is_remembered_for_a_stored_chat(desk: Desk) -> None:
    await desk.arrive()

    await desk.run(lambda do: ExpectInput(unit=do.unit)(CHAT, Awaiting.NUMBER))

    waiting = Chat(id=CHAT, freelancer_id=ADA, linked_at=START, awaiting=Awaiting.NUMBER)
    assert await desk.look().chats.get(CHAT) == waiting


async def test_awaiting_input_does_not_store_an_unknown_chat(desk: Desk) -> None:
    await desk.run(lambda do: ExpectInput(unit=do.unit)(OTHER_CHAT, Awaiting.NUMBER))

    assert await desk.look().chats.get(OTHER_CHAT) is None
