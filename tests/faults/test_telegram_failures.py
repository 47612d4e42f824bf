"""Whatever the Bot API does to a message, the person gets it, once, and in order."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from state.model.chat import ChatId
from state.model.work import SendReply
from tests.chaos.failing_bot_api import Fault, in_turn
from tests.chaos.world import World
from tests.faults.ledger import Ledger
from tests.faults.running_bot import (
    ADA,
    BEN,
    CAY,
    DEE,
    PATIENCE,
    answers,
    ask,
    is_told,
    opened_day,
    until,
)
from tests.support.databases import opened

pytestmark = pytest.mark.timeout(90)

HARMLESS = [each for each in Fault if each is not Fault.LOST_ANSWER]


@pytest.mark.parametrize("fault", HARMLESS, ids=lambda fault: fault.name)
async def test_a_reply_arrives_once_and_in_order_despite_bot_api_failures(
    sqlite_url: str, tmp_path: Path, fault: Fault
) -> None:
    async with opened_day(sqlite_url, tmp_path, forecast=in_turn(fault)) as world:
        ask(world, ADA, "lantern", "violin")
        told = await is_told(world, ADA, 2)
        await asyncio.sleep(0.1)

        assert told == answers("lantern", "violin")
        assert world.weather.faults == {fault: 1}
        assert world.weather.early == 0

    async with opened(sqlite_url) as database:
        assert await Ledger(database).given_up() == []


async def test_a_lost_bot_api_response_sends_the_message_twice(
    sqlite_url: str, tmp_path: Path
) -> None:
    forecast = in_turn(Fault.LOST_ANSWER)
    async with opened_day(sqlite_url, tmp_path, forecast=forecast) as world:
        ask(world, ADA, "lantern", "violin")

        assert await is_told(world, ADA, 3) == answers("lantern", "lantern", "violin")


def calls_to(world: World, chat: int) -> list[float]:
    return [at for at, _, to in world.weather.asked if to == chat]


async def test_a_retry_after_for_one_chat_does_not_delay_others(
    sqlite_url: str, tmp_path: Path
) -> None:
    forecast = in_turn(Fault.TOO_MANY)
    async with opened_day(sqlite_url, tmp_path, forecast=forecast, retry_after=2) as world:
        ask(world, ADA, "lantern", "violin")
        await until(lambda: world.weather.faults)
        ask(world, BEN, "compass")
        await is_told(world, BEN, 1)
        meanwhile = list(world.told(ADA))
        await is_told(world, ADA, 2)

        refused, again, *_ = calls_to(world, ADA)
        assert meanwhile == []
        assert world.told(ADA) == answers("lantern", "violin")
        assert again - refused >= 2
        assert world.weather.early == 0


async def test_after_a_bot_wide_retry_after_nothing_is_sent_until_it_has_passed(
    sqlite_url: str, tmp_path: Path
) -> None:
    forecast = in_turn(*[Fault.TOO_MANY] * 3)
    async with opened_day(sqlite_url, tmp_path, forecast=forecast, retry_after=2) as world:
        for chat in (ADA, BEN, CAY):
            ask(world, chat, "lantern")
        await until(lambda: world.weather.faults[Fault.TOO_MANY] == 3)
        ask(world, DEE, "violin")
        told = [await is_told(world, chat, 1) for chat in (ADA, BEN, CAY, DEE)]

        calls = sorted(at for at, _, _ in world.weather.asked)
        assert told == [*[answers("lantern")] * 3, answers("violin")]
        assert calls[3] - calls[2] >= 1.9
        assert len(calls) == 7


async def test_a_chat_that_blocked_the_bot_gets_nothing_until_the_person_writes_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with opened_day(sqlite_url, tmp_path, forecast=in_turn(Fault.SLOW)) as world:
        chat = world.telegram.chats.of(ADA)
        ask(world, ADA, "lantern")
        await until(lambda: world.weather.faults)
        chat.blocked = True
        await row_for_ada(sqlite_url)
        blocked, tried, told = (
            await is_given_up(sqlite_url),
            len(calls_to(world, ADA)),
            world.told(ADA),
        )
        chat.blocked = False
        ask(world, ADA, "whistle")

        assert blocked[-1] == "the person blocked the bot"
        assert (tried, told) == (1, [])
        assert await is_told(world, ADA, 1) == answers("whistle")


async def row_for_ada(url: str) -> None:
    """What the marketplace's news would lead to: a message nobody has just asked for."""
    news = SendReply(chat_id=ChatId(ADA), text="News")
    async with opened(url) as database:
        await database.transact(
            lambda unit: unit.outbox.add(
                news, lane=f"chat:{ADA}", key="news", due_at=datetime.now(UTC)
            )
        )


async def is_given_up(url: str) -> list[str]:
    """The reasons, once there are two."""
    async with opened(url) as database, asyncio.timeout(PATIENCE):
        while len(reasons := await Ledger(database).given_up()) < 2:  # noqa: ASYNC110 - the bot's affair
            await asyncio.sleep(0.02)
        return reasons


async def test_a_message_deleted_before_its_edit_is_sent_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with opened_day(sqlite_url, tmp_path) as world:
        asked = world.telegram.visitors.say(ADA, "All about the lantern")
        await is_told(world, ADA, 1)
        chat = world.telegram.chats.of(ADA)
        [answer] = [one["message_id"] for one in chat.messages.values() if one["from"]["is_bot"]]
        world.telegram.chats.remove(chat, [answer])
        world.telegram.visitors.edit(ADA, asked["message_id"], "All about the violin")

        assert await is_told(world, ADA, 2) == answers("lantern", "violin")


@pytest.mark.parametrize("order", [(1, 2, 3), (2, 1, 3, 2, 1), (3, 3, 1, 2)], ids=str)
async def test_repeated_and_reordered_updates_are_answered_once_each(
    sqlite_url: str, tmp_path: Path, order: tuple[int, ...]
) -> None:
    things = {1: "lantern", 2: "violin", 3: "compass"}
    async with opened_day(sqlite_url, tmp_path, polling=False) as world:
        world.telegram.chats.of(ADA).started = True
        statuses = [await post(world, number, things[number]) for number in order]
        await is_told(world, ADA, 3)
        await asyncio.sleep(0.1)

        assert set(statuses) == {200}
        assert sorted(world.told(ADA)) == sorted(answers(*things.values()))


async def post(world: World, number: int, thing: str) -> int:
    """As Telegram does, and perhaps once too often."""
    person = {"id": ADA, "is_bot": False, "first_name": "Ada"}
    message = {
        "message_id": number,
        "date": 0,
        "chat": {"id": ADA, "type": "private", "first_name": "Ada"},
        "from": person,
        "text": f"All about the {thing}",
    }
    headers = {"X-Telegram-Bot-Api-Secret-Token": "chaos"}
    url = f"http://127.0.0.1:{world.ports[0]}/telegram"
    body = {"update_id": number, "message": message}
    async with world.http.post(url, json=body, headers=headers) as answer:
        return answer.status
