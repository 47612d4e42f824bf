"""Prometheus metrics, in one registry per bot.

No label takes a value chosen by users or by other systems, so the number of series stays small.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Final, assert_never

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from bot import __version__
from state.model.question import Outcome, Question
from state.model.verification import Ending
from state.ports import AuditEvent, Backlog, Recorded, WaitingRows

_QUICK: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_PATIENT: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600)
_STEPS: Final[Mapping[str, Sequence[str]]] = {
    "call.requested": ("asked",),
    "call.ringing": ("placed",),
    "call.sent": ("placed",),
    "call.answered": ("answered",),
    "call.delivered": ("answered",),
    "call.acknowledged": ("acknowledged",),
    "call.read": ("acknowledged",),
    "call.wrong_code": ("code_tried",),
    "call.verified": ("code_tried", "verified"),
    "call.locked": ("locked",),
}
"""By kind of audit event, the funnel steps it counts for."""
_ENDS: Final = {f"call.{one}": one.value for one in Ending}


disable_created_metrics()  # type: ignore[no-untyped-call]  # no extra `_created` series


class Metrics:
    """All metrics of one bot."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        build = Info("helpdesk_build", "The version that runs.", registry=self.registry)
        build.info({"version": __version__})
        self._add_work(self.registry)
        self._add_telegram(self.registry)
        self._add_people(self.registry)
        self._add_gauges(self.registry)
        # Cached: looking up the series of some labels costs more than counting.
        self.turned = cache(self.turns.labels)
        self.delivered = cache(self.deliveries.labels)
        self.requested = cache(self.requests.labels)
        self.called = cache(self.telegram_calls.labels)

    def _add_work(self, registry: CollectorRegistry) -> None:
        self.turns = Counter(
            "helpdesk_turns", "Updates that had their turn.", ["kind", "result"], registry=registry
        )
        self.turn_seconds = Histogram(
            "helpdesk_turn_seconds",
            "One turn, commit included.",
            buckets=_QUICK,
            registry=registry,
        )
        self.reply_seconds = Histogram(
            "helpdesk_reply_seconds",
            "From an update's arrival until Telegram has taken a reply to it.",
            buckets=_PATIENT,
            registry=registry,
        )
        self.deliveries = Counter(
            "helpdesk_deliveries",
            "Outbox rows that were carried out, or not.",
            ["queue", "outcome"],
            registry=registry,
        )
        self.requests = Counter(
            "helpdesk_http_requests",
            "Requests to our doors.",
            ["route", "code"],
            registry=registry,
        )

    def _add_telegram(self, registry: CollectorRegistry) -> None:
        self.telegram_calls = Counter(
            "helpdesk_telegram_calls", "Bot API calls.", ["method", "result"], registry=registry
        )
        self.telegram_seconds = Histogram(
            "helpdesk_telegram_call_seconds",
            "How long the Bot API takes to answer, long polls aside.",
            buckets=_QUICK,
            registry=registry,
        )

    def _add_people(self, registry: CollectorRegistry) -> None:
        """Counters with few label values start at 0, so that a first event shows as a rise."""
        self.answers = Counter(
            "helpdesk_answers", "Questions answered.", ["kind"], registry=registry
        )
        self.verification = Counter(
            "helpdesk_verification_steps",
            "How far verifications came.",
            ["step"],
            registry=registry,
        )
        self.verification_ends = Counter(
            "helpdesk_verification_ends", "How calls and codes ended.", ["how"], registry=registry
        )
        for outcome in Outcome:
            self.answers.labels(outcome.value)
        for step in {step for steps in _STEPS.values() for step in steps}:
            self.verification.labels(step)
        for how in Ending:
            self.verification_ends.labels(how.value)

    def _add_gauges(self, registry: CollectorRegistry) -> None:
        self.loop_lag = Gauge(
            "helpdesk_loop_lag_seconds", "How late the event loop is.", registry=registry
        )
        self.database_up = Gauge("helpdesk_database_up", "1 if it answers.", registry=registry)
        self.inbox = Gauge(
            "helpdesk_inbox_waiting", "Updates without a turn yet.", registry=registry
        )
        self.inbox_age = Gauge(
            "helpdesk_inbox_oldest_seconds", "How long the first has waited.", registry=registry
        )
        self.outbox = Gauge(
            "helpdesk_outbox_waiting", "Rows that are due.", ["queue"], registry=registry
        )
        self.outbox_age = Gauge(
            "helpdesk_outbox_oldest_seconds",
            "How long the first has been due.",
            ["queue"],
            registry=registry,
        )

    def count_records(self, committed: Sequence[Recorded]) -> None:
        """Count the records of a transaction; call after its commit."""
        for one in committed:
            match one:
                case AuditEvent():
                    self._step(one.kind)
                case Question():
                    self.answers.labels(one.outcome.value).inc()
                case _:
                    assert_never(one)

    def _step(self, kind: str) -> None:
        for step in _STEPS.get(kind, ()):
            self.verification.labels(step).inc()
        how = _ENDS.get(kind)
        if how is not None:
            self.verification_ends.labels(how).inc()

    def set_backlog(self, backlog: Backlog, now: datetime) -> None:
        """Set the gauges of waiting inbox and outbox rows."""
        self.inbox.set(backlog.inbox.count)
        self.inbox_age.set(_age(backlog.inbox, now))
        for queue, waiting in backlog.outbox.items():
            self.outbox.labels(queue.value).set(waiting.count)
            self.outbox_age.labels(queue.value).set(_age(waiting, now))

    def text(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)


def _age(waiting: WaitingRows, now: datetime) -> float:
    return max(0.0, (now - waiting.oldest_at).total_seconds()) if waiting.oldest_at else 0.0
