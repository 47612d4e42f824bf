"""Delivers one outbox row and marks the result."""

import logging
from datetime import timedelta
from typing import NotRequired, TypedDict

from bot.outgoing.results import (
    PASSING,
    RESULT_NAMES,
    AfterErrors,
    Deliver,
    DeliveryResult,
    FinishRow,
    InternalErrorCounter,
    Marks,
    RetryPolicy,
    TryLater,
    record_nothing,
)
from bot.telemetry.monitor import Monitor
from state.model.work import OutboxRow
from state.ports import Clock, Transact

log = logging.getLogger(__name__)


PATIENCE = timedelta(hours=24)
"""A task that keeps failing is given up after this time."""
LONGEST_PAUSE = timedelta(seconds=60)


class RowDeliveryOptions(TypedDict):
    """Arguments of `RowDelivery`, without the clock."""

    transact: Transact
    deliver: Deliver
    monitor: Monitor
    finish: NotRequired[FinishRow]
    patience: NotRequired[timedelta]
    longest_pause: NotRequired[timedelta]
    after_errors: NotRequired[AfterErrors]


class RowDelivery:
    """Delivers a row, turning every exception into a result, so that no error stops a worker.

    An internal error holds its lane up for seconds only; then the row is given up.
    """

    def __init__(
        self,
        *,
        transact: Transact,
        deliver: Deliver,
        clock: Clock,
        finish: FinishRow | None = None,
        patience: timedelta = PATIENCE,
        longest_pause: timedelta = LONGEST_PAUSE,
        after_errors: AfterErrors = record_nothing,
        monitor: Monitor,
    ) -> None:
        self._deliver = deliver
        self._clock = clock
        self._monitor = monitor
        self._retry_policy = RetryPolicy(patience=patience, longest_pause=longest_pause)
        self._marks = Marks(transact, clock, self._retry_policy, finish)
        self._own_errors = InternalErrorCounter(after_errors)

    async def deliver(self, row: OutboxRow) -> DeliveryResult:
        """Deliver the row and mark it; returns once the mark is committed."""
        with self._monitor.delivery(row) as seen:
            outcome = await self._delivered(row)
            outcome = self._retry_policy.or_give_up(row, outcome, self._clock.now())
            seen.count(RESULT_NAMES[type(outcome)])
            await self._marks.add(row, outcome)
            return outcome

    async def _delivered(self, row: OutboxRow) -> DeliveryResult:
        try:
            outcome = await self._deliver(row)
        except PASSING as error:
            log.warning("outbox row %s has to wait: %s", row.id, error)
            return TryLater(type(error).__name__)
        except Exception:
            log.exception("delivering outbox row %s failed", row.id)
            return self._own_errors.outcome(row)
        self._own_errors.forget(row)
        return outcome
