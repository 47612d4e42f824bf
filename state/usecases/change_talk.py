"""Change, or take back, what was said in a talk, on the other side too."""

from dataclasses import dataclass, replace

from state.model.chat import ChatId
from state.model.staff import Role, Staff
from state.model.talk_work import CarryDeletion, CarryEdit, Side
from state.model.ticket import Author, Said, TalkMessage
from state.ports import Clock, UnitOfWork
from state.rules.codes import secret_hash
from state.usecases.lanes import chat_lane, ticket_lane
from state.usecases.ticket_owner import changed_hands


@dataclass(frozen=True, slots=True, kw_only=True)
class EditTalk:
    """Also after the talk is over, as long as it is kept. None if this was not said in one."""

    unit: UnitOfWork
    clock: Clock

    async def by_freelancer(self, chat_id: ChatId, said: Said) -> TalkMessage | None:
        found = await self.unit.talks.in_chat(chat_id, said.message_id or 0)
        if found is None or found.author is not Author.FREELANCER:
            return None
        ticket = await self.unit.tickets.get(found.ticket_id)
        if ticket is None or await changed_hands(self.unit, ticket):
            return None
        return await self._edit(found, said, Side.GROUP, ticket_lane(chat_id))

    async def by_staff(self, by: Staff, said: Said) -> TalkMessage | None:
        found = await self.unit.talks.in_group(said.message_id or 0)
        if found is None or found.staff_id != by.id:
            return None
        return await self._edit(found, said, Side.CALLER, chat_lane(found.chat_id))

    async def _edit(self, found: TalkMessage, said: Said, to: Side, lane: str) -> TalkMessage:
        now = self.clock.now()
        edited = replace(
            found,
            content=said.content,
            text=said.text,
            file_id=said.file_id,
            file_key=said.file_key,
            file_name=said.file_name,
            edited_at=now,
        )
        await self.unit.talks.save(edited)
        new_file = said.file_key != found.file_key
        task = CarryEdit(talk_id=found.id, to=to, html=said.html, new_file=new_file)
        key = f"edit:{found.id}:{to}:{now.isoformat()}:{secret_hash(said.html)[:16]}"
        await self.unit.outbox.add(task, lane=lane, key=key, due_at=now)
        return edited


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """What staff said: one's own, or anybody's for a lead."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(self, by: Staff, message: TalkMessage) -> bool:
        may = message.staff_id == by.id or by.role.covers(Role.LEAD)
        if message.author is not Author.STAFF or not may:
            return False
        now = self.clock.now()
        await self.unit.talks.save(replace(message, deleted_at=now))
        await self.unit.outbox.add(
            CarryDeletion(talk_id=message.id),
            lane=chat_lane(message.chat_id),
            key=f"delete:{message.id}",
            due_at=now,
        )
        return True
