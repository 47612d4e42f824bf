"""Let go of what is kept for some time only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from state.model.question import Question, answer_matter, feedback_matter
from state.model.work import SweepOld
from state.policy import Policy
from state.ports import Clock, KeptSince, UnitOfWork
from state.rules.gaps import folded, merged
from state.rules.limits import counted_for
from state.rules.linking import GUESSES_COUNT_FOR
from state.rules.staff_access import LONGEST
from state.rules.tickets import COUNT_FOR as ASKING_COUNTS_FOR

EVERY = timedelta(days=1)
QUESTIONS_ARE_SOMEBODYS = timedelta(days=3)
"""A message can be edited for two days, and an answer be rated a little longer."""
QUESTIONS_ARE_KEPT = timedelta(days=90)
"""As far as figures and gaps look back; after that, groups of what was asked in vain are left."""
MOST_GROUPS = 2000
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
        old = await self.unit.questions.take_old(now - QUESTIONS_ARE_KEPT, limit=AT_A_TIME)
        await self._fold(old)
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
        return more or AT_A_TIME in {len(disowned), len(old)}

    async def _fold(self, old: Sequence[Question]) -> None:
        groups = folded(old)
        if groups:
            known = await self.unit.missed.find(groups)
            await self.unit.missed.put(
                merged(known[key], group) if key in known else group
                for key, group in groups.items()
            )
            await self.unit.missed.keep(MOST_GROUPS)


async def plan_sweep(unit: UnitOfWork, at: datetime) -> None:
    """One a day, however often it is planned."""
    await unit.outbox.add(SweepOld(), lane="upkeep", key=f"sweep:{at:%Y-%m-%d}", due_at=at)
