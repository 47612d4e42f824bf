"""Remember what a plain message in a chat is to be taken for."""

from dataclasses import dataclass, replace

from state.model.chat import Awaiting, ChatId
from state.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectInput:
    """A chat that was never stored is left so: it has nothing that could be expected of it."""

    unit: UnitOfWork

    async def __call__(self, chat_id: ChatId, awaiting: Awaiting) -> None:
        chat = await self.unit.chats.get(chat_id)
        if chat is not None and chat.awaiting is not awaiting:
            await self.unit.chats.save(replace(chat, awaiting=awaiting))
