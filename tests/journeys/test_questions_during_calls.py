"""What people say while their call is on: questions are answered, codes explained."""

from tests.support.chat import Conversation, Scene


async def test_a_code_typed_into_the_chat_is_explained_and_costs_nothing(
    ada: Conversation,
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()

    [typed] = await ada.say(f" {ada.code} ")
    [grouped] = await ada.say(f"{ada.code[:3]} {ada.code[3:]}")

    assert "That looks like a code. It belongs in the call" in typed.text
    assert "Typed here it does nothing, and costs no attempt." in grouped.text
    assert "3 attempts left." in ada.messages[-3].text
    assert "Your number is verified." in (await phone.key(ada.code)).words


async def test_a_code_without_a_call_says_how_to_get_one(ada: Conversation) -> None:
    await ada.link()

    [shown] = await ada.say("482 913")

    assert "No call is on right now; /verify starts one." in shown.text


async def test_a_telegram_login_code_is_warned_about(ada: Conversation) -> None:
    await ada.link()
    await ada.be_called()

    [warned] = await ada.say("48291")

    assert "That looks like a Telegram login code." in warned.text
    assert "Never give it to anybody, me included" in warned.text


async def test_a_question_during_a_call_is_answered_with_a_reminder_of_the_call(
    ada: Conversation,
) -> None:
    await ada.link()
    phone = await ada.be_called()

    ringing = await ada.say("how do I verify my phone?")
    await phone.pick_up()
    picked_up = await ada.say("how do I verify my phone?")
    await phone.key("#")
    await phone.key(ada.wrong_code)
    at_code = await ada.say("how do I verify my phone?")

    assert ringing[0].text.startswith("Verifying your phone number")
    assert [shown[-1].text for shown in (ringing, picked_up, at_code)] == [
        (
            "Your call is still on: answer the phone when it rings, then press the hash key (#). "
            "3 attempts left."
        ),
        "Your call is still on: press the hash key (#) on your phone. 3 attempts left.",
        "Your call is still on: key in or say the 6 digits. 2 attempts left.",
    ]


async def test_a_question_while_the_call_is_being_placed_says_so(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    scene.provider.answers = [(503, {})]
    await ada.be_called()

    answers = await ada.say("how do I verify my phone?")

    assert answers[-1].text.endswith(
        "answer the phone when it rings, then press the hash key (#). 3 attempts left."
    )


async def test_a_question_while_the_call_is_closing_says_so(ada: Conversation) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    await phone.report("completed")

    answers = await ada.say("how do I verify my phone?")

    assert answers[-1].text == "Your call is ending; the message above shows how it went."


async def test_after_the_call_a_question_gets_no_reminder(ada: Conversation) -> None:
    await ada.link()
    await (await ada.be_called()).report("busy")

    answers = await ada.say("how do I verify my phone?")

    assert len(answers) == 1


async def test_a_cancelled_call_gets_no_further_words(ada: Conversation) -> None:
    await ada.link()
    phone = await ada.be_called()
    code = ada.code
    await phone.to_code_step()
    await ada.press("Cancel the call")

    late = await phone.key(code)

    assert late.words == ""
    assert late.action is None
    assert "Verified" not in ada.text


async def test_a_question_while_a_number_is_awaited_is_answered_and_the_number_requested_again(
    ada: Conversation,
) -> None:
    await ada.link()
    await ada.say("/verify")
    await ada.press("Use another number")

    answer, awaited = await ada.say("how do I verify my phone?")
    await ada.say("+44 7911 123456")
    [after] = await ada.say("how do I verify my phone?")

    assert answer.text.startswith("Verifying your phone number")
    assert awaited.text.startswith("I still wait for the number to call")
    assert after.text.startswith("Verifying your phone number")
