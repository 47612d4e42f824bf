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


async def test_reminders_are_sent_only_to_people_who_asked(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link(**LONDON)
    await ada.say("/connects")
    count = len(ada.messages)

    await scene.wait(hours=24 * 30)

    assert len(ada.messages) == count


async def test_after_a_week_a_reminder_lists_what_is_left(scene: Scene, ada: Conversation) -> None:
    await opted_in(ada)
    on = ada.last.text

    await scene.wait(hours=24 * 7)

    assert "The next one comes on 30 Nov 2026, 12:00 UTC" in on
    assert ada.last.text.startswith("Your weekly reminder: 10 of 40 Connects a month")
    assert "Left to do: 80% profile completeness, Phone verification." in ada.last.text
    assert "Account read 23 Nov 2026, 12:00 UTC." in ada.last.text
    assert ada.last.labels == ["My Connects", "No reminders"]


async def test_there_is_at_most_one_reminder_a_week(scene: Scene, ada: Conversation) -> None:
    await opted_in(ada)
    count = len(ada.messages)

    for _ in range(21):
        await scene.wait(hours=24)

    assert len(ada.messages) == count + 3


async def test_after_a_month_of_downtime_one_reminder_is_sent(
    scene: Scene, ada: Conversation
) -> None:
    await opted_in(ada)
    count = len(ada.messages)

    await scene.wait(hours=24 * 30)

    assert len(ada.messages) == count + 1


async def test_a_reminder_due_at_night_waits_for_the_morning(
    scene: Scene, ada: Conversation
) -> None:
    await opted_in(ada)
    count = len(ada.messages)

    await scene.wait(hours=24 * 7 + 12)
    at_night = len(ada.messages)
    await scene.wait(hours=10)

    assert (at_night, len(ada.messages)) == (count, count + 1)


STOPS = ["stop", "STOP!", "/stop", "Please stop", "stop the reminders", "no more reminders"]


@pytest.mark.parametrize("word", STOPS)
async def test_stop_ends_the_reminders(scene: Scene, ada: Conversation, word: str) -> None:
    await opted_in(ada)
    [off] = await ada.say(word)
    count = len(ada.messages)

    await scene.wait(hours=24 * 14)

    assert off.text.startswith("Reminders are off")
    assert len(ada.messages) == count


async def test_a_button_under_the_reminder_ends_them(scene: Scene, ada: Conversation) -> None:
    await opted_in(ada)
    await scene.wait(hours=24 * 7)

    [off] = await ada.press("No reminders")
    count = len(ada.messages)
    await scene.wait(hours=24 * 7)

    assert off.text.startswith("Reminders are off")
    assert len(ada.messages) == count


async def test_reminders_are_switched_on_and_off_in_one_message(ada: Conversation) -> None:
    await opted_in(ada)
    switch = ada.last

    await ada.press("No reminders")
    off = switch.text
    await ada.press("Yes, once a week")

    assert off.startswith("Reminders are off")
    assert switch.text.startswith("Reminders are on")
    [again] = await ada.say("/nudges")
    assert again.text.startswith("Reminders are on")


async def test_stop_without_reminders_is_treated_as_a_question(ada: Conversation) -> None:
    await ada.link()

    [answer] = await ada.say("stop")

    assert "Reminders" not in answer.text


async def test_reminders_end_when_all_steps_are_done(scene: Scene, ada: Conversation) -> None:
    await opted_in(ada)
    scene.clock.forward(hours=1)
    done = a_snapshot(ada.person, scene.clock.now(), completeness=95, phone_verified=True)
    await scene.push(done | LONDON)
    count = len(ada.messages)

    await scene.wait(hours=24 * 7)
    [off] = await ada.say("/nudges")

    assert len(ada.messages) == count + 1
    assert off.text.startswith("Reminders are off")


async def test_a_person_who_blocked_the_bot_gets_no_reminder(
    scene: Scene, ada: Conversation
) -> None:
    await opted_in(ada)
    await ada.block()
    await scene.wait(hours=24 * 7)
    await ada.unblock()

    [off] = await ada.say("/nudges")

    assert off.text.startswith("Reminders are off")


async def test_an_account_without_a_snapshot_gets_no_reminder(
    scene: Scene, ada: Conversation
) -> None:
    await ada.accept_link("f-1001")
    await ada.say("/nudges")
    await ada.press("Yes, once a week")
    count = len(ada.messages)

    await scene.wait(hours=24 * 20)

    assert len(ada.messages) == count


async def test_the_button_of_a_former_account_changes_nothing(ada: Conversation) -> None:
    await ada.link()
    await ada.say("/nudges")
    await ada.say("/unlink")

    [refused] = await ada.press("Yes, once a week")

    assert "I don't know your account yet" in refused.text


async def test_without_an_account_there_are_no_reminders(ada: Conversation) -> None:
    [refused] = await ada.say("/nudges")

    assert "I don't know your account yet" in refused.text
