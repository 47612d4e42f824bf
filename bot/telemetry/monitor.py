"""Monitor: metrics, log context, traces and health of the running bot."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextvars import Token
from enum import StrEnum
from time import monotonic, perf_counter
from types import TracebackType
from typing import Final, Protocol, Self

from bot.telemetry.logs import SUBJECT, LogSubject
from bot.telemetry.metrics import Metrics
from state.model.work import Incoming, OutboxRow, queue_of
from state.ports import Clock, Recorded

STUCK: Final = 60.0
"""Seconds after which a running turn counts as stuck."""
SILENT: Final = 60.0
"""Seconds without any response from Telegram that count as an outage."""
UNAUTHORIZED: Final = "unauthorized"
"""Result of a Bot API call whose token was refused."""
LAG_EVERY: Final = 1.0
REPLY_KEY: Final = "update:"
"""Prefix of the keys of outbox rows that hold replies."""

log = logging.getLogger(__name__)


class ProcessPhase(StrEnum):
    """Phase of the process, as the readiness check reports it."""

    STARTING = "starting"
    SERVING = "serving"
    STOPPING = "stopping"


class SpanResult:
    """Result of a span, set while it runs."""

    __slots__ = ("name",)

    def __init__(self) -> None:
        self.name = "broken off"


class Traces(Protocol):
    """Port: receives spans, if traces are collected."""

    def turn(self, update_id: int, kind: str, result: str, seconds: float) -> None: ...

    def delivery(self, row: OutboxRow) -> AbstractContextManager[SpanResult]: ...

    def call(self, method: str) -> AbstractContextManager[SpanResult]: ...


class Monitor:
    """Monitor of one bot; two bots in one process share nothing."""

    def __init__(
        self,
        clock: Clock,
        *,
        traces: Traces | None = None,
        stuck: float = STUCK,
        silent: float = SILENT,
    ) -> None:
        self.metrics = Metrics()
        self.clock = clock
        self.phase = ProcessPhase.STARTING
        self.traces = traces
        self._stuck = stuck
        self._silent = silent
        self._turns: set[TurnSpan] = set()
        self._silent_since: float | None = None
        self._token_is_refused = False
        self._updates_within: float | None = None
        self._updates_due: float | None = None
        """When to have heard from Telegram at the latest; None if no updates are expected."""
        self._updates_fault = ""

    def turn(self) -> "TurnSpan":
        """Context manager around a turn; call its `count` after the commit."""
        return TurnSpan(self, self._turns)

    def delivery(self, row: OutboxRow) -> "DeliverySpan":
        """Context manager around a delivery."""
        return DeliverySpan(self, row)

    def count_records(self, committed: Sequence[Recorded]) -> None:
        """Count the records of a committed transaction."""
        self.metrics.count_records(committed)

    def count_call(self, method: str, result: str, seconds: float, *, answered: bool) -> None:
        """Count a Bot API call and its time; `answered`: Telegram responded at all."""
        self.metrics.called(method, result).inc()
        if method != "getUpdates":
            self.metrics.telegram_seconds.observe(seconds)
        if answered:
            self._silent_since = None
        elif self._silent_since is None:
            self._silent_since = monotonic()
        if answered and self._token_is_refused != (result == UNAUTHORIZED):
            self._token_is_refused = result == UNAUTHORIZED
            self._log_refused_token()

    def _log_refused_token(self) -> None:
        """Not while starting: what is refused then ends the start, with a sentence of its own."""
        if self.phase is ProcessPhase.STARTING:
            return
        if self._token_is_refused:
            log.error(
                "Telegram refuses HELPDESK_TOKEN: messages wait for up to a day; if it was "
                "replaced, copy the new one from @BotFather"
            )
        else:
            log.info("Telegram accepts the token again")

    def expect_updates(self, within: float | None) -> None:
        """Expect a sign that updates come, every so many seconds; None: no longer."""
        if within != self._updates_within:
            self._updates_within = within
            self.updates_arrived()

    def updates_arrived(self) -> None:
        """Record that updates, if there were any, have reached us."""
        within = self._updates_within
        self._updates_due = None if within is None else monotonic() + within
        self._updates_fault = ""

    def updates_failed(self, reason: str) -> None:
        """Record why updates can't reach us now."""
        self._updates_fault = reason

    def count_request(self, route: str, code: int) -> None:
        """Count an HTTP request by route and status code."""
        self.metrics.requested(route, str(code)).inc()

    def troubles(self) -> list[str]:
        """Reasons why the bot is not ready, as far as it knows without asking others."""
        found = []
        if self.phase is not ProcessPhase.SERVING:
            found.append(f"the bot is {self.phase}")
        now = monotonic()
        if self._silent_since is not None and now - self._silent_since > self._silent:
            found.append(f"Telegram has given no answer for {now - self._silent_since:.0f} s")
        if self._token_is_refused:
            found.append("Telegram refuses HELPDESK_TOKEN")
        if self._updates_due is not None and now > self._updates_due:
            found.append(f"no updates can come: {self._updates_fault or 'Telegram is silent'}")
        if stuck := [turn for turn in self._turns if perf_counter() - turn.began > self._stuck]:
            found.append(f"{len(stuck)} turns are under way for more than {self._stuck:.0f} s")
        return found

    async def run(self) -> None:
        """Measure the event loop's lag once a second, until cancelled."""
        while True:
            due = monotonic() + LAG_EVERY
            await asyncio.sleep(LAG_EVERY)
            self.metrics.loop_lag.set(max(0.0, monotonic() - due))


class TurnSpan:
    """A turn being monitored: log context, duration and result."""

    __slots__ = ("_monitor", "_token", "_under_way", "began", "kind", "result", "row")

    def __init__(self, monitor: Monitor, under_way: "set[TurnSpan]") -> None:
        self._monitor = monitor
        self._under_way = under_way
        self._token: Token[LogSubject] | None = None
        self.row: Incoming | None = None
        self.kind = "unknown"
        self.result = "done"
        self.began = perf_counter()

    def __enter__(self) -> Self:
        self._under_way.add(self)
        self._token = SUBJECT.set(LogSubject())
        return self

    def take(self, row: Incoming | None) -> None:
        """Set the update of this turn; called again if the transaction is retried."""
        self.row = row
        if row is not None:
            SUBJECT.set(LogSubject({"update": row.update_id}, row.payload))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._under_way.discard(self)
        if self._token is not None:
            SUBJECT.reset(self._token)

    def count(self) -> None:
        """Count this turn in metrics and traces; call after its commit."""
        seconds = perf_counter() - self.began
        self._monitor.metrics.turned(self.kind, self.result).inc()
        self._monitor.metrics.turn_seconds.observe(seconds)
        if self._monitor.traces is not None and self.row is not None:
            self._monitor.traces.turn(self.row.update_id, self.kind, self.result, seconds)


class DeliverySpan:
    """A delivery being monitored: log context, span and result."""

    __slots__ = ("_ending", "_monitor", "_row", "_span", "_token")

    def __init__(self, monitor: Monitor, row: OutboxRow) -> None:
        self._monitor = monitor
        self._row = row
        self._token: Token[LogSubject] | None = None
        self._ending = SpanResult()
        self._span = monitor.traces.delivery(row) if monitor.traces else None

    def __enter__(self) -> Self:
        self._token = SUBJECT.set(LogSubject({"outbox": self._row.id}, self._row.task))
        if self._span is not None:
            self._ending = self._span.__enter__()
        return self

    def count(self, outcome: str) -> None:
        """Count the delivery's result."""
        self._ending.name = outcome
        metrics, row = self._monitor.metrics, self._row
        metrics.delivered(queue_of(row.task).value, outcome).inc()
        if outcome == "delivered" and row.key.startswith(REPLY_KEY):
            waited = self._monitor.clock.now() - row.due_at
            metrics.reply_seconds.observe(max(0.0, waited.total_seconds()))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._span is not None:
            self._span.__exit__(kind, error, traceback)
        if self._token is not None:
            SUBJECT.reset(self._token)
