"""Everybody is told, in a way they can take in, and no code is left behind."""

from pathlib import Path

import pytest

from bot.gateways.telegram.client import RefusedError, RetryAfterError, UnreachableError
from state.model.verification import Verified
from tests.attacks.records import at_the_code, round_of, written
from tests.support.chat import ADA, Conversation, Scene
from tests.support.scenes import opened_scene

# ---------------------------------------------------------------- the chat


@pytest.mark.attack("T53")
async def test_the_code_is_removed_from_the_chat_even_if_telegram_fails_at_first(
    scene: Scene, ada: Conversation
) -> None:
    phone = await at_the_code(ada)
    code = ada.code
    scene.telegram.failures = [UnreachableError("no answer"), RetryAfterError(3)]

    await phone.key(code)
    at_first = [one for one in written(code) if one in ada.text]
    await scene.wait(seconds=1)
    await scene.wait(seconds=3)

    assert at_first != []
    assert [one for one in written(code) if one in ada.text] == []


@pytest.mark.attack("T53")
async def test_an_uneditable_call_message_is_replaced_by_one_without_the_code(
    scene: Scene, ada: Conversation
) -> None:
    phone = await at_the_code(ada)
    code = ada.code
    scene.telegram.failures = [RefusedError("Bad Request: message can't be edited")]

    await phone.key(code)

    assert "Verified: +1 … 23" in ada.text
    assert [one for one in written(code) if one in ada.text] == []


@pytest.mark.attack("T53")
async def test_an_uneditable_message_of_an_erased_call_leaves_no_code(
    scene: Scene, ada: Conversation
) -> None:
    await at_the_code(ada)
    code = ada.code
    await ada.say("/forget")
    scene.telegram.failures = [RefusedError("Bad Request: message can't be edited")]

    await ada.press("Yes, erase everything")

    assert [one for one in written(code) if one in ada.text] == []


@pytest.mark.attack("T53")
async def test_the_stored_message_of_a_call_holds_no_code(scene: Scene, ada: Conversation) -> None:
    """A process that dies before it remembers the message sends another: neither may hold it."""
    await ada.link()
    await ada.be_called()

    sent = [wire["text"] for method, wire in scene.telegram.calls if method == "sendMessage"]
    edited = [wire["text"] for method, wire in scene.telegram.calls if method == "editMessageText"]

    assert [text for text in sent if "Your code:" in text] == []
    assert "Your code:" in edited[-1]


@pytest.mark.attack("T54")
async def test_a_result_that_telegram_rejects_at_first_is_delivered_later_once(
    scene: Scene, ada: Conversation
) -> None:
    phone = await at_the_code(ada)
    scene.telegram.failures = [UnreachableError("down")] * 4

    await phone.key(ada.code)
    before = ada.text.count("Phone verification: done.")
    for seconds in (1, 2, 4, 8, 16):
        await scene.wait(seconds=seconds)

    assert before == 0
    assert ada.text.count("Phone verification: done.") == 1
    assert ada.text.count("Verified: +1 … 23") == 1


# ---------------------------------------------------------------- everybody


@pytest.mark.attack("T57")
async def test_people_who_cannot_hear_or_speak_are_told_the_alternative_before_the_call(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()

    await ada.say("/verify")
    before = ada.last.text
    await ada.press("Yes, call me now")
    phone = scene.phone()
    greeting = await phone.pick_up()
    again = await phone.key("*")
    question = await phone.key("#")
    repeated = await phone.key("*")
    keyed = await phone.key(ada.code)

    assert "The keys alone are enough: # first, then the 6 digits." in before
    assert "/human is the way to a person" in before
    assert again.words == greeting.words
    assert repeated.words == question.words
    assert keyed.words.startswith("That is right.")


@pytest.mark.attack("T57")
async def test_the_code_is_shown_in_two_groups_and_may_be_spoken(
    scene: Scene, ada: Conversation
) -> None:
    phone = await at_the_code(ada)
    shown = f"{ada.code[:3]} {ada.code[3:]}"

    heard = await phone.speak(" ".join(ada.code))

    assert shown in scene.telegram.codes
    assert heard.words.startswith("That is right.")


@pytest.mark.attack("T58")
async def test_calls_are_spoken_in_english_without_english_in_the_languages(
    database_url: str, tmp_path: Path
) -> None:
    async with opened_scene(database_url, folder=tmp_path, languages="de") as scene:
        ada = scene.person(ADA)
        phone = await at_the_code(ada)
        farewell = await phone.key(ada.code)
        found = await round_of(scene)

    assert farewell.words.startswith("That is right.")
    assert isinstance(found, Verified)
