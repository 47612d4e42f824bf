"""Nobody learns anything about anybody else: other people, groups, blocked chats."""

import pytest

from tests.support.builders import a_snapshot
from tests.support.chat import ADA, Conversation, Scene

GROUP = -100500


async def test_two_people_at_once_never_see_each_others_facts(
    scene: Scene, ada: Conversation, ben: Conversation
) -> None:
    await ada.link(phone="+447911123456", connects_balance=17)
    await ben.link(phone="+12025550178", completeness=91, connects_balance=29)
    await ada.say("/connects")
    await ben.say("/connects")
    adas = await ada.be_called()
    bens = await ben.be_called()
    adas_code, bens_code = ada.code, ben.code
    await adas.to_code_step()
    await bens.to_code_step()

    crossed = await bens.key(adas_code)
    await adas.key(adas_code)
    await bens.key(bens_code)

    assert "That is not the code." in crossed.words
    assert "Verified: +44 … 56" in ada.text
    assert "Verified: +1 … 78" in ben.text
    assert [fact for fact in ("78", "29 Connects", "91") if fact in ada.text] == []
    assert [fact for fact in ("56", "17 Connects", "72%") if fact in ben.text] == []
    shown = [wire["text"] for _, wire in scene.telegram.calls if wire["chat_id"] == ADA]
    assert [text for text in shown if bens_code[:3] + " " + bens_code[3:] in text] == []


async def test_a_number_verified_elsewhere_is_revealed_only_after_the_right_code(
    scene: Scene, ada: Conversation, ben: Conversation
) -> None:
    await ben.link()
    phone = await ben.be_called()
    await phone.to_code_step()
    await phone.key(ben.code)
    await ada.link()
    scene.clock.forward(minutes=1)

    phone = await ada.be_called()
    before = ada.text
    await phone.to_code_step()
    await phone.key(ada.code)

    assert "another account" not in before
    assert "That number is verified on another account already." in ada.last.text
    assert ada.last.labels == ["Talk to a person", "Problems with the call"]


async def test_the_lock_applies_to_the_number_on_another_account(
    scene: Scene, ada: Conversation, ben: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    await phone.key(ada.wrong_code)
    await phone.key(ada.wrong_code)
    await phone.key(ada.wrong_code)
    await ben.link()
    scene.clock.forward(hours=1)

    [refused] = await ben.say("/verify")

    assert "there is a wait of 24 hours" in refused.text
    assert "You can try again from 24 Nov 2026, 12:00 UTC" in refused.text


async def test_the_lock_applies_to_the_account_in_another_chat(
    scene: Scene, ada: Conversation, ben: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    await phone.key(ada.wrong_code)
    await phone.key(ada.wrong_code)
    await phone.key(ada.wrong_code)
    await ben.accept_link("f-1001")

    [refused] = await ben.say("/verify")

    assert "there is a wait of 24 hours" in refused.text


async def test_a_number_being_called_for_another_account_is_busy(
    ada: Conversation, ben: Conversation
) -> None:
    await ada.link()
    await ben.link()
    await ada.be_called()

    [refused] = await ben.say("/verify")

    assert "I can't call this number right now. Please try again at" in refused.text


@pytest.mark.parametrize(
    "said", ["/connects", "/verify", "/start", "/help", "/connects@test_desk_bot"]
)
async def test_commands_in_a_group_point_to_the_private_chat(
    scene: Scene, ada: Conversation, said: str
) -> None:
    await ada.link()
    group = scene.person(ADA, chat=GROUP)

    [shown] = await group.say(said)

    assert shown.text.startswith("Let's do that in private: write to me directly.")


@pytest.mark.parametrize(
    "said", ["how do I verify my phone?", "482 913", "/topics@other_bot", "/connects@other_bot"]
)
async def test_other_messages_in_a_group_are_ignored(
    scene: Scene, ada: Conversation, said: str
) -> None:
    await ada.link()
    group = scene.person(ADA, chat=GROUP)

    assert await group.say(said) == []


async def test_a_button_pressed_in_a_group_does_nothing(scene: Scene, ada: Conversation) -> None:
    await ada.link()
    group = scene.person(ADA, chat=GROUP)
    [shown] = await group.say("/help")

    assert await group.press_data(shown, "p:show") == []


async def test_a_chat_that_blocked_the_bot_gets_nothing_until_it_writes_again(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    await ada.say("/connects")
    count = len(scene.telegram.calls)
    await ada.block()
    scene.clock.forward(minutes=1)
    await scene.push(a_snapshot(ADA, scene.clock.now(), completeness=80))
    silent = len(scene.telegram.calls) - count
    scene.telegram.blocked.discard(ADA)

    [shown] = await ada.say("/connects")

    assert silent == 0
    assert shown.text.startswith("20 of 40 Connects a month")
    scene.clock.forward(minutes=1)
    await scene.push(a_snapshot(ADA, scene.clock.now(), completeness=80, phone_verified=True))
    assert "All 40 Connects a month are open now." in ada.last.text


async def test_unblocking_the_bot_is_enough_to_get_messages_again(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    await ada.block()
    await ada.unblock()
    scene.clock.forward(minutes=1)

    await scene.push(a_snapshot(ADA, scene.clock.now(), completeness=80))

    assert "80% profile completeness: done." in ada.last.text


async def test_a_send_refused_by_a_block_marks_the_chat(scene: Scene, ada: Conversation) -> None:
    await ada.link()
    scene.telegram.blocked.add(ADA)
    scene.clock.forward(minutes=1)
    await scene.push(a_snapshot(ADA, scene.clock.now(), completeness=80))
    count = len(scene.telegram.calls)
    scene.clock.forward(minutes=1)

    await scene.push(a_snapshot(ADA, scene.clock.now(), completeness=80, phone_verified=True))

    stored = await scene.stored_chat(ada)
    assert stored is not None
    assert stored.blocked_at is not None
    assert len(scene.telegram.calls) == count


async def test_blocking_during_a_call_affects_nobody_else(
    scene: Scene, ada: Conversation, ben: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    scene.telegram.blocked.add(ADA)

    await phone.report("busy")
    [answer] = await ben.say("/help")

    assert "What you can do here" in answer.text
