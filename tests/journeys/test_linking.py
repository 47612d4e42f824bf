"""A chat and an account come together, move, and part."""

import pytest

from tests.support.builders import a_snapshot
from tests.support.chat import Conversation, Scene


async def test_a_deep_link_previews_the_account_and_links_on_yes(
    scene: Scene, ada: Conversation
) -> None:
    await scene.push(a_snapshot(ada.person))
    offered = await scene.offer_link("f-1001")
    token = offered["url"].removeprefix("https://t.me/test_desk_bot?start=")

    [asked] = await ada.say(f"/start {token}")
    [linked] = await ada.press("Yes, link it")

    assert "The link is for the account of A••, phone +1 … 23." in asked.text
    assert asked.labels == ["Yes, link it", "No, this isn't me"]
    assert "Linked." in linked.text
    assert "20 of 40" not in linked.text
    [progress] = await ada.press("My Connects")
    assert "10 of 40 Connects a month" in progress.text


@pytest.mark.parametrize("dash", ["-", "", " ", "\N{EN DASH}", " - "])
async def test_the_short_code_may_be_typed_in_any_case_and_spacing(
    scene: Scene, ada: Conversation, dash: str
) -> None:
    offered = await scene.offer_link("f-1001")

    [asked] = await ada.say(f" {offered['code'].lower().replace('-', dash)} ")
    [linked] = await ada.press("Yes, link it")

    assert "The link is for an account on the marketplace." in asked.text
    assert "Linked." in linked.text


async def test_a_link_works_only_once(scene: Scene, ada: Conversation, ben: Conversation) -> None:
    offered = await scene.offer_link("f-1001")
    await ada.say(offered["code"])
    await ada.press("Yes, link it")

    [again] = await ben.say(offered["code"])

    assert "This link was used before" in again.text
    assert again.labels == ["Talk to a person"]


async def test_a_link_used_between_preview_and_yes_is_refused(
    scene: Scene, ada: Conversation, ben: Conversation
) -> None:
    offered = await scene.offer_link("f-1001")
    await ada.say(offered["code"])
    await ben.say(offered["code"])
    await ben.press("Yes, link it")

    [late] = await ada.press("Yes, link it")

    assert "This link was used before" in late.text


async def test_a_link_expires_after_ten_minutes(scene: Scene, ada: Conversation) -> None:
    offered = await scene.offer_link("f-1001")
    scene.clock.forward(minutes=10)

    [late] = await ada.say(offered["code"])

    assert "This link has run out; they last 10 minutes." in late.text


async def test_an_unknown_link_is_refused(ada: Conversation) -> None:
    [refused] = await ada.say("/start nonsense")

    assert "I don't know this link or code." in refused.text


@pytest.mark.parametrize("between", [" ", ":", " - " * 9])
async def test_a_code_after_start_is_accepted_in_any_spacing(
    scene: Scene, ada: Conversation, between: str
) -> None:
    offered = await scene.offer_link("f-1001")

    await ada.say(f"/start {offered['code'].replace('-', between)}")
    [linked] = await ada.press("Yes, link it")

    assert "Linked." in linked.text


async def test_answering_no_changes_nothing(scene: Scene, ada: Conversation) -> None:
    offered = await scene.offer_link("f-1001")
    await ada.say(offered["code"])

    [declined] = await ada.press("No, this isn't me")

    assert declined.text == "Not linked. Nothing was changed."
    [progress] = await ada.say("/connects")
    assert "I don't know your account yet" in progress.text


async def test_the_chat_that_loses_the_account_is_notified(
    ada: Conversation, ben: Conversation
) -> None:
    await ada.link()

    await ben.accept_link("f-1001")

    assert "Linked." in ben.last.text
    assert "Your account was linked to another chat just now" in ada.last.text
    [after] = await ada.say("/connects")
    assert "I don't know your account yet" in after.text


async def test_a_chat_that_links_another_account_leaves_the_first(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    await scene.push(a_snapshot(1002, phone_verified=True))

    offered = await scene.offer_link("f-1002")
    [asked] = await ada.say(offered["code"])
    await ada.press("Yes, link it")

    assert "The account it is linked to now is unlinked." in asked.text
    [progress] = await ada.say("/connects")
    assert "20 of 40 Connects a month" in progress.text


async def test_unlinking_separates_chat_and_account(ada: Conversation) -> None:
    await ada.link()

    [parted] = await ada.say("/unlink")
    [progress] = await ada.say("/connects")
    [again] = await ada.say("/unlink")

    assert "this chat no longer sees your account" in parted.text
    assert "I don't know your account yet" in progress.text
    assert "I don't know your account yet" in again.text


async def test_start_explains_the_bot_and_stores_nothing(scene: Scene, ada: Conversation) -> None:
    [welcome] = await ada.say("/start")

    assert "Hello! This is Test Desk." in welcome.text
    assert "I will never ask for a Telegram login code or a password." in welcome.text
    assert welcome.labels == ["Browse topics", "Talk to a person"]
    assert await scene.stored_chat(ada) is None


@pytest.mark.parametrize("label", ["Yes, call me now", "Use another number"])
async def test_buttons_of_a_former_account_do_nothing(ada: Conversation, label: str) -> None:
    await ada.link()
    await ada.say("/verify")
    await ada.say("/unlink")

    [shown] = await ada.press(label)

    assert "I don't know your account yet" in shown.text


async def test_start_in_a_linked_chat_recognises_the_account(ada: Conversation) -> None:
    await ada.link()

    [welcome] = await ada.say("/start")

    assert "This chat is linked to your account." in welcome.text
