"""Another number for verification, typed or shared."""

import pytest

from tests.support.chat import BEN, Conversation, Scene

ASK = "Use another number"


async def test_a_typed_number_is_stored_shown_masked_and_called(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    await ada.say("/verify")
    [asked] = await ada.press(ASK)

    [noted, now] = await ada.say("tel: +44 (7911) 123-456")
    await ada.press("Yes, call me now")

    assert "like +12025550123" in asked.text
    assert asked.keyboard == {
        "keyboard": [[{"text": "Share my Telegram number", "request_contact": True}]],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }
    assert noted.text == "Noted: +44 … 56."
    assert noted.keyboard == {"remove_keyboard": True}
    assert "The number to verify is +44 … 56." in now.text
    assert now.labels == ["Yes, call me now", ASK, "Problems with the call"]
    assert scene.provider.orders[0]["To"] == "+447911123456"


@pytest.mark.parametrize("number", ["447911123456", "+447911123456"])
async def test_the_senders_own_contact_gives_the_number(
    scene: Scene, ada: Conversation, number: str
) -> None:
    await ada.link()

    [noted, _] = await ada.share_contact(number)
    await ada.press("Yes, call me now")

    assert noted.text == "Noted: +44 … 56."
    assert scene.provider.orders[0]["To"] == "+447911123456"


@pytest.mark.attack("T49")
async def test_another_persons_contact_is_refused(ada: Conversation) -> None:
    await ada.link()

    [refused] = await ada.share_contact("+447911123456", owner=BEN)

    assert "I can only take your own contact" in refused.text


@pytest.mark.attack("T49")
async def test_a_forwarded_contact_is_refused(ada: Conversation) -> None:
    await ada.link()
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Ada"}

    [refused] = await ada.share_contact("+447911123456", forward_origin=origin)

    assert "I can only take your own contact" in refused.text


@pytest.mark.attack("T49")
async def test_a_contact_without_an_account_is_refused(ada: Conversation) -> None:
    await ada.link()

    [refused] = await ada.message(contact={"phone_number": "+447911123456", "first_name": "?"})

    assert "I can only take your own contact" in refused.text


async def test_a_number_before_linking_is_not_used(ada: Conversation) -> None:
    [refused] = await ada.share_contact("+447911123456")

    assert "I don't know your account yet" in refused.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("07911 123456", "with its country code, starting with a plus sign"),
        ("+447911123456 or +447911123457", "more than one number"),
        ("+447911123456 ext 12", "I can't dial an extension."),
        ("+++ 1234567", "more than one number"),
        ("++1234567x", "I can't"),
        ("+12345678901234567890", "I can't read that as a phone number."),
        ("+19005550123", "I can't call that number."),
        ("+18005550123", "I can't call that number."),
        ("+33612345678", "I can't call that number."),
        ("+442071838750", "I can't call that number."),
    ],
)
async def test_an_uncallable_number_is_refused_and_may_be_sent_again(
    ada: Conversation, typed: str, told: str
) -> None:
    await ada.link()
    await ada.say("/verify")
    await ada.press(ASK)

    [refused] = await ada.say(typed)
    [noted, _] = await ada.say("+447911123456")

    assert told in refused.text
    assert noted.text == "Noted: +44 … 56."


@pytest.mark.parametrize(
    "typed", ["(+44) 7911 123456", "Tel: +44 7911 123456", "Mobile: +44 7911/123456"]
)
async def test_a_number_is_accepted_in_common_notations(ada: Conversation, typed: str) -> None:
    await ada.link()
    await ada.say("/verify")
    await ada.press(ASK)

    [noted, _] = await ada.say(typed)

    assert noted.text == "Noted: +44 … 56."


async def test_without_a_number_on_record_one_is_requested(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link(phone=None)

    [asked] = await ada.say("/verify")
    [noted, _] = await ada.say("+447911123456")

    assert "There is no phone number on record for you." in asked.text
    assert noted.text == "Noted: +44 … 56."


async def test_an_uncallable_number_on_record_is_requested_again(ada: Conversation) -> None:
    await ada.link(phone="ask my agent")

    [asked] = await ada.say("/verify")
    [noted, _] = await ada.say("+447911123456")

    assert asked.text.startswith("I can't call the number on record.\n\nI can't read that")
    assert noted.text == "Noted: +44 … 56."


async def test_cancel_keeps_the_old_number(ada: Conversation) -> None:
    await ada.link()
    await ada.say("/verify")
    await ada.press(ASK)

    [stopped] = await ada.say("/cancel")
    [question] = await ada.say("+44 7911 123456")

    assert stopped.text.startswith("Stopped.")
    assert stopped.keyboard == {"remove_keyboard": True}
    assert "Noted" not in question.text
    [standing] = await ada.say("/verify")
    assert "The number to verify is +1 … 23." in standing.text


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("how do I verify my phone?", "Verifying your phone number"),
        ("is 2 of 12345678 a code or my 7 digit number?", "not sure which"),
        ("482 913", "That looks like a code."),
        ("12345", "That looks like a Telegram login code."),
    ],
)
async def test_a_text_that_is_no_number_is_answered_while_one_is_awaited(
    ada: Conversation, said: str, answered: str
) -> None:
    await ada.link()
    await ada.say("/verify")
    await ada.press(ASK)

    [shown, *_] = await ada.say(said)
    [noted, _] = await ada.say("+447911123456")

    assert answered in shown.text
    assert noted.text == "Noted: +44 … 56."


async def test_a_verified_number_is_shown_as_verified_and_may_be_replaced(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link(phone_verified=True)

    [standing] = await ada.say("/verify")
    await ada.press(ASK)
    await ada.say("+447911123456")
    await ada.press("Yes, call me now")

    assert "Your number +1 … 23 is verified." in standing.text
    assert standing.labels == ["My Connects", ASK]
    assert len(scene.provider.orders) == 1


async def test_an_old_button_for_a_number_verified_meanwhile_places_no_call(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    await ada.say("/verify")
    scene.clock.forward(minutes=1)
    await ada.link(phone_verified=True)

    changed = await ada.press("Yes, call me now")

    assert "verified" in changed[0].text
    assert scene.provider.orders == []
