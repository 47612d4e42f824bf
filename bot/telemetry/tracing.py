"""OpenTelemetry traces: one per update, from its turn to its last delivery.

Turn and deliveries may run in different processes. Their spans join one trace without
coordination, because its ids are derived from the update id. Spans hold kind and result of the
work: no name, no chat, no text.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from time import time_ns

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
    use_span,
)

from bot import __version__
from bot.telemetry.monitor import REPLY_KEY, SpanResult
from state.model.work import OutboxRow, queue_of

_WELL = frozenset({"done", "delivered", "ok"})


class _Ids(RandomIdGenerator):
    """Id generator: random, except for a span whose ids are given."""

    given: tuple[int, int] | None = None

    def generate_trace_id(self) -> int:
        return self.given[0] if self.given else super().generate_trace_id()

    def generate_span_id(self) -> int:
        if self.given is None:
            return super().generate_span_id()
        (_, span_id), self.given = self.given, None
        return span_id


class Tracing:
    """Implements `Traces` with OpenTelemetry."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._ids = _Ids()
        self._provider = TracerProvider(
            id_generator=self._ids,
            resource=Resource.create({"service.name": "helpdesk", "service.version": __version__}),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("helpdesk")

    def turn(self, update_id: int, kind: str, result: str, seconds: float) -> None:
        """Record a finished turn; retries of its transaction are part of it."""
        end = time_ns()
        self._ids.given = _ids_of(update_id)
        span = self._tracer.start_span(
            "turn",
            context=Context(),
            kind=SpanKind.CONSUMER,
            start_time=end - int(seconds * 1e9),
            attributes={"update": update_id, "update.kind": kind},
        )
        _conclude(span, result)
        span.end(end)

    @contextmanager
    def delivery(self, row: OutboxRow) -> Iterator[SpanResult]:
        """Span of a delivery; Bot API calls within become its children."""
        attributes = {"outbox": row.id, "queue": queue_of(row.task).value}
        span = self._tracer.start_span(
            f"deliver {type(row.task).__name__}",
            context=self._of_update(row.key),
            attributes=attributes,
        )
        ending = SpanResult()
        with use_span(span, end_on_exit=True, record_exception=False):
            yield ending
            _conclude(span, ending.name)

    @contextmanager
    def call(self, method: str) -> Iterator[SpanResult]:
        ending = SpanResult()
        span = self._tracer.start_span(f"telegram {method}", kind=SpanKind.CLIENT)
        try:
            yield ending
        finally:
            _conclude(span, ending.name)
            span.end()

    def close(self) -> None:
        """Export the remaining spans."""
        self._provider.shutdown()

    def _of_update(self, key: str) -> Context:
        number = key.removeprefix(REPLY_KEY).partition(":")[0]
        if not key.startswith(REPLY_KEY) or not number.isdecimal():
            return Context()
        trace_id, span_id = _ids_of(int(number))
        decision = self._provider.sampler.should_sample(None, trace_id, "turn").decision
        flags = TraceFlags(
            TraceFlags.SAMPLED if decision is Decision.RECORD_AND_SAMPLE else TraceFlags.DEFAULT
        )
        parent = SpanContext(trace_id, span_id, is_remote=True, trace_flags=flags)
        return set_span_in_context(NonRecordingSpan(parent), Context())


def _conclude(span: Span, result: str) -> None:
    span.set_attribute("result", result)
    if result not in _WELL:
        span.set_status(Status(StatusCode.ERROR, result))


def _ids_of(update_id: int) -> tuple[int, int]:
    digest = hashlib.sha256(f"update {update_id}".encode()).digest()
    return int.from_bytes(digest[:16]), int.from_bytes(digest[16:24])


def open_tracing(url: str) -> Tracing:
    """Traces to an OTLP collector; headers and the like come from the standard OTEL_ variables."""
    return Tracing(OTLPSpanExporter(endpoint=url))
