"""Make a single-use way to tie a chat to a freelancer."""

from dataclasses import dataclass, field
from datetime import datetime

from state.model.account import FreelancerId
from state.ports import AuditEvent, Clock, Dice, UnitOfWork
from state.rules.linking import offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """The secrets leave the program here; only their hashes are kept."""

    token: str = field(repr=False)
    code: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLink:
    unit: UnitOfWork
    clock: Clock
    dice: Dice

    async def __call__(self, freelancer_id: FreelancerId) -> Offered:
        now = self.clock.now()
        token, code = self.dice.link_token(), self.dice.link_code()
        made = offer(freelancer_id, token=token, code=code, now=now)
        await self.unit.links.add(made)
        await self.unit.audit.add(
            AuditEvent(at=now, kind="link.offered", subject=freelancer_id, actor="marketplace")
        )
        return Offered(token=token, code=code, expires_at=made.expires_at)
