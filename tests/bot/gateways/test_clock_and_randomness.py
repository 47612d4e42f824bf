"""The real clock and the real dice."""

import re
from datetime import UTC, datetime

from bot.gateways.clock import SystemClock
from bot.gateways.randomness import SystemDice
from state.store.sql.types import from_milliseconds, to_milliseconds


def test_the_clock_is_aware_utc_and_never_goes_back() -> None:
    clock = SystemClock()

    moments = [clock.now() for _ in range(100)]

    assert moments == sorted(moments)
    assert {moment.tzinfo for moment in moments} == {UTC}


def test_the_clock_has_the_precision_of_the_database() -> None:
    odd = datetime(2026, 11, 23, 12, 0, 0, 123_999, tzinfo=UTC)
    clock = SystemClock(wall=lambda: odd, ticks=float)

    moment = clock.now()

    assert moment == from_milliseconds(to_milliseconds(moment))
    assert moment == odd.replace(microsecond=123_000)


def test_generated_ids_fit_where_they_are_sent() -> None:
    dice = SystemDice()

    assert re.fullmatch(r"[0-9a-f]{32}", dice.session_id())
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", dice.link_token())
    assert re.fullmatch(r"[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}", dice.link_code())
    assert len(dice.seed()) == 16


def test_a_link_code_looks_like_neither_a_word_nor_a_number() -> None:
    dice = SystemDice()

    codes = [dice.link_code().replace("-", "") for _ in range(1000)]

    assert not [code for code in codes if code.isalpha() or code.isdecimal()]


def test_generated_values_never_repeat() -> None:
    dice = SystemDice()

    assert len({dice.session_id() for _ in range(1000)}) == 1000
    assert len({dice.seed() for _ in range(1000)}) == 1000
