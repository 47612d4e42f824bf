"""Have a file written with all that is known of a chat and its account."""

from dataclasses import dataclass

from state.model.chat import ChatId
from state.model.work import SendExport
from state.ports import Clock, UnitOfWork
from state.usecases.lanes import chat_lane


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExport:
    """The file exists only on its way."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(self, chat_id: ChatId) -> None:
        now = self.clock.now()
        await self.unit.outbox.add(
            SendExport(chat_id=chat_id),
            lane=chat_lane(chat_id),
            key=f"export:{chat_id}:{now.isoformat()}",
            due_at=now,
        )
