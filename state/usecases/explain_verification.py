"""The story of somebody's verification, as the audit trail and the stored round have it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from state.model.account import FreelancerId
from state.model.verification import Round
from state.policy import Policy
from state.ports import AuditEvent, Clock, UnitOfWork
from state.rules.rounds import locked_until, tries_left
from state.rules.story import agree, replayed

SUBJECTS = ("call.", "number.", "verification.", "chat.")
"""What the lines about a verification begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    lines: Sequence[AuditEvent]
    round: Round
    tries_left: int
    locked_until: datetime | None
    agrees: bool
    """The lines alone lead to the round that is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainVerification:
    """None if nothing is known of a verification."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock

    async def __call__(self, freelancer_id: FreelancerId) -> Story | None:
        trail = await self.unit.audit.about(freelancer_id)
        lines = [event for event in trail if event.kind.startswith(SUBJECTS)]
        verification = await self.unit.verifications.load(freelancer_id)
        if not lines and verification.version == 0:
            return None
        now, rules = self.clock.now(), self.policy.verification
        told = replayed([(event.at, event.kind) for event in lines], policy=rules)
        return Story(
            lines=lines,
            round=verification.round,
            tries_left=tries_left(verification.round, now=now, policy=rules),
            locked_until=locked_until(verification.round, now=now),
            agrees=agree(told, verification.round),
        )
