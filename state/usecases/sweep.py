"""Let go of what is kept for some time only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from state.model.question import answer_matter, feedback_matter
from state.model.work import SweepOld
from state.policy import Policy
from state.ports import Clock, KeptSince, UnitOfWork
from state.rules.asking import COUNT_FOR as ASKING_COUNTS_FOR
from state.rules.limits import counted_for
from state.rules.linking import GUESSES_COUNT_FOR
from state.rules.signing_in import LONGEST

EVERY = timedelta(days=1)
QUESTIONS_ARE_SOMEBODYS = timedelta(days=3)
"""A message can be edited for two days, and an answer be rated a little longer."""
MAY_COME_AGAIN = timedelta(days=3)
"""Telegram repeats an update for a day, the call provider a request for minutes."""
CALLS_ARE_KEPT = timedelta(days=30)
TALKS_ARE_KEPT = timedelta(days=90)
"""After their end; what is seen in them is needed again when somebody comes back."""
AUDIT_IS_KEPT = timedelta(days=400)
AT_A_TIME = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """A part of what is due in each unit of work; False when there is nothing more."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock

    async def __call__(self) -> bool:
        now = self.clock.now()
        before = now - QUESTIONS_ARE_SOMEBODYS
        disowned = await self.unit.questions.disown(before, limit=AT_A_TIME)
        for question in disowned:
            if question.chat_id is not None:
                await self.unit.living.remove(question.chat_id, answer_matter(question.id))
                await self.unit.living.remove(question.chat_id, feedback_matter(question.id))
        since = KeptSince(
            handled=now - MAY_COME_AGAIN,
            ended=now - CALLS_ARE_KEPT,
            told=now - AUDIT_IS_KEPT,
            locked=now,
            counted=now - counted_for(self.policy.verification),
            guessed=now - max(GUESSES_COUNT_FOR, ASKING_COUNTS_FOR),
            signed_in=now - LONGEST,
            talked=now - TALKS_ARE_KEPT,
        )
        more = await self.unit.upkeep.let_go(since, limit=AT_A_TIME)
        return more or len(disowned) == AT_A_TIME


async def plan_sweep(unit: UnitOfWork, at: datetime) -> None:
    """One a day, however often it is planned."""
    await unit.outbox.add(SweepOld(), lane="upkeep", key=f"sweep:{at:%Y-%m-%d}", due_at=at)
