"""Codes that Telegram brings to a number: the same attempts as in a call."""

from pathlib import Path

import pytest

from bot.gateways.telegram_gateway.reports import ROUTE
from state.model.channel import AwaitingTyped, Reached
from state.model.verification import Ended, Ending, LockedOut, Open, Verified
from tests.attacks.records import dump, round_of, sent, session_of
from tests.support.chat import Conversation, Scene
from tests.support.gateway import Gateway, a_report, post_report
from tests.support.scenes import opened_scene

FREE = "This did not cost you an attempt. 3 attempts left."


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def test_a_code_delivered_by_telegram_gateway_and_typed_in_the_chat_verifies(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    await sent(ada, gateway)
    asked = ada.last.text
    code = gateway.code

    await ada.say(f"{code[:3]} {code[3:]}")

    assert "Type its 6 digits into this chat" in asked
    assert code not in ada.text
    assert isinstance(await round_of(scene), Verified)
    assert any("Phone verification: done." in each.text for each in ada.messages)
    assert gateway.methods == [
        "checkSendAbility",
        "sendVerificationMessage",
        "checkVerificationStatus",
    ]
    assert gateway.charged == 1
    assert scene.provider.orders == []


async def test_three_wrong_codes_lock_whether_called_or_messaged(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    await phone.key(ada.wrong_code)
    await ada.press("Cancel the call")
    scene.clock.forward(minutes=1)
    await ada.say("/verify")
    await ada.press("Send a code to its Telegram")

    first = await ada.say(wrong(gateway.code))
    last = await ada.say(wrong(gateway.code))

    assert any("You have 1 attempt left." in each.text for each in first)
    assert any("it was the last attempt" in each.text for each in last)
    assert isinstance(await round_of(scene), LockedOut)
    assert gateway.methods[-1] == "revokeVerificationMessage"


async def test_the_chat_never_shows_a_code_that_has_to_be_typed_there(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    await sent(ada, gateway)
    code = gateway.code

    assert [one for one in (code, f"{code[:3]} {code[3:]}") if one in ada.text] == []
    assert code not in " ".join((await dump(scene)).values())


async def test_an_expired_code_is_not_checked(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    await sent(ada, gateway)
    await scene.wait(minutes=10)

    await ada.say(gateway.code)

    assert await round_of(scene) == Open()
    assert "The code has run out." in ada.text
    assert gateway.methods[-1] == "revokeVerificationMessage"


@pytest.mark.parametrize(
    ("answer", "how", "told"),
    [
        ("PHONE_NUMBER_NOT_FOUND", Ending.NOT_DELIVERED, "I could not reach a Telegram account"),
        ("BALANCE_NOT_ENOUGH", Ending.MISCONFIGURED, "I can't verify numbers for the moment"),
        ("ACCESS_TOKEN_INVALID", Ending.MISCONFIGURED, "I can't verify numbers for the moment"),
        ("SOMETHING_NEW", Ending.PROVIDER_FAILED, "I could not send the code."),
    ],
)
async def test_a_message_refused_by_the_gateway_is_reported_and_costs_nothing(
    scene: Scene, ada: Conversation, gateway: Gateway, answer: str, how: Ending, told: str
) -> None:
    gateway.answers = [(200, {"ok": False, "error": answer})]
    await ada.link()
    await ada.say("/verify")

    await ada.press("Send a code to its Telegram")

    assert told in ada.last.text
    assert FREE in ada.last.text
    assert (await session_of(scene)).phase == Ended(how, scene.clock.now())


async def test_a_rate_limited_gateway_is_retried_after_its_delay(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    gateway.answers = [(200, {"ok": False, "error": "FLOOD_WAIT_7"})]
    await ada.link()
    await ada.say("/verify")
    await ada.press("Send a code to its Telegram")
    await scene.wait(seconds=6)
    before = len(gateway.sent)

    await scene.wait(seconds=1)

    assert (before, len(gateway.sent)) == (0, 1)


async def test_a_message_that_may_have_been_sent_is_not_sent_again(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    gateway.answers = [(200, {"ok": True, "result": {"request_id": "1"}}), (502, "<html>")]
    await ada.link()
    await ada.say("/verify")
    await ada.press("Send a code to its Telegram")

    await scene.wait(seconds=90)

    assert gateway.methods == ["checkSendAbility", "sendVerificationMessage"]
    assert "I could not send the code." in ada.last.text


async def test_a_delivery_report_proves_that_an_uncertain_message_was_sent(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    gateway.answers = [(200, {"ok": True, "result": {"request_id": "1"}}), (502, "<html>")]
    await ada.link()
    await ada.say("/verify")
    await ada.press("Send a code to its Telegram")
    body = a_report("1", "delivered", 1, payload=(await session_of(scene)).id)

    await post_report(scene.door, ROUTE, body, at=scene.clock.now().timestamp())

    found = await session_of(scene)
    assert (found.provider_sid, found.phase) == ("1", AwaitingTyped(Reached.DELIVERED))


async def test_a_question_while_a_code_is_awaited_is_answered_with_a_reminder_of_the_code(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    await sent(ada, gateway)

    await ada.say("how do I verify my phone number")

    assert "I still wait for the 6 digits that Telegram brought" in ada.last.text


async def test_without_a_call_provider_only_the_message_is_offered(
    database_url: str, tmp_path: Path, gateway: Gateway
) -> None:
    async with opened_scene(database_url, folder=tmp_path, gateway=gateway, voice="none") as scene:
        ada = scene.person()
        await ada.link()
        await ada.say("/verify")
        offered = ada.last
        await ada.press_data(offered, "v:call")

    assert offered.labels[0] == "Send a code to its Telegram"
    assert "Yes, call me now" not in offered.labels
    assert "hash key" not in offered.text
    assert "I can't place calls at the moment." in ada.last.text
