"""Read the state of a verification for display, or explain it from the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from state.model.account import FreelancerId
from state.model.destination import Destination
from state.model.verification import AlreadyVerified, CallDecision, Round, Verification
from state.policy import Policy
from state.ports import AuditEvent, Clock, ReadUnit
from state.rules.audit_replay import ReplayedState, TrailLine, replay, replay_ledger
from state.rules.calling import call_decision
from state.rules.codes import Peppers
from state.rules.limits import counting_period
from state.rules.phone_number import CallableNumbers, NumberRefusal, NumberRefused, mask_number
from state.rules.rounds import attempts, person_locked_until, round_of, tries_left
from state.rules.standing import (
    CallRunning,
    CanCall,
    NotStarted,
    VerificationStanding,
    VerifiedStanding,
    standing,
)
from state.usecases.verification.number_in_use import number_in_use, verified_on_record
from state.usecases.verification.read_attempts import attempts_of, history_of, person_key_or_none


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationView:
    """A verification as it is displayed."""

    standing: VerificationStanding
    number: str | None
    """Masked; None if there is no number."""
    refused: NumberRefusal | None
    """Why the current number cannot be called."""
    decision: CallDecision | None
    """The decision on a call requested now; None without a number to call."""
    attempts: int
    """Attempts per round, from the policy."""

    @property
    def needs_number(self) -> bool:
        """Whether a missing number is the only obstacle to a call."""
        return self.decision is None and isinstance(self.standing, NotStarted | CanCall)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadVerification:
    """Read a verification for display, with the decision on a call requested now."""

    unit: ReadUnit
    policy: Policy
    clock: Clock
    peppers: Peppers
    callable_numbers: CallableNumbers

    async def __call__(self, freelancer_id: FreelancerId) -> VerificationView:
        verification = await self.unit.verifications.load(freelancer_id)
        found = await number_in_use(
            self.unit, freelancer_id, peppers=self.peppers, callable_numbers=self.callable_numbers
        )
        if isinstance(found, Destination):
            return await self._with_number(verification, found)
        current = await self.unit.numbers.current(freelancer_id)
        now, rules = self.clock.now(), self.policy.verification
        counted = await attempts_of(
            self.unit, freelancer_id, peppers=self.peppers, now=now, policy=rules
        )
        return VerificationView(
            standing=standing(verification, counted, now=now, policy=rules),
            number=None if current is None else mask_number(current),
            refused=found.why if isinstance(found, NumberRefused) else None,
            decision=None,
            attempts=rules.attempts,
        )

    async def _with_number(
        self, verification: Verification, found: Destination
    ) -> VerificationView:
        now, rules = self.clock.now(), self.policy.verification
        owner = verification.freelancer_id
        history = await history_of(
            self.unit, owner, found, peppers=self.peppers, now=now, policy=rules
        )
        where = standing(
            verification, history.attempts, now=now, policy=rules, number_key=found.key
        )
        decision = call_decision(
            verification,
            found.key,
            history,
            now=now,
            policy=rules,
            steady=self.clock.is_steady(),
        )
        since = await verified_on_record(
            self.unit,
            owner,
            found.number,
            policy=self.policy,
            callable_numbers=self.callable_numbers,
        )
        if since is not None and not isinstance(where, CallRunning):
            where, decision = VerifiedStanding(since), AlreadyVerified(since)
        return VerificationView(
            standing=where,
            number=mask_number(found.number),
            refused=None,
            decision=decision,
            attempts=rules.attempts,
        )


SUBJECTS = ("call.", "number.", "verification.", "chat.")
"""Prefixes of the kinds of audit lines about a verification."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationHistory:
    """A verification with its audit trail, for staff."""

    lines: Sequence[AuditEvent]
    round: Round
    tries_left: int
    locked_until: datetime | None
    agrees: bool
    """Whether replaying the audit lines alone gives the stored state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainVerification:
    """A verification's audit lines and stored state; None if nothing is stored."""

    unit: ReadUnit
    policy: Policy
    clock: Clock
    peppers: Peppers | None

    async def __call__(self, freelancer_id: FreelancerId) -> VerificationHistory | None:
        trail = await self.unit.audit.about(freelancer_id)
        lines = [event for event in trail if event.kind.startswith(SUBJECTS)]
        verification = await self.unit.verifications.load(freelancer_id)
        if not lines and verification.version == 0:
            return None
        return await self._story(verification, lines)

    async def _story(
        self, verification: Verification, lines: Sequence[AuditEvent]
    ) -> VerificationHistory:
        now, rules = self.clock.now(), self.policy.verification
        person = person_key_or_none(self.peppers, verification.freelancer_id)
        entries = await self.unit.ledger.about(person, None, since=now - counting_period(rules))
        found = attempts(entries, person, None, now=now, policy=rules)
        proved = verification.proved
        told = replay(
            [TrailLine(event.at, event.kind, event.detail) for event in lines],
            now=now,
            policy=rules,
        )
        since = lines[0].at if lines else None
        stored = ReplayedState(
            wrong_at=replay_ledger(entries, since=since, now=now, policy=rules),
            verified_at=None if proved is None else proved.at,
        )
        return VerificationHistory(
            lines=lines,
            round=round_of(proved, found, now=now, policy=rules),
            tries_left=tries_left(found, now=now, policy=rules),
            locked_until=person_locked_until(found, now=now, policy=rules),
            agrees=told == stored,
        )
