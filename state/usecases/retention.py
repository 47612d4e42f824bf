"""Retention periods, and the daily sweep that removes what has passed them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from state.model.question import Question, answer_matter, feedback_matter
from state.model.work import SweepOld
from state.policy import Policy
from state.ports import Clock, RetentionLimits, UnitOfWork
from state.rules.gaps import group_gaps, merge_groups
from state.rules.limits import counting_period
from state.rules.linking import GUESSES_COUNT_FOR
from state.rules.staff_access import LONGEST
from state.rules.tickets import COUNT_FOR as ASKING_COUNTS_FOR

EVERY = timedelta(days=1)
QUESTIONS_ARE_SOMEBODYS = timedelta(days=3)
"""How long a question keeps its chat: edits are possible for two days, ratings a bit longer."""
QUESTIONS_ARE_KEPT = timedelta(days=90)
"""As far back as statistics and gaps reach; after that, only aggregated groups remain."""
MOST_GROUPS = 2000
MAY_COME_AGAIN = timedelta(days=3)
"""Telegram repeats an update for a day, the call provider a request for minutes."""
CALLS_ARE_KEPT = timedelta(days=30)
TALKS_ARE_KEPT = timedelta(days=90)
"""After a ticket's close; its messages are needed again if the person comes back."""
AUDIT_IS_KEPT = timedelta(days=400)
AT_A_TIME = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Remove one batch of expired data per unit of work; False when nothing is left."""

    unit: UnitOfWork
    policy: Policy
    clock: Clock

    async def __call__(self) -> bool:
        now = self.clock.now()
        before = now - QUESTIONS_ARE_SOMEBODYS
        disowned = await self.unit.questions.disown(before, limit=AT_A_TIME)
        for question in disowned:
            if question.chat_id is not None:
                await self.unit.living_messages.remove(
                    question.chat_id, answer_matter(question.id)
                )
                await self.unit.living_messages.remove(
                    question.chat_id, feedback_matter(question.id)
                )
        old = await self.unit.questions.pop_old(now - QUESTIONS_ARE_KEPT, limit=AT_A_TIME)
        await self._fold(old)
        since = RetentionLimits(
            handled=now - MAY_COME_AGAIN,
            ended=now - CALLS_ARE_KEPT,
            told=now - AUDIT_IS_KEPT,
            locked=now,
            counted=now - counting_period(self.policy.verification),
            guessed=now - max(GUESSES_COUNT_FOR, ASKING_COUNTS_FOR),
            signed_in=now - LONGEST,
            talked=now - TALKS_ARE_KEPT,
        )
        more = await self.unit.retention.delete_expired(since, limit=AT_A_TIME)
        return more or AT_A_TIME in {len(disowned), len(old)}

    async def _fold(self, old: Sequence[Question]) -> None:
        groups = group_gaps(old)
        if groups:
            known = await self.unit.missed_groups.find(groups)
            await self.unit.missed_groups.put(
                merge_groups(known[key], group) if key in known else group
                for key, group in groups.items()
            )
            await self.unit.missed_groups.keep_largest(MOST_GROUPS)


async def plan_sweep(unit: UnitOfWork, at: datetime) -> None:
    """Schedule the sweep, at most once per day."""
    await unit.outbox.add(SweepOld(), lane="upkeep", key=f"sweep:{at:%Y-%m-%d}", due_at=at)
