"""Reminders: only for who asked, once a week, by day, and no more when there is nothing to say."""

import pytest

from tests.support.builders import a_snapshot
from tests.support.chat import Conversation, Scene

LONDON = {"timezone": "Europe/London"}


async def opted_in(ada: Conversation) -> None:
    await ada.link(**LONDON)
    await ada.say("/connects")
    await ada.press("Remind me once a week")
    await ada.press("Yes, once a week")


async def test_nobody_is_reminded_who_did_not_ask(scene: Scene, ada: Conversation) -> None:
    await ada.link(**LONDON)
    await ada.say("/connects")
    count = len(ada.messages)

    await scene.wait(hours=24 * 30)

    assert len(ada.messages) == count


async def test_a_week_later_it_is_told_what_is_left(scene: Scene, ada: Conversation) -> None:
    await opted_in(ada)
    on = ada.last.text

    await scene.wait(hours=24 * 7)

    assert "The next one comes on 30 Nov 2026, 12:00 UTC" in on
    assert ada.last.text.startswith("Your weekly reminder: 10 of 40 Connects a month")
    assert "Left to do: 80% profile completeness, Phone verification." in ada.last.text
    assert "Account read 23 Nov 2026, 12:00 UTC." in ada.last.text
    assert ada.last.labels == ["My Connects", "No reminders"]


async def test_there_is_one_a_week_and_no_more(scene: Scene, ada: Conversation) -> None:
    await opted_in(ada)
    count = len(ada.messages)

    for _ in range(21):
        await scene.wait(hours=24)

    assert len(ada.messages) == count + 3


async def test_a_desk_that_was_off_for_a_month_sends_one(scene: Scene, ada: Conversation) -> None:
    await opted_in(ada)
    count = len(ada.messages)

    await scene.wait(hours=24 * 30)

    assert len(ada.messages) == count + 1


async def test_at_night_it_waits_for_the_morning(scene: Scene, ada: Conversation) -> None:
    await opted_in(ada)
    count = len(ada.messages)

    await scene.wait(hours=24 * 7 + 12)
    at_night = len(ada.messages)
    await scene.wait(hours=10)

    assert (at_night, len(ada.messages)) == (count, count + 1)


STOPS = ["stop", "STOP!", "/stop", "Please stop", "stop the reminders", "no more reminders"]


@pytest.mark.parametrize("word", STOPS)
async def test_stop_is_understood(scene: Scene, ada: Conversation, word: str) -> None:
    await opted_in(ada)
    [off] = await ada.say(word)
    count = len(ada.messages)

    await scene.wait(hours=24 * 14)

    assert off.text.startswith("Reminders are off")
    assert len(ada.messages) == count


async def test_a_button_under_the_reminder_stops_them(scene: Scene, ada: Conversation) -> None:
    await opted_in(ada)
    await scene.wait(hours=24 * 7)

    [off] = await ada.press("No reminders")
    count = len(ada.messages)
    await scene.wait(hours=24 * 7)

    assert off.text.startswith("Reminders are off")
    assert len(ada.messages) == count


async def test_they_are_switched_by_one_message(ada: Conversation) -> None:
    await opted_in(ada)
    switch = ada.last

    await ada.press("No reminders")
    off = switch.text
    await ada.press("Yes, once a week")

    assert off.startswith("Reminders are off")
    assert switch.text.startswith("Reminders are on")
    [again] = await ada.say("/nudges")
    assert again.text.startswith("Reminders are on")


async def test_stop_is_a_question_where_there_is_nothing_to_stop(ada: Conversation) -> None:
    await ada.link()

    [answer] = await ada.say("stop")

    assert "Reminders" not in answer.text


async def test_when_all_is_done_there_are_no_more(scene: Scene, ada: Conversation) -> None:
    await opted_in(ada)
    scene.clock.forward(hours=1)
    done = a_snapshot(ada.person, scene.clock.now(), completeness=95, phone_verified=True)
    await scene.push(done | LONDON)
    count = len(ada.messages)

    await scene.wait(hours=24 * 7)
    [off] = await ada.say("/nudges")

    assert len(ada.messages) == count + 1
    assert off.text.startswith("Reminders are off")


async def test_who_blocked_the_bot_is_not_reminded_any_more(
    scene: Scene, ada: Conversation
) -> None:
    await opted_in(ada)
    await ada.block()
    await scene.wait(hours=24 * 7)
    await ada.unblock()

    [off] = await ada.say("/nudges")

    assert off.text.startswith("Reminders are off")


async def test_an_account_without_a_reading_has_nothing_to_be_reminded_of(
    scene: Scene, ada: Conversation
) -> None:
    await ada.accept_link("f-1001")
    await ada.say("/nudges")
    await ada.press("Yes, once a week")
    count = len(ada.messages)

    await scene.wait(hours=24 * 20)

    assert len(ada.messages) == count


async def test_the_switch_of_a_former_account_switches_nothing(ada: Conversation) -> None:
    await ada.link()
    await ada.say("/nudges")
    await ada.say("/unlink")

    [refused] = await ada.press("Yes, once a week")

    assert "I don't know your account yet" in refused.text


async def test_without_an_account_there_is_nothing_to_remind_of(ada: Conversation) -> None:
    [refused] = await ada.say("/nudges")

    assert "I don't know your account yet" in refused.text
