"""/connects for each kind of account, and what the marketplace pushes later."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.builders import PROFILE, a_snapshot
from tests.support.chat import Conversation, Scene
from tests.support.fakes import START

NOTHING = dict.fromkeys(PROFILE, False)
NO_TAGLINE = dict.fromkeys(PROFILE, True) | {"tagline": False}
NO_EMAIL = dict.fromkeys(PROFILE, True) | {"email_verified": False}


@pytest.mark.parametrize(
    ("account", "headline", "told", "untold"),
    [
        pytest.param(
            {"profile": NOTHING, "completeness": 15},
            "0 of 40 Connects a month",
            ["To do: Basic profile information (+10)", "• tagline", "To do: Phone verification"],
            ["Done:"],
            id="nothing done",
        ),
        pytest.param(
            {"phone_verified": True},
            "20 of 40 Connects a month",
            ["Your meter reads 72%; it takes 80%.", "Quick ways", "• add files to your portfolio"],
            ["• add skills", "• verify your email"],
            id="basic and phone done, meter 72",
        ),
        pytest.param(
            {"phone_verified": True, "completeness": 91, "connects_balance": 33},
            "40 of 40 Connects a month: everything is done",
            ["33 Connects left to spend."],
            ["To do:"],
            id="all done",
        ),
        pytest.param(
            {"profile": NOTHING, "completeness": 41, "phone_verified": True},
            "10 of 40 Connects a month",
            ["Done: Phone verification (+10)"],
            ["Done: Basic"],
            id="only phone done",
        ),
        pytest.param(
            {"profile": NO_TAGLINE},
            "0 of 40 Connects a month",
            ["Missing:\n• tagline"],
            ["• overview", "Done:"],
            id="six of seven items",
        ),
        pytest.param(
            {"completeness": 80},
            "20 of 40 Connects a month",
            ["Done: 80% profile completeness (+10)"],
            ["Your meter reads"],
            id="meter at 80",
        ),
        pytest.param(
            {"completeness": 79},
            "10 of 40 Connects a month",
            ["Your meter reads 79%; it takes 80%."],
            ["Done: 80"],
            id="meter at 79",
        ),
        pytest.param(
            {"completeness": 79.6},
            "10 of 40 Connects a month",
            ["Your meter reads 79.6%; it takes 80%."],
            ["Done: 80"],
            id="meter at 79.6 is not rounded",
        ),
        pytest.param(
            {"completeness": None},
            "10 of 40 Connects a month",
            ["Not known: 80% profile completeness"],
            ["reads 0"],
            id="meter not reported",
        ),
        pytest.param(
            {"plan": "individual", "profile": NO_EMAIL},
            "Your Individual plan opens all its Connects once your basic profile is complete",
            ["Missing:\n• email verification", "Not needed: Phone verification."],
            ["of 40", "+10"],
            id="paid, email missing",
        ),
        pytest.param(
            {"plan": "small_company"},
            "All the Connects of your plan are open",
            ["Done: Basic profile information", "Not needed: 80% profile completeness."],
            ["of 40", "To do:"],
            id="paid, done",
        ),
        pytest.param(
            {"plan": "small_company", "plan_allowance": 80, "connects_balance": 1},
            "80 of 80 Connects a month: everything is done",
            ["1 Connect left to spend."],
            ["of 40"],
            id="paid, done, with its own number",
        ),
    ],
)
async def test_connects_shows_done_and_remaining_steps(
    ada: Conversation, account: dict[str, Any], headline: str, told: list[str], untold: list[str]
) -> None:
    await ada.link(**account)

    [shown] = await ada.say("/connects")

    assert shown.text.startswith(f"{headline}\n")
    assert [words for words in told if words not in shown.text] == []
    assert [words for words in untold if words in shown.text] == []
    assert "Account read 23 Nov 2026, 12:00 UTC." in shown.text


@pytest.mark.parametrize(
    ("before", "now", "headline"),
    [
        pytest.param({"completeness": 83}, {}, "20 of 40", id="meter fell back"),
        pytest.param(
            {"completeness": 80},
            {"phone_verified": True},
            "40 of 40 Connects a month: everything is done",
            id="meter fell back, the rest done",
        ),
        pytest.param({}, {"profile": NO_TAGLINE}, "10 of 40", id="item deleted"),
        pytest.param(
            {"plan": "individual", "completeness": 94, "phone_verified": True},
            {"completeness": 94, "phone_verified": True},
            "40 of 40 Connects a month: everything is done",
            id="downgraded, all done while paid",
        ),
        pytest.param(
            {"plan": "individual", "completeness": 86},
            {"completeness": 86},
            "20 of 40",
            id="downgraded, phone never verified",
        ),
    ],
)
async def test_a_completed_step_stays_completed(
    scene: Scene, ada: Conversation, before: dict[str, Any], now: dict[str, Any], headline: str
) -> None:
    await scene.push(a_snapshot(ada.person, as_of=START - timedelta(days=30), **before))
    await ada.link(**now)

    [shown] = await ada.say("/connects")

    assert shown.text.startswith(headline)


async def test_an_account_without_a_snapshot_is_not_shown_as_zero(ada: Conversation) -> None:
    await ada.accept_link("f-1001")

    [shown] = await ada.say("/connects")

    assert shown.text.startswith("I don't know yet where you stand")
    assert shown.text.count("Not known:") == 3
    assert "0 of 40" not in shown.text
    assert "Account read" not in shown.text


async def test_an_old_snapshot_is_marked(scene: Scene, ada: Conversation) -> None:
    await ada.link()
    scene.clock.forward(hours=25)

    [shown] = await ada.say("/connects")

    assert "That is a while ago: newer changes may be missing." in shown.text


async def test_each_remaining_step_has_a_button(ada: Conversation) -> None:
    await ada.link()
    [shown] = await ada.say("/connects")

    [how_to] = await ada.press("How to: 80% profile completeness")
    [verify] = await ada.press("Verify my phone")

    assert shown.labels == [
        "How to: 80% profile completeness",
        "Verify my phone",
        "What if …?",
        "Remind me once a week",
        "Read again",
        "Why 40?",
    ]
    assert how_to.text.startswith("Getting your profile to 80%")
    assert verify.text.startswith("Verify your phone")


async def test_why_40_is_available_when_all_steps_are_done(ada: Conversation) -> None:
    await ada.link(phone_verified=True, completeness=91)
    [shown] = await ada.say("/connects")

    [why] = await ada.press("Why 40?")

    assert shown.labels == ["What if …?", "Read again", "Why 40?"]
    assert "The listed steps come to 30" in why.text


async def test_why_40_explains_the_sum_without_a_fourth_step(ada: Conversation) -> None:
    await ada.link()
    await ada.say("/connects")

    [why] = await ada.press("Why 40?")

    assert "The listed steps come to 30; finishing all of them opens the full 40" in why.text
    assert "the help page does not itemise the last 10" in why.text
    assert "ID verification" not in why.text


async def test_read_again_edits_the_message_in_place(scene: Scene, ada: Conversation) -> None:
    await ada.link()
    [shown] = await ada.say("/connects")
    scene.clock.forward(minutes=5)
    await scene.push(a_snapshot(ada.person, scene.clock.now(), completeness=75))
    count = len(ada.messages)

    await ada.press("Read again")

    assert "Your meter reads 75%" in shown.text
    assert len(ada.messages) == count


async def test_read_again_edits_the_message_it_was_pressed_under(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    [first] = await ada.say("/connects")
    [second] = await ada.say("/connects")
    later = scene.clock.forward(minutes=5)
    await scene.push(a_snapshot(ada.person, later, completeness=75))

    again = await ada.press_data(first, "p:refresh")

    assert "Your meter reads 75%" in second.text
    assert [shown.message_id for shown in again] == [first.message_id]
    assert "Your meter reads 75%" in first.text


async def test_a_pushed_snapshot_that_completes_a_step_is_announced_once(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    [shown] = await ada.say("/connects")
    scene.clock.forward(minutes=5)
    better = a_snapshot(ada.person, scene.clock.now(), completeness=80)

    await scene.push(better)
    await scene.push(better)
    await scene.push(better | {"as_of": scene.clock.forward(minutes=1).isoformat()})

    assert shown.text.startswith("20 of 40 Connects a month")
    told = [one.text for one in ada.messages if "completeness: done." in one.text]
    assert told == ["80% profile completeness: done. +10 Connects a month: 20 of 40."]


async def test_the_last_step_opens_the_whole_allowance(scene: Scene, ada: Conversation) -> None:
    await ada.link(phone_verified=True)
    scene.clock.forward(minutes=5)

    await scene.push(
        a_snapshot(ada.person, scene.clock.now(), completeness=80, phone_verified=True)
    )

    assert "All 40 Connects a month are open now." in ada.last.text


async def test_a_person_who_never_asked_gets_no_progress_message(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    count = len(ada.messages)
    scene.clock.forward(minutes=5)

    await scene.push(a_snapshot(ada.person, scene.clock.now(), completeness=75))

    assert len(ada.messages) == count
