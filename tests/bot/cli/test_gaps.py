"""`helpdesk gaps`."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from state.model.chat import ChatId
from state.model.question import Fault, Outcome, Question, QuestionId
from state.ports import UnitOfWork
from tests.bot.cli.terminal import Terminal
from tests.support.databases import opened

NOTHING = Question(
    id=QuestionId(0),
    chat_id=ChatId(700123),
    message_id=9000,
    place=0,
    language="en",
    words="transfer connects to a friend",
    outcome=Outcome.NOTHING,
    slug=None,
    runner_up=None,
    score=0.1,
    asked_at=datetime.now(UTC),
)
UNHELPFUL = replace(
    NOTHING,
    words="what are connects",
    outcome=Outcome.FOUND,
    slug="what-are-connects",
    helpful=False,
    fault=Fault.NOT_MEANT,
)
OLD = replace(NOTHING, words="long ago", asked_at=NOTHING.asked_at - timedelta(days=31))


async def fill(url: str, *questions: Question) -> None:
    async def work(unit: UnitOfWork) -> None:
        for question in questions:
            await unit.questions.add(question)

    async with opened(url) as database:
        await database.transact(work)


@pytest.fixture
def asked(terminal: Terminal) -> Terminal:
    terminal.run("db", "upgrade")
    url = f"sqlite+aiosqlite:///{terminal.folder / 'helpdesk.db'}"
    again = replace(NOTHING, words="Transferring connects to friends")
    asyncio.run(fill(url, UNHELPFUL, NOTHING, again, OLD))
    return terminal


def test_the_largest_gap_comes_first_with_its_nearest_articles(asked: Terminal) -> None:
    said = asked.run("gaps")

    first, second = said.out.splitlines()
    assert first.startswith("   2  transfer connects to a friend  (2 nothing; nearest: ")
    assert second == ("   1  what are connects  (1 not meant; nearest: what-are-connects)")


def test_the_output_identifies_nobody(asked: Terminal) -> None:
    said = asked.run("gaps", "--json", "--days", "60")

    assert "700123" not in said.out
    assert '"count": 2' in said.out
    assert "long ago" in said.out


def test_at_most_the_requested_number_is_listed(asked: Terminal) -> None:
    assert len(asked.run("gaps", "--top", "1").out.splitlines()) == 1


def test_without_gaps_the_command_says_so(terminal: Terminal) -> None:
    assert terminal.run("gaps").out == "Nothing was asked in vain.\n"
