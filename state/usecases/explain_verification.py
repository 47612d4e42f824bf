"""The story of somebody's verification, as the audit trail and the ledger have it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from state.model.account import FreelancerId
from state.model.verification import Round, Verification
from state.policy import Policy
from state.ports import AuditEvent, Clock, UnitOfWork
from state.rules.codes import Peppers
from state.rules.limits import counted_for
from state.rules.rounds import attempts, person_locked_until, round_of, tries_left
from state.rules.story import Told, TrailLine, counted, replayed
from state.usecases.read_attempts import known_as

SUBJECTS = ("call.", "number.", "verification.", "chat.")
"""What the lines about a verification begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    lines: Sequence[AuditEvent]
    round: Round
    tries_left: int
    locked_until: datetime | None
    agrees: bool
    """The lines alone lead to what is stored and counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainVerification:
    """None if nothing is known of a verification."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers | None

    async def __call__(self, freelancer_id: FreelancerId) -> Story | None:
        trail = await self.unit.audit.about(freelancer_id)
        lines = [event for event in trail if event.kind.startswith(SUBJECTS)]
        verification = await self.unit.verifications.load(freelancer_id)
        if not lines and verification.version == 0:
            return None
        return await self._story(verification, lines)

    async def _story(self, verification: Verification, lines: Sequence[AuditEvent]) -> Story:
        now, rules = self.clock.now(), self.policy.verification
        person = known_as(self.peppers, verification.freelancer_id)
        entries = await self.unit.ledger.about(person, None, since=now - counted_for(rules))
        found = attempts(entries, person, None, now=now, policy=rules)
        proved = verification.proved
        told = replayed(
            [TrailLine(event.at, event.kind, event.detail) for event in lines],
            now=now,
            policy=rules,
        )
        since = lines[0].at if lines else None
        stored = Told(
            wrong_at=counted(entries, since=since, now=now, policy=rules),
            verified_at=None if proved is None else proved.at,
        )
        return Story(
            lines=lines,
            round=round_of(proved, found, now=now, policy=rules),
            tries_left=tries_left(found, now=now, policy=rules),
            locked_until=person_locked_until(found, now=now, policy=rules),
            agrees=told == stored,
        )
