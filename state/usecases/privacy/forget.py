"""Erasure of a person: everything of their account and chat, except what locks need."""

from dataclasses import dataclass
from datetime import datetime

from state.model.account import FreelancerId
from state.model.chat import Chat, ChatId
from state.model.work import DropTopic, EraseTraces, TellErased
from state.policy import Policy
from state.ports import AuditEvent, Clock, UnitOfWork
from state.usecases.lanes import chat_lane, pull_lane, ticket_lane, topic_lane
from state.usecases.linking.link_chat import unlink
from state.usecases.verification.by_hand import EraseVerification


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetFreelancer:
    """Erase a freelancer; their chat is unlinked, informed and erased too.

    What stays is the key of a locked number with the end of its lock, the keys under which wrong
    link codes are counted for an hour, and a line in the audit trail that names nobody.
    """

    unit: UnitOfWork
    policy: Policy
    clock: Clock

    async def __call__(self, freelancer_id: FreelancerId) -> bool:
        """Erase a freelancer; False if nothing was stored about them."""
        now = self.clock.now()
        chat = await self.unit.chats.of(freelancer_id)
        known = chat is not None or await self._is_known(freelancer_id)
        await self.unit.retention.drop_pending(pull_lane(freelancer_id))
        if chat is not None:
            await self.unit.retention.drop_pending(chat_lane(chat.id))
            await self.unit.retention.drop_pending(ticket_lane(chat.id))
        erase = EraseVerification(unit=self.unit, policy=self.policy, clock=self.clock)
        await erase(freelancer_id)
        if chat is not None:
            # Before `unlink`, which only detaches questions and keeps the text of some.
            await self.unit.questions.erase(chat.id)
            await unlink(self.unit, chat, freelancer_id, now=now, policy=self.policy)
        await self.unit.accounts.erase(freelancer_id)
        await self.unit.links.erase(freelancer_id)
        await self.unit.audit.erase(freelancer_id)
        await self._forget_former_talks(freelancer_id, now=now)
        await _forget(self.unit, chat, freelancer_id, now=now)
        return known

    async def _forget_former_talks(self, freelancer_id: FreelancerId, *, now: datetime) -> None:
        """Delete their tickets in all chats, with the topics; a chat in use gets a new topic."""
        talks = await self.unit.tickets.of_freelancer(freelancer_id)
        await self.unit.tickets.erase_of(freelancer_id)
        for chat_id in sorted({one.chat_id for one in talks}):
            await _drop_topic(self.unit, chat_id, now=now)

    async def _is_known(self, freelancer_id: FreelancerId) -> bool:
        return (
            await self.unit.accounts.get(freelancer_id) is not None
            or bool(await self.unit.accounts.completions(freelancer_id))
            or await self.unit.links.offered(freelancer_id)
            or await self.unit.numbers.current(freelancer_id) is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetChat:
    """Erase a chat on the person's request, with the account that it is linked to."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock

    async def __call__(self, chat_id: ChatId) -> None:
        chat = await self.unit.chats.get(chat_id)
        if chat is not None and chat.freelancer_id is not None:
            forget = ForgetFreelancer(unit=self.unit, policy=self.policy, clock=self.clock)
            await forget(chat.freelancer_id)
            return
        await self.unit.retention.drop_pending(chat_lane(chat_id))
        await self.unit.retention.drop_pending(ticket_lane(chat_id))
        await _forget(self.unit, chat or Chat(id=chat_id), None, now=self.clock.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class WipeTraces:
    """Last step of an erasure, after its messages are sent: living messages and queue traces."""

    unit: UnitOfWork

    async def __call__(self, chat_id: ChatId | None, freelancer_id: FreelancerId | None) -> None:
        if chat_id is not None:
            await self.unit.living_messages.erase(chat_id)
            await self.unit.retention.erase_traces(lane=ticket_lane(chat_id), subject=None)
        lane = None if chat_id is None else chat_lane(chat_id)
        await self.unit.retention.erase_traces(lane=lane, subject=freelancer_id)


async def _forget(
    unit: UnitOfWork, chat: Chat | None, freelancer_id: FreelancerId | None, *, now: datetime
) -> None:
    """Erase a chat and plan the rest. Without a chat, traces go at once: there is no message."""
    await unit.audit.add(AuditEvent(at=now, kind="erased", subject="", actor=""))
    if chat is None:
        await unit.retention.erase_traces(lane=None, subject=freelancer_id)
        key = f"erase-traces:{now.isoformat()}"
        await unit.outbox.add(EraseTraces(), lane="upkeep", key=key, due_at=now)
        return
    await unit.questions.erase(chat.id)
    await unit.chats.erase(chat.id)
    await _forget_talks(unit, chat.id, now=now)
    stamp = f"{chat.id}:{now.isoformat()}"
    for key, task in (
        (f"tell-erased:{stamp}", TellErased(chat_id=chat.id, language=chat.language)),
        (f"erase-traces:{stamp}", EraseTraces(chat_id=chat.id, freelancer_id=freelancer_id)),
    ):
        await unit.outbox.add(task, lane=chat_lane(chat.id), key=key, due_at=now)


async def _forget_talks(unit: UnitOfWork, chat_id: ChatId, *, now: datetime) -> None:
    """Delete a chat's tickets and their copies in the group. A ban stays: none escapes it so."""
    await unit.retention.drop_pending(ticket_lane(chat_id))
    await unit.tickets.erase(chat_id)
    await unit.audit.erase(f"chat:{chat_id}")
    await _drop_topic(unit, chat_id, now=now)


async def _drop_topic(unit: UnitOfWork, chat_id: ChatId, *, now: datetime) -> None:
    """Delete a topic in a lane of its own, so that a slow group does not delay the person."""
    topic = await unit.topics.of(chat_id)
    if topic is not None:
        await unit.topics.remove(chat_id)
        await unit.outbox.add(
            DropTopic(thread_id=topic.thread_id),
            lane=topic_lane(topic.thread_id),
            key=f"drop-topic:{topic.thread_id}",
            due_at=now,
        )
