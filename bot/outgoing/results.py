"""What became of a delivery, and the marks that say so in the outbox."""

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
"""Seconds until marks that could not be saved are tried again."""

PASSING = (StaleStateError, DatabaseDownError, ConnectionError, TimeoutError)
"""What is no fault of the work that meets it: the same goes through later.

Not every OSError: a template that is missing is one too.
"""

Record = Callable[[UnitOfWork], Awaitable[None]]


async def nothing_to_record(unit: UnitOfWork) -> None:
    """A delivery that leaves nothing to remember."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Done; `record` is saved in the same transaction that marks the row."""

    record: Record = nothing_to_record


@dataclass(frozen=True, slots=True)
class TryLater:
    reason: str
    after: timedelta | None = None
    """As the other side asked; `None` backs off by the number of tries."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    reason: str
    record: Record = nothing_to_record


DeliveryResult: TypeAlias = Delivered | TryLater | GiveUp
NAMES: Mapping[type[DeliveryResult], str] = {
    Delivered: "delivered",
    TryLater: "later",
    GiveUp: "given_up",
}
Send: TypeAlias = Callable[[SendReply], Awaitable[DeliveryResult]]
Deliver = Callable[[OutboxRow], Awaitable[DeliveryResult]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Persistence:
    """How long a task that keeps failing is tried again."""

    patience: timedelta
    longest_pause: timedelta

    def pause(self, tries: int) -> timedelta:
        """1, 2, 4, 8 … seconds, up to the longest."""
        return min(timedelta(seconds=2 ** min(tries, 20)), self.longest_pause)

    def unless_enough(
        self, row: OutboxRow, outcome: DeliveryResult, now: datetime
    ) -> DeliveryResult:
        """What was to be tried later is given up when it was tried for so long."""
        if not isinstance(outcome, TryLater) or now - row.due_at <= self.patience:
            return outcome
        days = self.patience.days
        return GiveUp(f"tried for {'a day' if days == 1 else f'{days} days'}: {outcome.reason}")


AfterErrors = Callable[[OutboxRow], Record | None]
"""What a row that is given up leaves behind; None: it is tried on as long as any other."""


def nobody_waits(_row: OutboxRow) -> Record | None:
    """For rows that nobody hears of."""
    return nothing_to_record


TRIES = 3
"""Of a delivery that ends in an error of our own: with the pauses between, within seconds."""


class OwnErrors:
    """Gives a row up that fails by our own fault, so that its lane goes on."""

    def __init__(self, after: AfterErrors) -> None:
        self._after = after
        self._failed: Counter[int] = Counter()
        """By row. A process that starts anew counts anew, which costs seconds."""

    def outcome(self, row: OutboxRow) -> DeliveryResult:
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
        """It came out some other way."""
        del self._failed[row.id]


class Marks:
    """What became of deliveries, saved; the store commits many of them at once."""

    def __init__(self, transact: Transact, clock: Clock, persistence: Persistence) -> None:
        self._transact = transact
        self._clock = clock
        self._persistence = persistence

    async def add(self, row: OutboxRow, outcome: DeliveryResult) -> None:
        """Returns once it is saved: delivering again what only could not be marked doubles it.

        Where what is to be recorded with a mark fails by our own fault, the mark stands alone.
        Else the row would keep its lane from being delivered.
        """
        try:
            await self._mark(row, outcome, passing=PASSING)
        except Exception:
            log.exception("outbox row %s is marked without what was to be recorded", row.id)
            await self._mark(row, _bare(outcome), passing=(Exception,))

    async def _mark(
        self, row: OutboxRow, outcome: DeliveryResult, *, passing: tuple[type[Exception], ...]
    ) -> None:
        while True:
            try:
                return await self._transact(lambda unit: self._settle(unit, row, outcome))
            except passing:
                log.exception("outbox row %s could not be marked", row.id)
                await asyncio.sleep(PAUSE)

    async def _settle(self, unit: UnitOfWork, row: OutboxRow, outcome: DeliveryResult) -> None:
        now = self._clock.now()
        match outcome:
            case Delivered(record):
                await record(unit)
                await unit.outbox.finish(row, now)
            case TryLater(reason, after):
                pause = after if after is not None else self._persistence.pause(row.tries)
                await unit.outbox.retry(row, not_before=now + pause, reason=reason)
            case GiveUp(reason, record):
                log.warning("outbox row %s is given up: %s", row.id, reason)
                await record(unit)
                await unit.outbox.give_up(row, at=now, reason=reason)
            case _:
                assert_never(outcome)


def _bare(outcome: DeliveryResult) -> DeliveryResult:
    match outcome:
        case Delivered():
            return Delivered()
        case GiveUp(reason):
            return GiveUp(reason)
        case TryLater():
            return outcome
        case _:
            assert_never(outcome)
