"""Attempts, the lock and the life of a code: the rulings as stories (T04 to T18)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from state.model.verification import (
    AlreadyVerified,
    AskAck,
    AskCode,
    Ending,
    Farewell,
    LockedOut,
    Open,
    PlaceCall,
    Reason,
    Silence,
    Verified,
    WaitUntil,
    WrongCode,
)
from state.rules.call_events import CodeHeard, HungUp, KeyPressed, NothingPressed, TimePassed
from tests.state.rules.call_stories import Story, heard
from tests.support.builders import KEY, OTHER_KEY
from tests.support.fakes import START

MS = timedelta(milliseconds=1)
DAY = timedelta(hours=24)
ASIDE = timedelta(minutes=11)
"""Long enough for every pause and every code to be over."""


@pytest.mark.attack("T04")
def test_two_wrong_codes_then_the_right_one_verify() -> None:
    story = Story().reach_code().say_wrong(2).say_right()

    assert story.round == Verified(START, KEY)
    assert story.prompt == Farewell(Ending.VERIFIED)


def test_each_wrong_code_returns_the_attempts_left() -> None:
    story = Story().reach_code()

    assert story.say_wrong().prompt == WrongCode(2)
    assert story.say_wrong().prompt == WrongCode(1)
    assert story.say_wrong().prompt == Farewell(Ending.LOCKED)


@pytest.mark.attack("T05")
def test_a_new_call_gives_no_new_attempts() -> None:
    story = Story().reach_code().say_wrong(2).hang_up().after(ASIDE)

    story.reach_code().say_wrong()

    assert story.how_it_ended is Ending.LOCKED


@pytest.mark.attack("T06")
def test_another_number_gives_no_new_attempts() -> None:
    story = Story().reach_code().say_wrong(2).hang_up().after(ASIDE)

    story.reach_code(OTHER_KEY).say_wrong()

    assert story.how_it_ended is Ending.LOCKED


@pytest.mark.attack("T08")
@pytest.mark.parametrize(
    ("since", "decision"),
    [
        (DAY - MS, WaitUntil(START + DAY, Reason.LOCKED)),
        (DAY, PlaceCall()),
        (DAY + MS, PlaceCall()),
    ],
    ids=["23:59:59.999", "24:00:00.000", "24:00:00.001"],
)
def test_the_lock_ends_at_exactly_the_announced_moment(since: timedelta, decision: object) -> None:
    story = Story().reach_code().say_wrong(3)

    assert story.after(since).may_call() == decision


@pytest.mark.attack("T11")
def test_a_lock_across_a_clock_change_lasts_24_real_hours() -> None:
    london = ZoneInfo("Europe/London")
    afternoon_before = datetime(2026, 3, 28, 13, 30, tzinfo=london)

    story = Story(now=afternoon_before.astimezone(UTC)).reach_code().say_wrong(3)

    assert isinstance(story.round, LockedOut)
    local = story.round.until.astimezone(london)
    assert (local.day, local.hour, local.minute) == (29, 14, 30)


def test_after_the_lock_a_new_round_begins() -> None:
    story = Story().reach_code().say_wrong(3).after(DAY)

    story.reach_code().say_wrong(2)

    assert story.prompt == WrongCode(1)


def test_wrong_codes_older_than_a_day_do_not_count() -> None:
    story = Story().reach_code().say_wrong(2).hang_up().after(DAY)

    story.reach_code().say_wrong()

    assert story.prompt == WrongCode(2)


@pytest.mark.parametrize(
    ("gap", "ending"),
    [(DAY / 2 - ASIDE, Ending.LOCKED), (DAY / 2, None)],
    ids=["three within a day", "the first is a day old"],
)
def test_each_wrong_code_counts_for_a_day(gap: timedelta, ending: Ending | None) -> None:
    story = Story().reach_code().say_wrong().hang_up().after(gap)
    story.reach_code().say_wrong().hang_up().after(gap)

    story.reach_code().say_wrong()

    assert story.how_it_ended is ending


@pytest.mark.attack("T63")
def test_verifying_another_number_keeps_the_wrong_codes_here() -> None:
    story = Story().reach_code(OTHER_KEY).say_wrong(2).hang_up().after(ASIDE)
    story.reach_code(KEY).say_right().after(ASIDE)

    story.reach_code(OTHER_KEY).say_wrong()

    assert story.how_it_ended is Ending.LOCKED


@pytest.mark.attack("T12")
@pytest.mark.parametrize(
    ("age", "ending"),
    [(timedelta(minutes=10) - 100 * MS, Ending.VERIFIED), (timedelta(minutes=10), Ending.EXPIRED)],
)
def test_a_code_expires_after_ten_minutes(age: timedelta, ending: Ending) -> None:
    story = Story().reach_code().after(age).say_right()

    assert story.how_it_ended is ending
    assert story.prompt == Farewell(ending)


@pytest.mark.attack("T12")
def test_an_expired_code_costs_no_attempt() -> None:
    story = Story().reach_code().say_wrong().after(timedelta(minutes=10)).say_wrong()

    assert story.how_it_ended is Ending.EXPIRED
    assert story.round == Open((START,))


@pytest.mark.attack("T13")
@pytest.mark.parametrize("matches", [True, False, None])
def test_a_code_that_verified_is_not_accepted_again(matches: bool | None) -> None:
    story = Story().reach_code().say_right()
    won = story.verification

    story.happen(heard(matches))

    assert story.verification == won
    assert story.prompt == Silence()


@pytest.mark.attack("T18")
def test_a_late_end_of_the_call_changes_nothing_after_success() -> None:
    story = Story().reach_code().say_right()
    won = story.verification

    story.happen(HungUp(Ending.ABANDONED), TimePassed()).hang_up()

    assert story.verification == won


@pytest.mark.attack("T18")
def test_a_code_that_arrives_after_hanging_up_counts() -> None:
    story = Story().reach_code().happen(HungUp(Ending.ABANDONED))

    story.after(timedelta(seconds=2)).say_right()

    assert story.how_it_ended is Ending.VERIFIED


def test_a_wrong_code_that_arrives_after_hanging_up_counts_and_ends_the_call() -> None:
    story = Story().reach_code().happen(HungUp(Ending.ABANDONED)).say_wrong()

    assert story.how_it_ended is Ending.ABANDONED
    assert story.round == Open((START,))


@pytest.mark.parametrize("event", [TimePassed(), heard(matches=True)])
def test_hanging_up_ends_the_call_at_no_cost(event: TimePassed | CodeHeard) -> None:
    story = Story().reach_code().hang_up().happen(event)

    assert story.how_it_ended is Ending.ABANDONED
    assert story.round == Open()


@pytest.mark.attack("T34")
def test_voicemail_presses_no_key_and_hears_no_code_prompt() -> None:
    story = Story().pick_up()
    assert story.prompt == AskAck()

    assert story.happen(NothingPressed()).prompt == AskAck()
    assert story.happen(NothingPressed()).prompt == Farewell(Ending.ABANDONED)
    assert story.round == Open()


@pytest.mark.attack("T37")
@pytest.mark.parametrize("key", ["5", "##", "#123456", "", "0", "##9"])
def test_only_the_hash_key_leads_to_the_code_prompt(key: str) -> None:
    story = Story().pick_up()

    assert story.happen(KeyPressed(key)).prompt == AskAck()
    assert story.happen(KeyPressed(key)).prompt == Farewell(Ending.ABANDONED)


@pytest.mark.attack("T57")
def test_the_star_key_repeats_the_prompt_without_limit() -> None:
    story = Story().pick_up()
    stars = [KeyPressed("*")] * 5

    assert story.happen(*stars).prompt == AskAck()
    assert story.happen(KeyPressed("#"), *stars).prompt == AskCode()
    assert story.how_it_ended is None


@pytest.mark.attack("T36")
def test_declining_ends_the_call_and_costs_nothing() -> None:
    story = Story().pick_up().happen(KeyPressed("9"))

    assert story.prompt == Farewell(Ending.DECLINED)
    assert story.round == Open()


@pytest.mark.attack("T40")
def test_input_of_other_than_six_digits_is_asked_for_again_twice_and_never_counted() -> None:
    story = Story().reach_code()
    unclear = heard(matches=None)

    assert story.happen(unclear).prompt == AskCode(misheard=True)
    assert story.happen(unclear).prompt == AskCode(misheard=True, keypad_only=True)
    assert story.happen(unclear).prompt == Farewell(Ending.ABANDONED)
    assert story.round == Open()


@pytest.mark.attack("T48")
def test_a_number_verified_elsewhere_is_revealed_only_after_the_right_code() -> None:
    story = Story().reach_code()
    wrong, right = (heard(matches=matches, in_use=True) for matches in (False, True))

    assert story.happen(wrong).prompt == WrongCode(2)
    assert story.happen(right).prompt == Farewell(Ending.NUMBER_IN_USE)
    assert not isinstance(story.round, Verified)


def test_a_new_number_after_success_begins_a_new_round() -> None:
    story = Story().reach_code().say_wrong(2).say_right().after(ASIDE)
    assert story.may_call() == AlreadyVerified(START)

    story.reach_code(OTHER_KEY).say_wrong()

    assert story.prompt == WrongCode(2)
