"""Staff correct a recorded step, with a reason recorded in the audit trail."""

from dataclasses import dataclass
from datetime import datetime

from state.model.account import Completion, FreelancerId, StepId
from state.model.work import ShowProgress
from state.policy import Policy
from state.ports import AuditEvent, Clock, UnitOfWork
from state.rules.progress import phone_steps
from state.usecases.lanes import chat_lane
from state.usecases.marketplace_events import complete_step


@dataclass(frozen=True, slots=True)
class NoSuchStep:
    known: tuple[StepId, ...]


@dataclass(frozen=True, slots=True)
class NotByItself:
    """Refused: the step depends on the verification of a number, which must be cleared instead."""


@dataclass(frozen=True, slots=True)
class Corrected:
    changed: bool
    """False: it was recorded like that already."""


async def revoke_step(
    unit: UnitOfWork, freelancer_id: FreelancerId, step: StepId, *, now: datetime
) -> None:
    """Revoke a step: snapshots so far no longer prove it, even if their clock was ahead."""
    held = await unit.accounts.get(freelancer_id)
    at = now if held is None else max(now, held.as_of)
    await unit.accounts.revoke(freelancer_id, step, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectStep:
    """Set or revoke a step; a revoked one counts again by a newer snapshot or verification."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock

    async def __call__(
        self, freelancer_id: FreelancerId, step: StepId, *, done: bool, reason: str, actor: str
    ) -> Corrected | NoSuchStep | NotByItself:
        if self.policy.step(step) is None:
            return NoSuchStep(tuple(each.id for each in self.policy.steps))
        if step in phone_steps(self.policy) and not done:
            return NotByItself()
        changed = await (self._do if done else self._undo)(freelancer_id, step, reason)
        if changed:
            await self._note(freelancer_id, step, done=done, reason=reason, actor=actor)
        return Corrected(changed)

    async def _do(self, freelancer_id: FreelancerId, step: StepId, reason: str) -> bool:
        done = Completion(step=step, done_at=self.clock.now(), proof=f"staff:{reason}")
        return await complete_step(self.unit, freelancer_id, done, now=done.done_at)

    async def _undo(self, freelancer_id: FreelancerId, step: StepId, _reason: str) -> bool:
        if step in await self.unit.accounts.revoked(freelancer_id):
            return False
        await revoke_step(self.unit, freelancer_id, step, now=self.clock.now())
        return True

    async def _note(
        self, freelancer_id: FreelancerId, step: StepId, *, done: bool, reason: str, actor: str
    ) -> None:
        now = self.clock.now()
        kind = "step.set" if done else "step.undone"
        await self.unit.audit.add(
            AuditEvent(
                at=now, kind=kind, subject=freelancer_id, actor=actor, detail=f"{step}: {reason}"
            )
        )
        chat = await self.unit.chats.of(freelancer_id)
        if chat is not None:
            await self.unit.outbox.add(
                ShowProgress(freelancer_id=freelancer_id, opened=(step,) if done else ()),
                lane=chat_lane(chat.id),
                key=f"show-progress:{freelancer_id}:{kind}:{step}:{now.isoformat()}",
                due_at=now,
            )
