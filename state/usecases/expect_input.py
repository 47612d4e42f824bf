"""Remember what a plain message in a chat is to be taken for."""

from dataclasses import replace

from state.model.chat import Awaiting, ChatId
from state.ports import UnitOfWork


class ExpectInput:
    """A chat that was never stored is left so: it has nothing that could be expected of it."""

    def __init__(self, *, unit: UnitOfWork) -> None:
        self._unit = unit

    async def __call__(self, chat_id: ChatId, awaiting: Awaiting) -> None:
        chat = await self._unit.chats.get(chat_id)
        if chat is not None and chat.awaiting is not awaiting:
            await self._unit.chats.save(replace(chat, awaiting=awaiting))
