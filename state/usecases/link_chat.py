"""Tie a chat to a freelancer."""

from dataclasses import dataclass, replace

from state.model.account import FreelancerId
from state.model.chat import Awaiting, Chat, ChatId, LinkOffer
from state.model.work import EventKind
from state.policy import Policy
from state.ports import AuditEvent, Clock, UnitOfWork
from state.rules.codes import Peppers
from state.rules.linking import GuessingLocked, LinkRefused, guesser_key
from state.usecases.change_hands import take_along
from state.usecases.inspect_link import find_offer
from state.usecases.tell_marketplace import tell
from state.usecases.unlink_chat import part


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    freelancer_id: FreelancerId
    moved_from: ChatId | None
    """The chat that was this freelancer's until now; it deserves a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChat:
    """One chat a freelancer, one freelancer a chat: whatever was tied before is parted."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers

    async def __call__(
        self, chat_id: ChatId, secret: str
    ) -> Linked | LinkRefused | GuessingLocked:
        now = self.clock.now()
        guesser = guesser_key(self.peppers, chat_id)
        offer = await find_offer(self.unit, secret, guesser=guesser, now=now)
        if not isinstance(offer, LinkOffer):
            return offer
        await self.unit.links.use(offer, now)
        freelancer_id = offer.freelancer_id
        former = await self.unit.chats.of(freelancer_id)
        moved = former is not None and former.id != chat_id
        if former is not None and moved:
            await part(self.unit, former, freelancer_id, now=now, policy=self.policy)
        chat = await self.unit.chats.get(chat_id) or Chat(id=chat_id)
        if chat.freelancer_id not in {None, freelancer_id}:
            chat = await part(self.unit, chat, chat.freelancer_id, now=now, policy=self.policy)
        await self.unit.chats.save(
            replace(chat, freelancer_id=freelancer_id, linked_at=now, awaiting=Awaiting.NOTHING)
        )
        await take_along(self.unit, chat_id, freelancer_id, now=now)
        await self.unit.audit.add(
            AuditEvent(at=now, kind="chat.linked", subject=freelancer_id, actor="chat")
        )
        await tell(self.unit, EventKind.LINKED, freelancer_id, now=now)
        return Linked(
            freelancer_id=freelancer_id,
            moved_from=former.id if former is not None and moved else None,
        )
