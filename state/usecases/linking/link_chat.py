"""Preview a link offer, link a chat by it, and unlink a chat."""

from dataclasses import dataclass, replace
from datetime import datetime

from state.model.account import FreelancerId
from state.model.chat import Awaiting, Chat, ChatId, LinkOffer
from state.model.work import EventKind
from state.policy import Policy
from state.ports import AuditEvent, Clock, UnitOfWork
from state.rules.codes import Peppers, code_hash, secret_hash, typed_code
from state.rules.linking import (
    GUESSES_COUNT_FOR,
    GUESSES_OF_A_CHAT,
    GUESSES_OF_ALL,
    GuessingLocked,
    LinkRefused,
    guesser_key,
    guessing_locked,
    is_short_code,
    masked_name,
    usable_offer,
)
from state.rules.phone_number import mask_number
from state.usecases.marketplace_events import queue_event
from state.usecases.tickets.change_hands import assign_owner, detach_owner
from state.usecases.verification.call_effects import cancel_call


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPreview:
    """What a person sees of an account before linking to it."""

    freelancer_id: FreelancerId
    display_name: str | None
    """Masked."""
    phone: str | None
    """The number on record, masked."""
    leaves: bool
    """The chat is linked to another account, from which it would be unlinked."""


async def find_offer(
    unit: UnitOfWork, secret: str, *, guesser: str, now: datetime
) -> LinkOffer | LinkRefused | GuessingLocked:
    """Find a usable offer by the token of a deep link, or by a typed short code."""
    if not is_short_code(secret):
        return usable_offer(await unit.links.find(secret_hash(secret.strip())), now=now)
    locked = await _locked(unit, guesser, now)
    if locked is not None:
        return locked
    found = await unit.links.find(code_hash(typed_code(secret)))
    if found is None:
        await unit.guesses.add(guesser, now)
    return usable_offer(found, now=now)


async def _locked(unit: UnitOfWork, guesser: str, now: datetime) -> GuessingLocked | None:
    since = now - GUESSES_COUNT_FOR
    return guessing_locked(
        [
            await unit.guesses.latest(GUESSES_OF_A_CHAT, since, guesser=guesser),
            await unit.guesses.latest(GUESSES_OF_ALL, since),
        ]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectLink:
    """Preview the account of a link offer without using it."""

    unit: UnitOfWork
    clock: Clock
    peppers: Peppers

    async def __call__(
        self, chat_id: ChatId, secret: str
    ) -> LinkPreview | LinkRefused | GuessingLocked:
        guesser = guesser_key(self.peppers, chat_id)
        offer = await find_offer(self.unit, secret, guesser=guesser, now=self.clock.now())
        if not isinstance(offer, LinkOffer):
            return offer
        return await preview(self.unit, chat_id, offer.freelancer_id)


async def preview(unit: UnitOfWork, chat_id: ChatId, freelancer_id: FreelancerId) -> LinkPreview:
    account = await unit.accounts.get(freelancer_id)
    chat = await unit.chats.get(chat_id)
    linked_to = None if chat is None else chat.freelancer_id
    return LinkPreview(
        freelancer_id=freelancer_id,
        display_name=masked_name(account.display_name) if account else None,
        phone=mask_number(account.phone) if account and account.phone else None,
        leaves=linked_to not in {None, freelancer_id},
    )


async def unlink(
    unit: UnitOfWork, chat: Chat, freelancer_id: FreelancerId, *, now: datetime, policy: Policy
) -> Chat:
    """Unlink a chat, ending a call that it shows, so that the code disappears; locks stay.

    An open ticket is closed too: the chat's next user may be another person.
    """
    await cancel_call(unit, freelancer_id, now=now, policy=policy, leaving=chat.id)
    await detach_owner(unit, chat.id, now=now)
    parted = replace(
        chat, freelancer_id=None, linked_at=None, awaiting=Awaiting.NOTHING, nudge_at=None
    )
    await unit.chats.save(parted)
    await unit.audit.add(
        AuditEvent(at=now, kind="chat.unlinked", subject=freelancer_id, actor="chat")
    )
    await queue_event(unit, EventKind.UNLINKED, freelancer_id, now=now)
    return parted


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkChat:
    """Unlink a chat from its account."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock

    async def __call__(self, chat_id: ChatId) -> FreelancerId | None:
        """Returns the account the chat was linked to; None if it was not linked."""
        chat = await self.unit.chats.get(chat_id)
        if chat is None or chat.freelancer_id is None:
            return None
        now = self.clock.now()
        await unlink(self.unit, chat, chat.freelancer_id, now=now, policy=self.policy)
        return chat.freelancer_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    freelancer_id: FreelancerId
    moved_from: ChatId | None
    """The chat linked to this freelancer until now, which has to be informed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChat:
    """Link a chat by an offer; former links of both the chat and the freelancer are removed."""

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
            await unlink(self.unit, former, freelancer_id, now=now, policy=self.policy)
        chat = await self.unit.chats.get(chat_id) or Chat(id=chat_id)
        if chat.freelancer_id not in {None, freelancer_id}:
            chat = await unlink(self.unit, chat, chat.freelancer_id, now=now, policy=self.policy)
        await self.unit.chats.save(
            replace(chat, freelancer_id=freelancer_id, linked_at=now, awaiting=Awaiting.NOTHING)
        )
        await assign_owner(self.unit, chat_id, freelancer_id, now=now)
        await self.unit.audit.add(
            AuditEvent(at=now, kind="chat.linked", subject=freelancer_id, actor="chat")
        )
        await queue_event(self.unit, EventKind.LINKED, freelancer_id, now=now)
        return Linked(
            freelancer_id=freelancer_id,
            moved_from=former.id if former is not None and moved else None,
        )
