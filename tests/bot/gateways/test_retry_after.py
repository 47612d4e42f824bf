"""While a wait that Telegram asked for lasts, nobody writes there, from no lane."""

import pytest

from bot.gateways.telegram.call_middlewares import RetryAfterCalls
from bot.gateways.telegram.client import RetryAfterError
from bot.gateways.telegram.send_rate import ENOUGH_REFUSALS, SendRateLimiter
from tests.support.fakes import FakeClock
from tests.support.telegram import RecordedTelegram


async def say(calls: RetryAfterCalls, chat_id: int) -> object:
    return await calls.call("sendMessage", chat_id=chat_id, text="Hello")


async def test_a_call_is_not_repeated_before_its_retry_after_has_passed() -> None:
    telegram, clock = RecordedTelegram(failures=[RetryAfterError(30)]), FakeClock()
    calls = RetryAfterCalls(telegram, SendRateLimiter(clock))

    with pytest.raises(RetryAfterError):
        await say(calls, 1)
    clock.forward(seconds=29, milliseconds=1)
    with pytest.raises(RetryAfterError, match="1 s"):
        await say(calls, 1)
    asked_early = len(telegram.calls)
    clock.forward(seconds=1)
    await say(calls, 1)

    assert asked_early == 1
    assert len(telegram.calls) == 2


async def test_other_chats_get_messages_meanwhile() -> None:
    telegram = RecordedTelegram(failures=[RetryAfterError(30)])
    calls = RetryAfterCalls(telegram, SendRateLimiter(FakeClock()))

    with pytest.raises(RetryAfterError):
        await say(calls, 1)
    await say(calls, 2)

    assert [call["chat_id"] for _, call in telegram.calls] == [1, 2]


async def test_after_a_bot_wide_retry_after_no_chat_gets_messages() -> None:
    telegram = RecordedTelegram(failures=[RetryAfterError(5)] * ENOUGH_REFUSALS)
    calls = RetryAfterCalls(telegram, SendRateLimiter(FakeClock()))

    for chat in range(1, ENOUGH_REFUSALS + 1):
        with pytest.raises(RetryAfterError):
            await say(calls, chat)
    with pytest.raises(RetryAfterError):
        await say(calls, 77)

    assert len(telegram.calls) == ENOUGH_REFUSALS
