"""Telegram's limits are kept before it has to name them, and what it asks for is obeyed."""

from collections.abc import Iterator

import pytest

from bot.gateways.telegram.send_rate import (
    ENOUGH_REFUSALS,
    SendLimits,
    SendRateLimiter,
    limits_of,
    share_among_processes,
)
from bot.rate_limit import Limit
from state.store.sql.locks import SoleClaims
from tests.support.fakes import FakeClock

ADA, BEN, GROUP = "chat:1", "chat:2", "chat:-100"


def pace_of(clock: FakeClock, *, desk: int = 0, chat: int = 0, group: int = 0) -> SendRateLimiter:
    return SendRateLimiter(clock, limits_of(desk=desk, chat=chat, group=group))


def sends(pace: SendRateLimiter, clock: FakeClock, *lanes: str, seconds: int) -> Iterator[float]:
    """The moments at which something goes out, if each lane always has more to say."""
    began = clock.now()
    for _ in range(seconds * 100):
        for lane in lanes:
            if not pace.take(lane):
                yield (clock.now() - began).total_seconds()
        clock.forward(milliseconds=10)


def most_within(moments: list[float], span: float) -> int:
    return max(sum(0 <= other - at < span - 1e-6 for other in moments) for at in moments)


def test_a_chat_may_burst_and_then_get_one_message_a_second() -> None:
    clock = FakeClock()
    pace = pace_of(clock, chat=1)

    moments = list(sends(pace, clock, ADA, seconds=60))

    assert moments[:5] == [0, 0.01, 0.02, 0.03, 0.04]
    assert most_within(moments, 5) == 5
    assert len(moments) == 60


def test_a_chat_that_waits_only_for_the_total_limit_blocks_nobody() -> None:
    clock = FakeClock()
    pace = pace_of(clock, desk=1, chat=1)
    pace.take(ADA)
    clock.forward(seconds=6)
    pace.take(BEN)

    waits = pace.take(ADA)  # what went to her is forgotten, and it is not her turn
    clock.forward(seconds=1)

    assert waits > 0
    assert [pace.take(BEN), pace.size] == [0.0, 3]


def test_a_group_gets_twenty_messages_in_any_minute() -> None:
    clock = FakeClock()
    pace = pace_of(clock, chat=1, group=20)

    moments = list(sends(pace, clock, GROUP, seconds=130))

    assert most_within(moments, 60) == 20
    assert len(moments) == 60


def test_all_chats_together_get_thirty_messages_in_any_second() -> None:
    clock = FakeClock()
    pace = pace_of(clock, desk=30, chat=1)

    moments = list(sends(pace, clock, *(f"chat:{n}" for n in range(500)), seconds=4))

    assert most_within(moments, 1) == 30
    assert len(moments) == 120


def test_waiting_as_long_as_told_is_enough() -> None:
    clock = FakeClock()
    pace = pace_of(clock, chat=1)
    list(sends(pace, clock, ADA, seconds=1))

    rest = pace.take(ADA)
    clock.forward(seconds=rest)

    assert rest == pytest.approx(4)
    assert pace.take(ADA) == 0


def test_a_waiting_chat_does_not_delay_others() -> None:
    clock = FakeClock()
    pace = pace_of(clock, desk=30, chat=1)
    list(sends(pace, clock, ADA, seconds=1))

    assert pace.take(ADA) > 0
    assert pace.take(BEN) == 0


def test_lanes_that_write_to_no_chat_never_wait() -> None:
    pace = pace_of(FakeClock(), desk=1)
    pace.take(ADA)

    assert pace.take(BEN) > 0
    assert [pace.take("call:1") for _ in range(3)] == [0, 0, 0]


def test_without_limits_nothing_waits() -> None:
    pace = pace_of(FakeClock())

    assert {pace.take(ADA) for _ in range(100)} == {0}
    assert pace.size == 0


@pytest.mark.parametrize(
    ("processes", "part"),
    [(1, Limit(30, 1)), (2, Limit(15, 1)), (4, Limit(7, 14 / 15)), (60, Limit(1, 2))],
)
def test_each_process_keeps_to_its_share(processes: int, part: Limit) -> None:
    assert Limit(30, 1).shared(processes) == part


def test_two_processes_send_at_half_the_rate_each() -> None:
    clock = FakeClock()
    pace = pace_of(clock, desk=30)
    pace.share(2)

    moments = list(sends(pace, clock, ADA, seconds=2))

    assert len(moments) == 30


async def test_the_number_of_processes_is_recounted_and_a_lost_connection_stops_nothing() -> None:
    clock, claims = FakeClock(), Crowded(failures=1)
    pace = pace_of(clock, desk=30)

    with pytest.raises(SeenEnoughError):
        await share_among_processes(claims, pace, pause=0)

    assert len(list(sends(pace, clock, ADA, seconds=1))) == 10


class SeenEnoughError(BaseException):
    """Ends a loop that has no end."""


class Crowded(SoleClaims):
    """Three processes share it, once it can be reached."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.asked = 0

    async def process_count(self) -> int:
        self.asked += 1
        if self.asked <= self.failures:
            raise OSError("no database")
        if self.asked > self.failures + 1:
            raise SeenEnoughError
        return 3


def test_a_retry_after_for_a_chat_stops_sends_to_it() -> None:
    clock = FakeClock()
    pace = pace_of(clock)

    pace.refused(ADA, 30)

    assert (pace.take(ADA), pace.take(BEN)) == (30, 0)
    clock.forward(seconds=30)
    assert pace.take(ADA) == 0


def refuse_all(pace: SendRateLimiter, *, seconds: float = 30) -> None:
    for chat in range(ENOUGH_REFUSALS):
        pace.refused(f"chat:{chat}", seconds)


def test_consecutive_refusals_of_several_chats_pause_all_sends() -> None:
    clock = FakeClock()
    pace = pace_of(clock)

    refuse_all(pace)

    assert pace.take("chat:77") == pace.desk_wait() == 30
    clock.forward(seconds=30)
    assert pace.take("chat:77") == 0


def test_refusals_with_successes_in_between_pause_only_their_chats() -> None:
    pace = SendRateLimiter(FakeClock(), SendLimits())

    for chat in range(10):
        pace.refused(f"chat:{chat}", 30)
        pace.succeeded()

    assert pace.take("chat:77") == 0


def test_idle_chats_use_no_memory() -> None:
    clock = FakeClock()
    pace = pace_of(clock, chat=1)

    for chat in range(1000):
        pace.take(f"chat:{chat}")
        clock.forward(seconds=1)

    assert pace.size == 61
