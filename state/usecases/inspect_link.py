"""Look at a link before it is used, so that a person can see whose account it is."""

from dataclasses import dataclass
from datetime import datetime

from state.model.account import FreelancerId
from state.model.chat import ChatId, LinkOffer
from state.ports import Clock, UnitOfWork
from state.rules.codes import Peppers, secret_hash, typed_code
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPreview:
    freelancer_id: FreelancerId
    display_name: str | None
    """Masked."""


async def find_offer(
    unit: UnitOfWork, secret: str, *, guesser: str, now: datetime
) -> LinkOffer | LinkRefused | GuessingLocked:
    """By the token of a deep link, or by the short code however it was typed."""
    if not is_short_code(secret):
        return usable(await unit.links.find(secret_hash(secret.strip())), now=now)
    locked = await _locked(unit, guesser, now)
    if locked is not None:
        return locked
    found = await unit.links.find(secret_hash(typed_code(secret)))
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
        account = await self.unit.accounts.get(offer.freelancer_id)
        name = None if account is None else account.display_name
        return LinkPreview(freelancer_id=offer.freelancer_id, display_name=masked_name(name))
