"""Look at a link before it is used, so that a person can see whose account it is."""

from dataclasses import dataclass
from datetime import datetime

from state.model.account import FreelancerId
from state.model.chat import ChatId, LinkOffer
from state.ports import Clock, UnitOfWork
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
    usable,
)
from state.rules.phone_number import mask


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPreview:
    freelancer_id: FreelancerId
    display_name: str | None
    """Masked."""
    phone: str | None
    """Of the number on record, no more than its owner needs to know it by."""
    leaves: bool
    """The chat is linked to another account, which it would leave."""


async def find_offer(
    unit: UnitOfWork, secret: str, *, guesser: str, now: datetime
) -> LinkOffer | LinkRefused | GuessingLocked:
    """By the token of a deep link, or by the short code however it was typed."""
    if not is_short_code(secret):
        return usable(await unit.links.find(secret_hash(secret.strip())), now=now)
    locked = await _locked(unit, guesser, now)
    if locked is not None:
        return locked
    found = await unit.links.find(code_hash(typed_code(secret)))
    if found is None:
        await unit.guesses.add(guesser, now)
    return usable(found, now=now)


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
        phone=mask(account.phone) if account and account.phone else None,
        leaves=linked_to not in {None, freelancer_id},
    )
