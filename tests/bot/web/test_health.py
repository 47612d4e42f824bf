"""The internal listener: whether the bot lives, is of use, and what it counted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from bot.telemetry.monitor import Monitor, ProcessPhase
from bot.web.health import Health
from bot.web.server import application
from state.model.work import Queue
from state.ports import Backlog, WaitingRows
from tests.support.fakes import START, FakeClock

FOUND = Backlog(
    inbox=WaitingRows(2, START - timedelta(seconds=30)),
    outbox={
        Queue.CHATS: WaitingRows(5, START - timedelta(seconds=9)),
        Queue.EVENTS: WaitingRows(0, None),
    },
)


@asynccontextmanager
async def listener(
    *, trouble: str | None = None, phase: ProcessPhase = ProcessPhase.SERVING
) -> AsyncIterator[TestClient[Any, Any]]:
    async def database_trouble() -> str | None:
        return trouble

    async def backlog() -> Backlog:
        return FOUND

    watch = Monitor(FakeClock())
    watch.phase = phase
    health = Health(monitor=watch, database_trouble=database_trouble, backlog=backlog)
    async with TestClient(TestServer(application(health.routes()))) as client:
        yield client


async def samples(answer: ClientResponse) -> dict[tuple[str, str], float]:
    """By name and, where there is one, the only label's value."""
    families = text_string_to_metric_families(await answer.text())
    return {
        (one.name, next(iter(one.labels.values()), "")): one.value
        for family in families
        for one in family.samples
    }


async def test_a_serving_bot_is_ready() -> None:
    async with listener() as client:
        answer = await client.get("/health/ready")

        assert answer.status == 200
        assert await answer.json() == {"ready": True, "troubles": []}


async def test_reasons_for_not_being_ready_are_listed() -> None:
    async with listener(trouble="no database", phase=ProcessPhase.STARTING) as client:
        answer = await client.get("/health/ready")

        assert answer.status == 503
        assert (await answer.json())["troubles"] == ["the bot is starting", "no database"]


async def test_liveness_ignores_troubles() -> None:
    async with listener(trouble="no database", phase=ProcessPhase.STOPPING) as client:
        answer = await client.get("/health/live")

        assert (answer.status, await answer.json()) == (200, {"alive": True})


async def test_the_backlog_is_exposed_with_its_age() -> None:
    async with listener() as client:
        answer = await client.get("/metrics")
        found = await samples(answer)

    assert answer.content_type == "text/plain"
    assert found["helpdesk_inbox_waiting", ""] == 2
    assert found["helpdesk_inbox_oldest_seconds", ""] == 30
    assert found["helpdesk_outbox_waiting", "chats"] == 5
    assert found["helpdesk_outbox_oldest_seconds", "chats"] == 9
    assert found["helpdesk_outbox_oldest_seconds", "events"] == 0
    assert found["helpdesk_database_up", ""] == 1


async def test_metrics_are_served_without_a_database() -> None:
    async with listener(trouble="no database") as client:
        answer = await client.get("/metrics")
        found = await samples(answer)

    assert answer.status == 200
    assert found["helpdesk_database_up", ""] == 0
    assert found["helpdesk_turn_seconds_count", ""] == 0
