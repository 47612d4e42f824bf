"""Traces: one for each update, whichever process sees to which part of it."""

import subprocess
import sys
from collections.abc import Sequence

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.gateways.telegram.call_middlewares import InstrumentedCalls
from bot.gateways.telegram.client import RetryAfterError
from bot.telemetry.monitor import Monitor
from bot.telemetry.tracing import Tracing
from state.model.chat import ChatId
from state.model.work import Incoming, OutboxRow, SendReply
from tests.architecture.source import ROOT
from tests.support.chat import ADA, Scene
from tests.support.fakes import START, FakeClock
from tests.support.scenes import opened_scene

UPDATE = Incoming(update_id=7, lane="chat:1", payload="{}", received_at=START)


def a_row(key: str) -> OutboxRow:
    task = SendReply(chat_id=ChatId(1), text="hello")
    return OutboxRow(id=3, lane="chat:1", key=key, task=task, due_at=START)


class Api:
    async def call(self, method: str, **parameters: object) -> str:
        raise RetryAfterError(3)


class Collected:
    """A bot's traces, kept in memory."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self.tracing = Tracing(self._exporter)
        self.watch = Monitor(FakeClock(), traces=self.tracing)

    def spans(self) -> Sequence[ReadableSpan]:
        self.tracing.close()
        return self._exporter.get_finished_spans()


def ids(span: ReadableSpan) -> tuple[int, int]:
    assert span.context is not None
    return span.context.trace_id, span.context.span_id


def take_turn(watch: Monitor) -> None:
    with watch.turn() as turn:
        turn.take(UPDATE)
        turn.kind = "message"
    turn.count()


def test_a_turn_becomes_a_span_with_its_result() -> None:
    one = Collected()

    take_turn(one.watch)

    [span] = one.spans()
    assert (span.name, span.parent) == ("turn", None)
    assert dict(span.attributes or {}) == {"update": 7, "update.kind": "message", "result": "done"}


def test_a_delivery_by_another_process_belongs_to_the_same_trace() -> None:
    one, other = Collected(), Collected()

    take_turn(one.watch)
    with other.watch.delivery(a_row("update:7:0")) as delivery:
        delivery.count("delivered")

    [turn], [delivered] = one.spans(), other.spans()
    assert delivered.name == "deliver SendReply"
    assert delivered.parent is not None
    assert (delivered.parent.trace_id, delivered.parent.span_id) == ids(turn)


@pytest.mark.parametrize("key", ["sweep:1", "update:x:0"])
def test_a_delivery_without_an_update_is_a_trace_of_its_own(key: str) -> None:
    one = Collected()

    with one.watch.delivery(a_row(key)) as delivery:
        delivery.count("later")

    [span] = one.spans()
    assert span.parent is None
    assert span.status.description == "later"


async def test_a_bot_api_call_is_a_child_of_its_delivery() -> None:
    one = Collected()

    with one.watch.delivery(a_row("update:7:0")) as delivery:
        with pytest.raises(RetryAfterError):
            await InstrumentedCalls(Api(), one.watch).call("sendMessage", text="hello", chat_id=1)
        delivery.count("later")

    call, delivered = one.spans()
    assert (call.name, call.status.description) == ("telegram sendMessage", "retry_after")
    assert call.parent is not None
    assert (call.parent.trace_id, call.parent.span_id) == ids(delivered)


async def conversation(scene: Scene) -> None:
    ada = scene.person(ADA)
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    await phone.key(ada.code)
    await ada.say("my mother is Wilhelmina")


async def test_spans_hold_no_personal_data(
    sqlite_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    one = Collected()
    async with opened_scene(sqlite_url, folder=tmp_path_factory.mktemp("x")) as scene:
        scene.parts.monitor.traces = one.tracing
        await conversation(scene)

    spans = one.spans()
    told = " ".join(span.to_json() for span in spans)
    assert len(spans) > 10
    secrets = ("Ada", "f-1001", "12025550123", "Wilhelmina", "chat:")
    assert [secret for secret in secrets if secret in told] == []


def test_without_a_collector_opentelemetry_is_not_imported() -> None:
    said = "import bot.app, sys; print([m for m in sys.modules if m.startswith('opentelemetry')])"

    ended = subprocess.run(
        [sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert ended.stdout == "[]\n"
