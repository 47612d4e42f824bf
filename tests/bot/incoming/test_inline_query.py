"""Inline mode: what is offered to somebody who writes `@bot question` in any chat."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.gateways.telegram.client import UnreachableError
from bot.incoming.inline_query import InlineAnswers
from bot.presentation.renderer import Presenter
from bot.presentation.templates import Templating
from knowledge.answering.engine import AnswerEngine
from tests.support.api_checks import judged
from tests.support.chat import ADA, Conversation
from tests.support.libraries import a_library, an_article, shipped_library
from tests.support.scenes import opened_scene
from tests.support.telegram import RecordedTelegram

FEES = an_article("fees", "how much are the fees", "what does it cost")
SECRET = replace(an_article("secret", "how much are the inner fees"), public=False)


def answers(telegram: RecordedTelegram) -> InlineAnswers:
    engine = AnswerEngine(shipped_library())
    present = Presenter(Templating(brand="Test Desk", code_digits=6))
    return InlineAnswers(calls=telegram, engine=lambda: engine, present=present)


def asked(query: str, **more: Any) -> dict[str, Any]:
    person = {"id": ADA, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    return {"id": "77", "from": person, "query": query, "offset": "", **more}


async def offered(query: str) -> dict[str, Any]:
    telegram = RecordedTelegram()
    await answers(telegram).answer(asked(query))
    [(method, wire)] = telegram.calls
    assert method == "answerInlineQuery"
    assert judged(method, wire) == []
    return wire


async def test_the_best_article_comes_first_and_can_be_sent() -> None:
    wire = await offered("how do I verify my phone number")

    best = wire["results"][0]
    assert best["title"] == "Verifying your phone number"
    assert best["input_message_content"]["message_text"].startswith(
        "<b>Verifying your phone number</b>"
    )
    assert "Did this help?" not in best["input_message_content"]["message_text"]
    assert wire["is_personal"] is True
    assert wire["button"]["start_parameter"] == "ask"


@pytest.mark.parametrize("query", ["", "   ", "hello", "weather in Lisbon", "x" * 256])
async def test_without_a_match_only_the_private_chat_is_offered(query: str) -> None:
    wire = await offered(query)

    assert wire["results"] == []
    assert wire["button"]["text"] == "Ask in a private chat"


async def test_an_article_that_is_not_public_is_not_offered() -> None:
    telegram = RecordedTelegram()
    engine = AnswerEngine(a_library(FEES, SECRET))
    present = Presenter(Templating(brand="Test Desk", code_digits=6))
    inline = InlineAnswers(calls=telegram, engine=lambda: engine, present=present)

    await inline.answer(asked("how much are the fees"))
    await inline.answer(asked("how much are the inner fees"))

    shown = [one["id"] for _, wire in telegram.calls for one in wire["results"]]
    assert "secret" not in shown
    assert "fees" in shown


async def test_an_inline_query_is_answered() -> None:
    telegram = RecordedTelegram()
    inline = answers(telegram)

    assert inline.take({"update_id": 1, "inline_query": asked("what are connects")})
    assert not inline.take({"update_id": 2, "message": {}})
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(inline.run(), 0.5)

    assert [wire["inline_query_id"] for _, wire in telegram.calls] == ["77"]


async def test_with_too_many_waiting_the_newer_queries_are_dropped() -> None:
    inline = answers(RecordedTelegram())

    assert all(inline.take({"inline_query": asked("x")}) for _ in range(500))


@pytest.mark.parametrize("query", [{}, {"id": "1"}, asked("what are connects")])
async def test_an_unanswerable_query_stops_nothing(
    query: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    telegram = RecordedTelegram(failures=[UnreachableError("answerInlineQuery: Timeout")])

    with caplog.at_level(logging.INFO):
        await answers(telegram).answer(query)

    assert "an inline question" in caplog.text
    assert "what are connects" not in caplog.text


async def test_inline_results_hold_no_facts_of_a_linked_reader(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with opened_scene(sqlite_url, folder=tmp_path) as scene:
        ada: Conversation = scene.person(ADA)
        await ada.link()
        [private] = await ada.say("how do I verify my phone number?")
        before = len(ada.messages)

        wire = await ada.ask_inline("how do I verify my phone number?")

        public = wire["results"][0]["input_message_content"]["message_text"]
        assert private.html.partition("Did this help?")[0].strip() != public
        assert len(ada.messages) == before


async def test_an_inline_query_is_not_stored(sqlite_url: str, tmp_path: Path) -> None:
    async with opened_scene(sqlite_url, folder=tmp_path) as scene:
        question = asked("what are connects")

        await scene.parts.intake.take([{"update_id": 1, "inline_query": question}])

        assert not await scene.parts.desk.database.inbox_queue.waiting_lanes()


async def test_a_person_coming_from_inline_mode_is_welcomed(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with opened_scene(sqlite_url, folder=tmp_path) as scene:
        [welcome] = await scene.person(ADA).say("/start ask")

        assert "link" in welcome.text.lower()
        assert "older" not in welcome.text
