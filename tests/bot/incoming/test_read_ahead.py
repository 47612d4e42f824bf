"""Questions that take long to read are read before their turn, the short ones first."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

import pytest

from bot.incoming.read_ahead import SHORT, QuestionPrefetcher
from knowledge.answering.engine import AnswerEngine
from knowledge.model import Answer, Slug
from state.model.work import Incoming
from tests.support.fakes import START
from tests.support.libraries import a_library, an_article
from tests.support.scripted import CHAT, LANE, USER, a_press

LONG = "how do I brew " + "green tea " * 60
LIBRARY = a_library(an_article("green-tea", "how do I brew green tea", "why is my tea bitter"))


class Recording(AnswerEngine):
    """Notes what it read; by meaning, if it is told to be slow."""

    def __init__(self, *, by_words_alone: bool = True, broken: bool = False) -> None:
        super().__init__(LIBRARY)
        self.by_words_alone = by_words_alone
        self.broken = broken
        self.read: list[tuple[str, str]] = []

    def ask_all(self, text: str, language: str, after: Slug | None = None) -> tuple[Answer, ...]:
        self.read.append((text, language))
        if self.broken:
            raise ValueError("this engine is broken")
        return super().ask_all(text, language, after)


def row(number: int, text: str, **more: object) -> Incoming:
    message = {"message_id": 1, "date": 0, "chat": CHAT, "from": USER, "text": text, **more}
    return a_row(number, {"message": message})


def a_row(number: int, content: object) -> Incoming:
    return Incoming(update_id=number, lane=LANE, payload=json.dumps(content), received_at=START)


@asynccontextmanager
async def running(ahead: QuestionPrefetcher) -> AsyncIterator[asyncio.Queue[str]]:
    """Yields the lanes that are woken."""
    woken: asyncio.Queue[str] = asyncio.Queue()

    def wake(lanes: Collection[str]) -> None:
        for lane in lanes:
            woken.put_nowait(lane)

    async with asyncio.TaskGroup() as background:
        task = background.create_task(ahead.run(wake))
        await asyncio.sleep(0.01)
        yield woken
        task.cancel()


@pytest.mark.parametrize("by_words_alone", [True, False])
async def test_a_long_question_is_postponed_until_it_is_ranked(*, by_words_alone: bool) -> None:
    engine = Recording(by_words_alone=by_words_alone)
    ahead = QuestionPrefetcher(lambda: engine)
    async with running(ahead) as woken:
        before = ahead.is_read(row(1, LONG)), ahead.is_read(row(1, LONG))
        lane = await asyncio.wait_for(woken.get(), 5)

    assert before == (False, False)
    assert lane == LANE
    assert ahead.is_read(row(1, LONG))
    assert engine.read == [(LONG[:600], "de")]


@pytest.mark.parametrize(("by_words_alone", "at_once"), [(True, True), (False, False)])
async def test_a_short_question_is_postponed_only_for_the_semantic_ranker(
    *, by_words_alone: bool, at_once: bool
) -> None:
    ahead = QuestionPrefetcher(lambda: Recording(by_words_alone=by_words_alone))
    async with running(ahead):
        assert ahead.is_read(row(1, "how do I brew green tea")) == at_once


@pytest.mark.parametrize(
    "other",
    [
        row(1, "/start " + "x" * 4000),
        row(1, "482 913 " * 100),
        row(1, LONG, chat={**CHAT, "type": "supergroup"}),
        a_row(1, a_press()),
        a_row(1, {"message": {"chat": CHAT}}),
        Incoming(update_id=1, lane=LANE, payload='{"message', received_at=START),
    ],
    ids=["a command", "digits", "a group", "a press", "a sticker", "half an update"],
)
async def test_other_updates_are_not_postponed(other: Incoming) -> None:
    ahead = QuestionPrefetcher(lambda: Recording(by_words_alone=False))
    async with running(ahead):
        assert ahead.is_read(other)


async def test_an_edited_question_is_postponed_too() -> None:
    message = {"message_id": 1, "date": 0, "chat": CHAT, "from": USER, "text": LONG}
    ahead = QuestionPrefetcher(Recording)
    async with running(ahead):
        assert not ahead.is_read(a_row(1, {"edited_message": message}))


async def test_without_a_running_prefetcher_nothing_is_postponed() -> None:
    assert QuestionPrefetcher(Recording).is_read(row(1, LONG))


async def test_a_shorter_question_overtakes_longer_ones_a_limited_number_of_times() -> None:
    engine = Recording()
    ahead = QuestionPrefetcher(lambda: engine)
    long, short = LONG[:600], LONG[: SHORT + 1]
    async with running(ahead) as woken:
        texts = [long, short, *[long] * 60, short]
        for number, text in enumerate(texts):
            ahead.is_read(row(number, text))
        for _ in texts:
            await asyncio.wait_for(woken.get(), 5)

    order = [len(text) for text, _ in engine.read]
    assert order[:2] == [len(short), len(long)]
    assert 2 < len(order) - order[::-1].index(len(short)) < len(order)


async def test_a_question_that_could_not_be_ranked_ahead_is_ranked_in_its_turn(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ahead = QuestionPrefetcher(lambda: Recording(broken=True))
    async with running(ahead) as woken:
        ahead.is_read(row(1, LONG))
        await asyncio.wait_for(woken.get(), 5)

        assert ahead.is_read(row(1, LONG))
    assert "could not be read ahead" in caplog.text
