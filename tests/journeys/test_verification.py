"""A phone is verified, from the question to the ten Connects; on both databases."""

import pytest

from tests.support.chat import Conversation, Scene


@pytest.fixture
def journey_url(database_url: str) -> str:
    return database_url


async def test_verifying_a_phone_updates_the_message_throughout_the_call(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link(phone="+447911123456")
    [progress] = await ada.say("/connects")
    [asked] = await ada.press("Verify my phone")
    [living] = await ada.press("Yes, call me now")
    phone = scene.phone()

    seen = [living.text]
    greeting = await phone.pick_up()
    seen.append(living.text)
    question = await phone.key("#")
    seen.append(living.text)
    farewell = await phone.key(ada.code)
    await phone.report("completed")

    assert "The number to verify is +44 … 56. Is it right?" in asked.text
    assert "You have 3 attempts; after that, a wait of 24 hours." in asked.text
    assert "Your phone is ringing: +44 … 56" in seen[0]
    assert "Now press the hash key (#) on your phone." in seen[1]
    assert "Now key in or say these 6 digits in the call." in seen[2]
    assert "press the hash key" in greeting.words
    assert "the 6 digits that your chat shows" in question.words
    assert "Your number is verified." in farewell.words
    assert living.text.startswith("Verified: +44 … 56")
    assert progress.text.startswith("20 of 40 Connects a month")
    assert "Done: Phone verification (+10)" in progress.text
    told = [one.text for one in ada.messages if "Phone verification: done." in one.text]
    assert told == ["Phone verification: done. +10 Connects a month: 20 of 40."]
    assert len(scene.provider.orders) == 1


async def test_the_order_to_the_provider_is_complete_and_contains_no_code(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link(phone="+447911123456")

    phone = await ada.be_called()

    order = scene.provider.orders[0]
    assert (order["To"], order["From"]) == ("+447911123456", "+442071838750")
    assert order["Url"].startswith("https://desk.example/hooks/twilio/voice/")
    assert order["StatusCallback"].startswith("https://desk.example/hooks/twilio/status/")
    assert order["Record"] == "false"
    assert ada.code not in str(scene.provider.orders)
    assert ada.code not in (await phone.to_code_step()).xml


async def test_the_code_may_be_spoken(ada: Conversation) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()

    farewell = await phone.speak(" ".join(ada.code) + ".")

    assert "Your number is verified." in farewell.words


async def test_unintelligible_input_costs_nothing_and_is_asked_for_again(
    ada: Conversation,
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()

    again = await phone.speak("twelve thirty four")

    assert "This did not cost you an attempt." in again.words
    assert "3 attempts left." in ada.last.text
    assert "Your number is verified." in (await phone.key(ada.code)).words


async def test_a_wrong_code_shows_the_attempts_left_in_call_and_chat(ada: Conversation) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()

    first = await phone.key(ada.wrong_code)
    seen = ada.last.text
    second = await phone.key(ada.wrong_code)

    assert "That is not the code. You have 2 attempts left." in first.words
    assert "That was not the code. 2 attempts left." in seen
    assert "You have 1 attempt left." in second.words
    assert "That was not the code. 1 attempt left." in ada.last.text


async def test_the_third_wrong_code_locks_and_shows_until_when(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    await phone.key(ada.wrong_code)
    await phone.key(ada.wrong_code)

    farewell = await phone.key(ada.wrong_code)

    assert "it was the last attempt" in farewell.words
    assert "You can try again from 24 Nov 2026, 12:00 UTC (24 Nov 2026, 12:00 UTC)." in (
        ada.last.text
    )
    assert ada.last.moments == [1795521600]
    assert ada.last.labels == ["Talk to a person", "Don't remind me", "Problems with the call"]
    [refused] = await ada.say("/verify")
    assert "all attempts were used, so there is a wait of 24 hours." in refused.text
    assert refused.labels == ["Talk to a person"]
    [progress] = await ada.say("/connects")
    assert "Waiting: Phone verification (+10)" in progress.text
    assert len(scene.provider.orders) == 1


@pytest.mark.attack("T05")
async def test_wrong_codes_of_earlier_calls_still_count(scene: Scene, ada: Conversation) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    await phone.key(ada.wrong_code)
    await phone.key(ada.wrong_code)
    await phone.report("completed")
    await scene.wait(seconds=60)
    await ada.press("Call me again")
    phone = scene.phone()
    await phone.to_code_step()

    farewell = await phone.key(ada.wrong_code)

    assert "it was the last attempt" in farewell.words


@pytest.mark.attack("T15")
async def test_the_code_of_an_earlier_call_is_a_wrong_code(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    await ada.be_called()
    old = ada.code
    await scene.phone().report("busy")
    await scene.wait(seconds=60)
    await ada.press("Call me again")
    phone = scene.phone()
    await phone.to_code_step()

    answer = await phone.key(old)

    assert "You have 2 attempts left." in answer.words


@pytest.mark.attack("T08")
async def test_the_lock_ends_after_exactly_one_day(scene: Scene, ada: Conversation) -> None:
    await _lock(ada)
    scene.clock.forward(hours=23, minutes=59, seconds=59.999)

    [early] = await ada.say("/verify")
    scene.clock.forward(milliseconds=1)
    await ada.say("/verify")

    assert "all attempts were used" in early.text
    assert "You have 3 attempts;" in ada.last.text


async def test_one_reminder_is_sent_when_the_lock_ends(scene: Scene, ada: Conversation) -> None:
    await _lock(ada)

    await scene.wait(hours=24)
    await scene.wait(hours=24)

    reminders = [one for one in ada.messages if "The wait is over" in one.text]
    assert [one.text.splitlines()[-1] for one in reminders] == ["You have 3 new attempts."]
    assert reminders[0].labels == ["Yes, call me now", "Use another number"]


async def test_declining_the_reminder_keeps_the_lock(scene: Scene, ada: Conversation) -> None:
    await _lock(ada)

    [told] = await ada.press("Don't remind me")
    await scene.wait(hours=24)
    [over] = await ada.press("Don't remind me")

    assert "No reminder, then. You can try again from 24 Nov 2026, 12:00 UTC" in told.text
    assert "you can verify your phone again" not in ada.text
    assert over.text == "The wait is over already: /verify starts a new call."


async def test_a_person_verified_meanwhile_gets_no_reminder(
    scene: Scene, ada: Conversation
) -> None:
    await _lock(ada)
    scene.clock.forward(hours=2)
    await ada.link(phone_verified=True)

    await scene.wait(hours=24)

    assert "The wait is over" not in ada.text


async def _lock(someone: Conversation) -> None:
    await someone.link()
    phone = await someone.be_called()
    await phone.to_code_step()
    await phone.key(someone.wrong_code)
    await phone.key(someone.wrong_code)
    await phone.key(someone.wrong_code)
