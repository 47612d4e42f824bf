"""Telegram refuses the bot's token for a while: nothing is lost, and it is told once."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from sqlalchemy import select

from bot.app import running
from bot.gateways.telegram.client import RefusedTokenError
from bot.outgoing.results import GiveUp, TryLater
from state.store.tables import outbox
from state.store.tables.work import WorkState
from tests.journeys.test_polling_and_webhook import settings_at
from tests.support.bot_api import HttpBotApi, Refusal
from tests.support.chat import ANN, GROUP, Conversation, Scene
from tests.support.emulator import until
from tests.support.scenes import opened_scene

REFUSALS: list[Refusal] = [
    (401, "Unauthorized"),
    (404, "Not Found"),
    (400, "Logged out"),
]


@pytest_asyncio.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        database_url, folder=tmp_path, staff_chat_id=GROUP, send_rate_group=0
    ) as scene:
        yield scene


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_a_reply_is_sent_once_the_token_is_accepted_again(
    refusal: Refusal, sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    api = HttpBotApi()
    api.refuse = lambda method: (
        refusal if method == "sendMessage" and len(api.named(method)) < 3 else None
    )
    caplog.set_level(logging.INFO)

    async with (
        TestServer(api.app()) as server,
        running(settings_at(server, sqlite_url, tmp_path)),
    ):
        api.say("/start")
        await until(lambda: len(api.named("sendMessage")) == 3)
        await until(lambda: "Telegram accepts the token again" in caplog.text)

    assert "Hello" in api.named("sendMessage")[-1]["text"]
    assert caplog.text.count("Telegram refuses HELPDESK_TOKEN") <= 2
    assert "given up" not in caplog.text


async def test_a_call_of_a_method_unknown_to_the_server_is_given_up(
    sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    api = HttpBotApi(refuse=_lacking)
    async with (
        TestServer(api.app()) as server,
        running(settings_at(server, sqlite_url, tmp_path)),
    ):
        api.say("/start")
        await until(lambda: "is given up" in caplog.text)

    assert len(api.named("sendMessage")) == 1


def _lacking(method: str) -> Refusal | None:
    return (404, "Not Found: method not found") if method == "sendMessage" else None


async def _reply(ada: Conversation, ann: Conversation) -> None:
    await ada.say("/help")


async def _words_to_group(ada: Conversation, ann: Conversation) -> None:
    await ada.say("one")


async def _words_to_caller(ada: Conversation, ann: Conversation) -> None:
    await ann.say("one")


async def _edit(ada: Conversation, ann: Conversation) -> None:
    await ada.say("one")
    await ada.edit("two")


async def _edit_by_staff(ada: Conversation, ann: Conversation) -> None:
    await ann.say("one")
    await ann.edit("two")


async def _deletion(ada: Conversation, ann: Conversation) -> None:
    await ann.say("one")
    said: dict[str, Any] = ada.scene.telegram.said[(GROUP, ann.said)]
    await ann.message(text="/delete", reply_to_message=said)


async def _export(ada: Conversation, ann: Conversation) -> None:
    await ada.say("/export")


async def _new_topic(ada: Conversation, ann: Conversation) -> None:
    await ada.scene.person(1002).say("/human")


async def _closing(ada: Conversation, ann: Conversation) -> None:
    await ann.say("/close")


@pytest.mark.parametrize(
    ("method", "act"),
    [
        ("sendMessage", _reply),
        ("copyMessage", _words_to_group),
        ("copyMessage", _words_to_caller),
        ("editMessageText", _edit),
        ("editMessageText", _edit_by_staff),
        ("deleteMessage", _deletion),
        ("sendDocument", _export),
        ("createForumTopic", _new_topic),
        ("closeForumTopic", _closing),
    ],
)
async def test_every_kind_of_row_waits_while_the_token_is_refused(
    ada: Conversation, method: str, act: Callable[[Conversation, Conversation], Awaitable[None]]
) -> None:
    scene = ada.scene
    await ada.say("/human")
    ann = scene.staff(ANN)
    scene.telegram.failing = {method: RefusedTokenError(f"{method}: Unauthorized")}

    await act(ada, ann)
    for _ in range(8):
        await scene.wait(seconds=10)

    assert scene.telegram.failing == {}, "the refusal was met"
    assert [name for name, _ in scene.telegram.calls].count(method) >= 2
    async with scene.parts.desk.database.connections.reading() as transaction:
        rows = await transaction.all(select(outbox.c.kind, outbox.c.state, outbox.c.reason))
    assert [row for row in rows if row.state == WorkState.GIVEN_UP.value] == []


async def test_a_row_is_given_up_after_a_day_of_refused_tokens(ada: Conversation) -> None:
    scene = ada.scene
    found = []
    scene.telegram.failures = [RefusedTokenError("sendMessage: Unauthorized")] * 3
    await ada.say("/help")
    for hours in (23, 2):
        scene.clock.forward(hours=hours)
        rows = await scene._due()
        found += [await scene.parts.outbox.deliver(row) for row in rows if row.lane == "chat:1001"]

    assert isinstance(found[0], TryLater)
    assert isinstance(found[-1], GiveUp)
