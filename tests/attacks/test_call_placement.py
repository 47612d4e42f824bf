"""Placing calls: once each, whatever crashes or refuses, and at nobody's cost."""

import asyncio
from typing import Any

import pytest

from state.model.verification import Open
from tests.attacks.records import audited, round_of, session_of
from tests.support.chat import Conversation, Scene
from tests.support.phone import post

TAPS = 20
FREE = "This did not cost you an attempt. 3 attempts left."


@pytest.mark.attack("T28")
async def test_twenty_concurrent_button_presses_place_one_call(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    await ada.say("/verify")
    shown = ada.last
    call = next(each for each in shown.buttons if each["text"] == "Yes, call me now")
    press = {
        "id": "1",
        "from": ada._user(),
        "chat_instance": "1",
        "data": call["callback_data"],
        "message": ada._message(text="?") | {"message_id": shown.message_id},
    }
    first = scene.updates + 1
    taps = [{"update_id": first + n, "callback_query": press} for n in range(TAPS)]

    await asyncio.gather(*(scene.parts.intake.take([tap]) for tap in (*taps, *taps)))
    await scene.settle()

    assert len(scene.provider.orders) == 1
    assert await audited(scene, "call.requested") == 1


@pytest.mark.attack("T31", "T32")
@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (400, {"code": 21211}, "The phone network doesn't take the number +1 … 23."),
        (400, {"code": 21217}, "The phone network doesn't take the number +1 … 23."),
        (400, {"code": 21216}, "The phone network doesn't take the number +1 … 23."),
        (400, {"code": 21202}, "I can't call numbers of that country."),
        (400, {"code": 21215}, "I can't call numbers of that country."),
        (400, {"code": 21210}, "I can't verify numbers for the moment"),
        (401, {"code": 20003}, "I can't verify numbers for the moment"),
        (401, {"title": "Unauthorized", "status": 401}, "I can't verify numbers for the moment"),
        (403, {"type": "x", "detail": "no"}, "I could not place the call."),
        (500, {}, "I could not place the call."),
        (503, "<html>", "I could not place the call."),
        (201, {"status": "queued"}, "I could not place the call."),
    ],
)
async def test_a_refused_call_is_reported_costs_nothing_and_is_not_retried(
    scene: Scene, ada: Conversation, status: int, body: Any, told: str
) -> None:
    scene.provider.answers = [(status, body)]
    await ada.link()

    await ada.be_called()
    await scene.wait(seconds=90)

    assert told in ada.last.text
    assert FREE in ada.last.text
    assert len(scene.provider.orders) == 1
    assert await round_of(scene) == Open()


@pytest.mark.attack("T32")
@pytest.mark.parametrize(
    ("status", "body"), [(429, {"code": 20429}), (400, {"code": 10004})], ids=["429", "10004"]
)
async def test_a_provider_at_capacity_is_retried_later(
    scene: Scene, ada: Conversation, status: int, body: Any
) -> None:
    scene.provider.answers = [(status, body)] * 2
    await ada.link()
    await ada.be_called()
    at_once = len(scene.provider.orders)

    await scene.wait(seconds=2)
    await scene.wait(seconds=4)

    assert (at_once, len(scene.provider.orders)) == (1, 3)
    assert ada.last.text.startswith("Your phone is ringing")


@pytest.mark.attack("T32")
async def test_a_provider_that_rejects_our_account_pauses_all_calls_and_alerts_staff_once(
    scene: Scene, ada: Conversation, ben: Conversation, staff: Conversation
) -> None:
    scene.provider.answers = [(401, {"code": 20003})]
    await ada.link()
    await ben.link(phone="+12025550178")
    await ada.be_called()

    await ben.say("/verify")
    refused = ben.last
    await scene.wait(minutes=15)
    await ben.say("/verify")

    assert "the people who run this desk have been told" in refused.text
    assert "Yes, call me now" in ben.last.labels
    assert staff.text.count("Phone verification needs you.") == 1
    assert len(scene.provider.orders) == 1


@pytest.mark.attack("T33")
@pytest.mark.parametrize(
    ("status", "sip", "told"),
    [
        ("busy", "486", "The line was busy."),
        ("no-answer", "480", "Nobody answered, or the call did not get through."),
        ("no-answer", "487", "Nobody answered, or the call did not get through."),
        ("failed", "404", "Nobody answered, or the call did not get through."),
        ("canceled", "", "Nobody answered, or the call did not get through."),
    ],
)
async def test_an_unanswered_call_counts_as_a_call_but_not_as_an_attempt(
    scene: Scene, ada: Conversation, status: str, sip: str, told: str
) -> None:
    await ada.link()
    phone = await ada.be_called()
    report = {"CallStatus": status, "SequenceNumber": "2", "SipResponseCode": sip}

    await post(scene.door, phone.order["StatusCallback"], phone.form(report))
    await scene.settle()
    await ada.press("Call me again")

    assert told in ada.text
    assert FREE in ada.text
    assert "The last call was just now." in ada.last.text
    assert await round_of(scene) == Open()


@pytest.mark.attack("T34")
async def test_voicemail_presses_no_key_and_never_hears_a_code_prompt(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    code = ada.code

    said = [await phone.pick_up(), await phone.key(""), await phone.key("")]

    heard = " ".join(each.xml for each in said)
    assert said[-1].action is None
    assert [one for one in (code, "digits") if one in heard] == []
    assert await round_of(scene) == Open()


@pytest.mark.attack("T35")
async def test_silence_after_the_hash_key_costs_no_attempt_and_allows_another_call(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()

    await phone.report("completed")
    await scene.wait(seconds=5)
    ended = ada.last.text
    await scene.wait(seconds=55)
    await ada.press("Call me again")

    assert "The call ended before a code came." in ended
    assert FREE in ended
    assert len(scene.provider.orders) == 2


@pytest.mark.attack("T36")
async def test_declining_blocks_the_person_and_number_and_a_second_decline_alerts_staff(
    scene: Scene, ada: Conversation, staff: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.pick_up()
    await phone.key("9")
    await scene.wait(minutes=1)
    await ada.say("/verify")
    blocked = ada.last.text
    after_one = staff.text
    await ada.press("Use another number")
    await ada.say("+12025550178")
    await ada.press("Yes, call me now")
    other = scene.phone()
    await other.pick_up()
    await other.key("9")

    assert "I won't call this number before" in blocked
    assert after_one == ""
    assert "Twice in a day somebody on the phone said" in staff.last.text
    assert "+1202" not in staff.text
    assert (await session_of(scene)).number == "+12025550178"


@pytest.mark.attack("T37")
@pytest.mark.parametrize("keys", ["5", "*", "##", "#123456"])
async def test_only_a_single_hash_key_leads_to_the_code_prompt(
    scene: Scene, ada: Conversation, keys: str
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.pick_up()

    heard = await phone.key(keys)

    assert "press the hash key" in heard.words
    assert ada.last.text.startswith("Now press the hash key")


@pytest.mark.attack("T40", "T42")
async def test_unintelligible_input_is_asked_for_again_twice_the_second_time_by_keys_only(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()

    doubtful = await phone.speak("one two three four five six", confidence=0.05)
    again = await phone.speak("twelve thirty four fifty six")
    last = await phone.key("12345")

    assert 'input="dtmf speech"' in doubtful.xml
    assert 'input="dtmf"' in again.xml
    assert last.action is None
    assert await round_of(scene) == Open()


async def test_a_call_cancelled_while_being_placed_is_hung_up_at_once(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    await ada.say("/verify")
    desk = scene.parts.desk

    async def cancel_meanwhile() -> None:
        session = await session_of(scene)
        await desk.database.transact(
            lambda unit: desk.use_cases(unit).cancel_call(session.freelancer_id)
        )

    scene.provider.slow = [cancel_meanwhile]
    await ada.press("Yes, call me now")

    assert scene.provider.hung_up != []
    assert "The call is cancelled." in ada.text
