"""All that staff need to know of one freelancer, to answer them and to put things right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from state.model.account import Account, FreelancerId, Progress, StepId
from state.model.chat import Chat
from state.policy import Policy
from state.ports import AuditEvent, Clock, UnitOfWork
from state.rules.codes import Peppers
from state.rules.phone_number import mask
from state.usecases.explain_verification import ExplainVerification, Story
from state.usecases.read_progress import ReadProgress


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    id: FreelancerId
    account: Account | None
    progress: Progress
    struck: Mapping[StepId, datetime]
    chat: Chat | None
    story: Story | None
    number: str
    """Masked; empty where there is none."""
    history: Sequence[AuditEvent]
    """All lines about them, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDossier:
    """None if nobody ever told us of them."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers | None

    async def __call__(self, freelancer_id: FreelancerId) -> Dossier | None:
        read = ReadProgress(
            unit=self.unit, policy=self.policy, clock=self.clock, peppers=self.peppers
        )
        explain = ExplainVerification(
            unit=self.unit, policy=self.policy, clock=self.clock, peppers=self.peppers
        )
        progress = await read(freelancer_id)
        if not isinstance(progress, Progress):
            return None
        current = await self.unit.numbers.current(freelancer_id)
        return Dossier(
            id=freelancer_id,
            account=await self.unit.accounts.get(freelancer_id),
            progress=progress,
            struck=await self.unit.accounts.struck(freelancer_id),
            chat=await self.unit.chats.of(freelancer_id),
            story=await explain(freelancer_id),
            number="" if current is None else mask(current),
            history=await self.unit.audit.about(freelancer_id),
        )
