"""Part a chat from its freelancer."""

from dataclasses import dataclass, replace
from datetime import datetime

from state.model.account import FreelancerId
from state.model.chat import Awaiting, Chat, ChatId
from state.model.work import EventKind
from state.policy import Policy
from state.ports import AuditEvent, Clock, UnitOfWork
from state.usecases.call_effects import cancel
from state.usecases.change_hands import leave_to_nobody
from state.usecases.tell_marketplace import tell


async def part(
    unit: UnitOfWork, chat: Chat, freelancer_id: FreelancerId, *, now: datetime, policy: Policy
) -> Chat:
    """End a call that this chat shows, so that the code leaves it; the lock stays with both.

    A talk with a person ends too: the next one to write may be somebody else.
    """
    await cancel(unit, freelancer_id, now=now, policy=policy, leaving=chat.id)
    await leave_to_nobody(unit, chat.id, now=now)
    parted = replace(
        chat, freelancer_id=None, linked_at=None, awaiting=Awaiting.NOTHING, nudge_at=None
    )
    await unit.chats.save(parted)
    await unit.audit.add(
        AuditEvent(at=now, kind="chat.unlinked", subject=freelancer_id, actor="chat")
    )
    await tell(unit, EventKind.UNLINKED, freelancer_id, now=now)
    return parted


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkChat:
    unit: UnitOfWork
    policy: Policy
    clock: Clock

    async def __call__(self, chat_id: ChatId) -> FreelancerId | None:
        """Answer whose chat it was; None if it was nobody's."""
        chat = await self.unit.chats.get(chat_id)
        if chat is None or chat.freelancer_id is None:
            return None
        now = self.clock.now()
        await part(self.unit, chat, chat.freelancer_id, now=now, policy=self.policy)
        return chat.freelancer_id
