"""Results of a delivery, retry policy, and the marks that store results in the outbox."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias, assert_never

from state.model.work import OutboxRow, SendReply
from state.ports import Clock, DatabaseDownError, StaleStateError, Transact, UnitOfWork

log = logging.getLogger(__name__)

PAUSE = 0.5
"""Seconds until a failed mark is tried again."""

PASSING = (StaleStateError, DatabaseDownError, ConnectionError, TimeoutError)
"""Temporary errors that are not the task's fault: a retry succeeds later.

Not every OSError: a missing template raises one too.
"""

Record = Callable[[UnitOfWork], Awaitable[None]]
"""Database changes to save in the transaction that marks the row."""


async def nothing_to_record(unit: UnitOfWork) -> None:
    """A `Record` that changes nothing."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Delivered; `record` is saved in the transaction that marks the row."""

    record: Record = nothing_to_record


@dataclass(frozen=True, slots=True)
class TryLater:
    """To be retried."""

    reason: str
    after: timedelta | None = None
    """Wait that the other side asked for; None: exponential back-off."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Never to be retried; `record` is saved in the transaction that marks the row."""

    reason: str
    record: Record = nothing_to_record


DeliveryResult: TypeAlias = Delivered | TryLater | GiveUp
RESULT_NAMES: Mapping[type[DeliveryResult], str] = {
    Delivered: "delivered",
    TryLater: "later",
    GiveUp: "given_up",
}
Send: TypeAlias = Callable[[SendReply], Awaitable[DeliveryResult]]
Deliver = Callable[[OutboxRow], Awaitable[DeliveryResult]]
FinishRow: TypeAlias = Callable[[OutboxRow, datetime], Awaitable[None]]
"""Marks a row as delivered at that moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Retry policy: exponential back-off, and the age at which a row is given up."""

    patience: timedelta
    longest_pause: timedelta

    def pause(self, tries: int) -> timedelta:
        """Back-off: 1, 2, 4, 8 … seconds, up to `longest_pause`."""
        return min(timedelta(seconds=2 ** min(tries, 20)), self.longest_pause)

    def or_give_up(self, row: OutboxRow, outcome: DeliveryResult, now: datetime) -> DeliveryResult:
        """The outcome; a `TryLater` becomes `GiveUp` once the row is older than `patience`."""
        if not isinstance(outcome, TryLater) or now - row.due_at <= self.patience:
            return outcome
        days = self.patience.days
        return GiveUp(f"tried for {'a day' if days == 1 else f'{days} days'}: {outcome.reason}")


AfterErrors = Callable[[OutboxRow], Record | None]
"""What to record when a row is given up after internal errors; None: retry it as usual."""


def record_nothing(_row: OutboxRow) -> Record | None:
    """An `AfterErrors` that gives up without recording anything."""
    return nothing_to_record


TRIES = 3
"""Attempts of a delivery that raises an internal error; with their back-off, some seconds."""


class InternalErrorCounter:
    """Counts internal errors by row; after `TRIES` the row is given up, and its lane goes on."""

    def __init__(self, after: AfterErrors) -> None:
        self._after = after
        self._failed: Counter[int] = Counter()
        """By row id, in memory: a restarted process counts anew, which costs seconds."""

    def outcome(self, row: OutboxRow) -> DeliveryResult:
        """Count an internal error and return its result: retry, or give up."""
        self._failed[row.id] += 1
        failed = self._failed[row.id]
        if failed < TRIES:
            return TryLater("an error of our own", timedelta(seconds=2 ** (failed - 1)))
        self.forget(row)
        record = self._after(row)
        if record is None:
            return TryLater("an error of our own")
        return GiveUp(f"{TRIES} errors of our own", record)

    def forget(self, row: OutboxRow) -> None:
        """Reset the row's count after any other result."""
        del self._failed[row.id]


class Marks:
    """Stores the results of deliveries in the outbox; the store commits several together."""

    def __init__(
        self,
        transact: Transact,
        clock: Clock,
        retry_policy: RetryPolicy,
        finish: FinishRow | None = None,
    ) -> None:
        """`finish`: marks a delivered row that leaves nothing to record; else `transact` does."""
        self._transact = transact
        self._finish = finish
        self._clock = clock
        self._retry_policy = retry_policy

    async def add(self, row: OutboxRow, outcome: DeliveryResult) -> None:
        """Save the result; returns once it is committed.

        A failed mark is retried until it succeeds, since an unmarked row would be delivered again.
        If the result's `record` fails, the row is marked without it, or it would block its lane.
        """
        try:
            await self._mark(row, outcome, passing=PASSING)
        except Exception:
            log.exception("outbox row %s is marked without what was to be recorded", row.id)
            await self._mark(row, _without_record(outcome), passing=(Exception,))

    async def _mark(
        self, row: OutboxRow, outcome: DeliveryResult, *, passing: tuple[type[Exception], ...]
    ) -> None:
        while True:
            try:
                return await self._marked(row, outcome)
            except passing:
                log.exception("outbox row %s could not be marked", row.id)
                await asyncio.sleep(PAUSE)

    async def _marked(self, row: OutboxRow, outcome: DeliveryResult) -> None:
        if self._finish is not None and outcome == Delivered():
            return await self._finish(row, self._clock.now())
        return await self._transact(lambda unit: self._settle(unit, row, outcome))

    async def _settle(self, unit: UnitOfWork, row: OutboxRow, outcome: DeliveryResult) -> None:
        now = self._clock.now()
        match outcome:
            case Delivered(record):
                await record(unit)
                await unit.outbox.finish(row, now)
            case TryLater(reason, after):
                pause = after if after is not None else self._retry_policy.pause(row.tries)
                await unit.outbox.retry(row, not_before=now + pause, reason=reason)
            case GiveUp(reason, record):
                log.warning("outbox row %s is given up: %s", row.id, reason)
                await record(unit)
                await unit.outbox.give_up(row, at=now, reason=reason)
            case _:
                assert_never(outcome)


def _without_record(outcome: DeliveryResult) -> DeliveryResult:
    match outcome:
        case Delivered():
            return Delivered()
        case GiveUp(reason):
            return GiveUp(reason)
        case TryLater():
            return outcome
        case _:
            assert_never(outcome)
