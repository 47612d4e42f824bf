"""Attempts and the lock: whatever is tried, three wrong codes a day and no more."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from state.model.verification import LockedOut, Open, Verified
from tests.attacks.records import audited, round_of, session_of
from tests.support.chat import Conversation, Scene
from tests.support.fakes import START
from tests.support.phone import Heard, Phone, post

CROWD = 50
REFUSED = {"", "One moment, please."}
"""Or put off, where the machine is so busy that the database takes more than five seconds."""
DAY = timedelta(hours=24)


async def key_each_at_a_turn_of_its_own(scene: Scene, phone: Phone, digits: str) -> list[Heard]:
    """As nobody without the provider's secret could: every request is a new one."""
    base, _, turn = phone.asked_at.rpartition("/")
    form = phone.form({"Digits": digits})
    asked = [post(scene.door, f"{base}/{int(turn) + n}", form) for n in range(CROWD)]
    answers = await asyncio.gather(*asked)
    await scene.settle()
    return [Heard(xml=await answer.text()) for answer in answers]


@pytest.mark.attack("T01")
async def test_fifty_concurrent_wrong_codes_to_the_webhook_cost_three_attempts(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()

    heard = await key_each_at_a_turn_of_its_own(scene, phone, ada.wrong_code)

    assert sum(each.words in REFUSED for each in heard) >= CROWD - 3
    assert await audited(scene, "call.wrong_code") == 3
    assert ada.text.count("it was the last attempt") == 1
    assert isinstance(await round_of(scene), LockedOut)


@pytest.mark.attack("T02")
async def test_fifty_concurrent_right_codes_to_the_webhook_verify_once(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()

    heard = await key_each_at_a_turn_of_its_own(scene, phone, ada.code)

    assert sum(each.words in REFUSED for each in heard) >= CROWD - 1
    assert await audited(scene, "call.verified") == 1
    assert ada.text.count("Phone verification: done.") == 1


@pytest.mark.attack("T04")
async def test_two_wrong_codes_then_the_right_one_verify_and_the_audit_trail_keeps_both_failures(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    wrong, right = ada.wrong_code, ada.code

    await phone.key(wrong)
    await phone.key(wrong)
    farewell = await phone.key(right)

    assert farewell.words.startswith("That is right.")
    assert isinstance(await round_of(scene), Verified)
    assert await audited(scene, "call.wrong_code") == 2


@pytest.mark.attack("T06")
async def test_changing_the_number_gives_no_new_attempts(scene: Scene, ada: Conversation) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    await phone.key(ada.wrong_code)
    await phone.key(ada.wrong_code)
    await ada.press("Cancel the call")
    scene.clock.forward(minutes=1)

    await ada.press("Use another number")
    await ada.say("+12025550178")
    await ada.press("Yes, call me now")
    again = scene.phone()
    await again.to_code_step()
    farewell = await again.key(ada.wrong_code)

    assert "it was the last attempt" in farewell.words
    assert await round_of(scene) == LockedOut(scene.clock.now() + DAY)


@pytest.mark.attack("T08")
@pytest.mark.parametrize(("milliseconds", "offered"), [(-1, False), (0, True), (1, True)], ids=str)
async def test_the_lock_ends_at_exactly_the_announced_millisecond(
    scene: Scene, ada: Conversation, milliseconds: int, offered: bool
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    wrong = ada.wrong_code
    await phone.key(wrong)
    await phone.key(wrong)
    await phone.key(wrong)
    scene.clock.forward(hours=24, milliseconds=milliseconds)

    await ada.say("/verify")

    assert ("Yes, call me now" in ada.last.labels) is offered


@pytest.mark.attack("T11")
async def test_a_lock_across_the_change_to_summer_time_lasts_24_real_hours(
    scene: Scene, ada: Conversation
) -> None:
    london = ZoneInfo("Europe/London")
    scene.clock.moment = datetime(2027, 3, 27, 13, 30, tzinfo=london).astimezone(UTC)
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    wrong = ada.wrong_code
    await phone.key(wrong)
    await phone.key(wrong)
    await phone.key(wrong)

    locked = await round_of(scene)

    assert isinstance(locked, LockedOut)
    assert locked.until - scene.clock.now() == timedelta(seconds=86_400)
    assert locked.until.astimezone(london) == datetime(2027, 3, 28, 14, 30, tzinfo=london)


@pytest.mark.attack("T12")
@pytest.mark.parametrize(
    ("age", "said", "wrong_at"),
    [
        (timedelta(minutes=9, seconds=59.9), "That is not the code.", 1),
        (timedelta(minutes=10), "This code has run out.", 0),
    ],
    ids=["9:59.9", "10:00.0"],
)
async def test_an_expired_code_is_refused_without_costing_an_attempt(
    scene: Scene, ada: Conversation, age: timedelta, said: str, wrong_at: int
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    wrong = ada.wrong_code
    scene.clock.moment = START + age

    heard = await phone.key(wrong)

    found = await round_of(scene)
    assert said in heard.words
    assert isinstance(found, Open)
    assert len(found.wrong_at) == wrong_at


@pytest.mark.attack("T13")
async def test_a_code_that_verified_is_not_accepted_again(
    scene: Scene, ada: Conversation, ben: Conversation
) -> None:
    await ada.link()
    await ben.link(phone="+12025550178")
    phone = await ada.be_called()
    await phone.to_code_step()
    winner, asked_at = ada.code, phone.asked_at
    first = await phone.key(winner)

    again = await post(scene.door, asked_at, phone.form({"Digits": winner}))
    other = await ben.be_called()
    await other.to_code_step()
    elsewhere = await other.key(winner)

    assert await again.text() == first.xml
    assert "That is not the code." in elsewhere.words
    assert await audited(scene, "call.verified") == 1


@pytest.mark.attack("T14")
async def test_a_code_is_valid_only_for_its_own_session(
    scene: Scene, ada: Conversation, ben: Conversation
) -> None:
    await ada.link()
    await ben.link(phone="+12025550178")
    await ada.be_called()
    phone = await ben.be_called()
    await phone.to_code_step()

    heard = await phone.key(ada.code)

    assert "That is not the code. You have 2 attempts left." in heard.words
    assert (await session_of(scene)).number == "+12025550123"


@pytest.mark.attack("T15")
async def test_the_code_of_an_earlier_call_is_wrong_and_costs_an_attempt(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    await ada.be_called()
    former = ada.code
    await ada.press("Cancel the call")
    scene.clock.forward(minutes=1)
    await ada.press("Call me again")
    phone = scene.phone()
    await phone.to_code_step()

    heard = await phone.key(former)

    assert "You have 2 attempts left." in heard.words


@pytest.mark.attack("T07")
async def test_linking_again_or_to_another_account_keeps_the_lock(
    scene: Scene, ada: Conversation, ben: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    wrong = ada.wrong_code
    await phone.key(wrong)
    await phone.key(wrong)
    await phone.key(wrong)
    until = ada.last.moments

    await ada.say("/unlink")
    await ada.accept_link("f-1001")
    [again] = await ada.say("/verify")
    await ben.link(phone="+12025550123")
    [other] = await ben.say("/verify")

    assert again.moments == until
    assert other.moments == until
    assert len(scene.provider.orders) == 1
