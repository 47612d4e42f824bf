"""Look at a link before it is used, so that a person can see whose account it is."""

from dataclasses import dataclass
from datetime import datetime

from state.model.account import FreelancerId
from state.model.chat import LinkOffer
from state.ports import Clock, UnitOfWork
from state.rules.codes import secret_hash, typed_code
from state.rules.linking import LinkRefused, masked_name, usable


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPreview:
    freelancer_id: FreelancerId
    display_name: str | None
    """Masked."""


async def find_offer(unit: UnitOfWork, secret: str, *, now: datetime) -> LinkOffer | LinkRefused:
    """By the token of a deep link, or by the short code however it was typed."""
    found = await unit.links.find(secret_hash(secret.strip()))
    if found is None:
        found = await unit.links.find(secret_hash(typed_code(secret)))
    return usable(found, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectLink:
    unit: UnitOfWork
    clock: Clock

    async def __call__(self, secret: str) -> LinkPreview | LinkRefused:
        offer = await find_offer(self.unit, secret, now=self.clock.now())
        if isinstance(offer, LinkRefused):
            return offer
        account = await self.unit.accounts.get(offer.freelancer_id)
        name = None if account is None else account.display_name
        return LinkPreview(freelancer_id=offer.freelancer_id, display_name=masked_name(name))
