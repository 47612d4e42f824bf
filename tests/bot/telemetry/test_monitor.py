"""What is noticed of the bot at work."""

import asyncio
import json
from datetime import timedelta

import pytest

from bot.gateways.telegram.call_middlewares import InstrumentedCalls
from bot.gateways.telegram.client import (
    BlockedError,
    ConflictError,
    RefusedError,
    RefusedTokenError,
    RetryAfterError,
    TelegramError,
    UnreachableError,
)
from bot.telemetry.logs import SUBJECT
from bot.telemetry.metrics import Metrics
from bot.telemetry.monitor import Monitor, ProcessPhase
from state.model.chat import ChatId
from state.model.work import Incoming, OutboxRow, SendReply
from tests.support.fakes import START, FakeClock
from tests.support.metric_samples import reading

UPDATE = Incoming(update_id=7, lane="chat:1", payload=json.dumps({}), received_at=START)


def a_row(key: str = "update:7:0") -> OutboxRow:
    task = SendReply(chat_id=ChatId(1), text="hello")
    return OutboxRow(id=3, lane="chat:1", key=key, task=task, due_at=START)


class Api:
    """Answers every call alike."""

    def __init__(self, error: TelegramError | None = None) -> None:
        self.error = error

    async def call(self, method: str, **parameters: object) -> str:
        if self.error is not None:
            raise self.error
        return method


def serving(*, stuck: float = 60, silent: float = 60) -> Monitor:
    watch = Monitor(FakeClock(), stuck=stuck, silent=silent)
    watch.phase = ProcessPhase.SERVING
    return watch


@pytest.fixture
def watch() -> Monitor:
    return serving()


def test_two_bots_in_one_process_share_no_counters(watch: Monitor) -> None:
    other = Monitor(FakeClock())

    with watch.turn() as turn:
        turn.take(UPDATE)
        turn.kind = "message"
    turn.count()

    assert reading(watch.metrics, "turns_total", kind="message", result="done") == 1
    assert reading(other.metrics, "turns_total", kind="message", result="done") == 0


def test_a_running_turn_is_in_the_log_context_and_counted_after_its_commit(watch: Monitor) -> None:
    with watch.turn() as turn:
        turn.take(UPDATE)
        named = SUBJECT.get().shown
    turn.count()

    assert named == {"update": 7}
    assert SUBJECT.get().shown == {}
    assert reading(watch.metrics, "turn_seconds_count") == 1


def test_a_lane_without_an_update_counts_no_turn(watch: Monitor) -> None:
    with watch.turn() as turn:
        turn.take(None)

    assert reading(watch.metrics, "turn_seconds_count") == 0


def test_a_turn_that_could_not_be_run_is_counted_only_once_it_was(watch: Monitor) -> None:
    def run() -> None:
        with watch.turn() as turn:
            turn.take(UPDATE)
            raise OSError("no database")

    with pytest.raises(OSError, match="no database"):
        run()

    assert reading(watch.metrics, "turn_seconds_count") == 0
    assert SUBJECT.get().shown == {}


def test_the_time_from_update_to_reply_is_measured() -> None:
    clock = FakeClock(START + timedelta(seconds=4))
    watch = Monitor(clock)

    with watch.delivery(a_row()) as delivery:
        named = SUBJECT.get().shown
        delivery.count("delivered")

    assert named == {"outbox": 3}
    assert reading(watch.metrics, "reply_seconds_sum") == 4
    assert reading(watch.metrics, "deliveries_total", queue="chats", outcome="delivered") == 1


@pytest.mark.parametrize(
    ("key", "outcome"), [("update:7:0", "later"), ("update:7:0", "given_up"), ("x:1", "delivered")]
)
def test_other_rows_and_failed_deliveries_are_not_measured(
    watch: Monitor, key: str, outcome: str
) -> None:
    with watch.delivery(a_row(key)) as delivery:
        delivery.count(outcome)

    assert reading(watch.metrics, "reply_seconds_count") == 0
    assert reading(watch.metrics, "deliveries_total", queue="chats", outcome=outcome) == 1


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (None, "ok"),
        (RetryAfterError(3), "retry_after"),
        (BlockedError("gone"), "blocked"),
        (RefusedError("no"), "refused"),
        (RefusedTokenError("Unauthorized"), "unauthorized"),
        (ConflictError("two"), "refused"),
        (UnreachableError("dead"), "unreachable"),
    ],
)
async def test_bot_api_calls_are_counted_by_result(
    watch: Monitor, error: TelegramError | None, result: str
) -> None:
    calls = InstrumentedCalls(Api(error), watch)

    ended = await asyncio.gather(calls.call("sendMessage"), return_exceptions=True)

    assert list(ended) == [error or "sendMessage"]
    counted = reading(watch.metrics, "telegram_calls_total", method="sendMessage", result=result)
    assert counted == 1


async def test_long_polls_are_left_out_of_the_call_duration(watch: Monitor) -> None:
    await InstrumentedCalls(Api(), watch).call("getUpdates")

    assert reading(watch.metrics, "telegram_call_seconds_count") == 0


def test_a_serving_bot_reports_no_trouble(watch: Monitor) -> None:
    with watch.turn():
        found = watch.troubles()

    assert found == []


@pytest.mark.parametrize("phase", [ProcessPhase.STARTING, ProcessPhase.STOPPING])
def test_a_starting_or_stopping_bot_is_not_ready(watch: Monitor, phase: ProcessPhase) -> None:
    watch.phase = phase

    assert watch.troubles() == [f"the bot is {phase.value}"]


async def fail_once(watch: Monitor) -> None:
    silent = InstrumentedCalls(Api(UnreachableError("dead")), watch)
    await asyncio.gather(silent.call("getMe"), return_exceptions=True)


async def test_one_failed_call_is_no_trouble_yet(watch: Monitor) -> None:
    await fail_once(watch)

    assert watch.troubles() == []


async def test_a_silent_telegram_is_a_trouble_until_it_responds() -> None:
    watch = serving(silent=-1)
    await fail_once(watch)

    found = watch.troubles()
    await InstrumentedCalls(Api(), watch).call("getMe")

    assert found == ["Telegram has given no answer for 0 s"]
    assert watch.troubles() == []


def test_a_stuck_turn_is_a_trouble_while_it_runs() -> None:
    watch = serving(stuck=-1)

    with watch.turn():
        found = watch.troubles()

    assert found == ["1 turns are under way for more than -1 s"]
    assert watch.troubles() == []


def test_every_metric_has_our_prefix_or_is_a_process_metric() -> None:
    names = {family.name for family in Metrics().registry.collect()}

    assert "helpdesk_turns" in names
    assert [one for one in names if not one.startswith(("helpdesk_", "process_", "python_"))] == []
