"""What would be open after this or that: by buttons, in one message, and nothing is stored."""

from typing import Any

import pytest

from tests.support.builders import PROFILE
from tests.support.chat import Conversation, Scene

NO_EMAIL = dict.fromkeys(PROFILE, True) | {"email_verified": False}


async def suppose(ada: Conversation, *labels: str) -> str:
    await ada.say("/connects")
    for label in ("What if …?", *labels):
        await ada.press(label)
    return ada.last.text


@pytest.mark.parametrize(
    ("account", "pressed", "told"),
    [
        pytest.param(
            {},
            ["If done: Phone verification"],
            [
                "Now: 10 of 40 Connects a month.",
                "With this done: Phone verification.",
                "Then: 20 of 40",
                "Account read 23 Nov 2026, 12:00 UTC.",
            ],
            id="one step",
        ),
        pytest.param(
            {},
            ["If done: Phone verification", "If done: 80% profile completeness"],
            ["Then: 40 of 40 Connects a month, everything is done."],
            id="the last two steps open the whole",
        ),
        pytest.param(
            {},
            ["If done: Phone verification", "Without: Phone verification"],
            ["Press what could change", "Now: 10 of 40 Connects a month."],
            id="taken back",
        ),
        pytest.param(
            {},
            ["On the Individual plan"],
            ["On the Individual plan.", "Then: all the Connects of the plan are open."],
            id="upgraded",
        ),
        pytest.param(
            {"profile": NO_EMAIL},
            ["On the Individual plan"],
            ["the Individual plan opens all its Connects once the basic profile is complete"],
            id="upgraded, the email missing",
        ),
        pytest.param(
            {"plan": "individual", "completeness": 91},
            ["On the Basic plan"],
            ["Now: all the Connects of the plan are open.", "Then: 20 of 40 Connects a month."],
            id="downgraded, the phone missing",
        ),
        pytest.param(
            {"plan": "individual", "completeness": 91},
            ["On the Basic plan", "If done: Phone verification"],
            ["Then: 40 of 40 Connects a month, everything is done."],
            id="downgraded, with the phone",
        ),
        pytest.param(
            {"profile": {}, "completeness": None, "phone_verified": None},
            [],
            ["Now: not known, because too little was read."],
            id="nothing known",
        ),
    ],
)
async def test_each_change_is_a_button(
    ada: Conversation, account: dict[str, Any], pressed: list[str], told: list[str]
) -> None:
    await ada.link(**account)

    shown = await suppose(ada, *pressed)

    assert [words for words in told if words not in shown] == []


async def test_the_what_if_message_is_edited_in_place_and_stores_nothing(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    await suppose(ada)
    count = len(ada.messages)

    await ada.press("If done: Phone verification")
    await ada.press("On the Individual plan")
    supposed = ada.last
    [progress] = await ada.press("My Connects")

    assert len(ada.messages) == count + 1
    assert supposed.edits == 2
    assert progress.text.startswith("10 of 40 Connects a month")


async def test_completed_steps_cannot_be_toggled(ada: Conversation) -> None:
    await ada.link()
    await suppose(ada)

    assert ada.last.labels == [
        "If done: 80% profile completeness",
        "If done: Phone verification",
        "On the Individual plan",
        "On the Small Company plan",
        "On the Large Company plan",
        "My Connects",
    ]


async def test_an_account_without_a_snapshot_offers_steps_but_no_plans(ada: Conversation) -> None:
    await ada.accept_link("f-1001")

    await suppose(ada, "If done: Phone verification")

    assert "Then: 10 of 40 Connects a month." in ada.last.text
    assert "Account read" not in ada.last.text
    assert [label for label in ada.last.labels if label.startswith("On the")] == []


async def test_choosing_a_plan_without_a_snapshot_is_refused(ada: Conversation) -> None:
    await ada.accept_link("f-1001")
    [shown] = await ada.say("/connects")

    [progress] = await ada.press_data(shown, "w:show::b")

    assert progress.text.startswith("I don't know yet where you stand")


async def test_letters_of_an_older_policy_are_ignored(ada: Conversation) -> None:
    await ada.link()
    [shown] = await ada.say("/connects")

    [then] = await ada.press_data(shown, "w:show:zq:y")

    assert "Now: 10 of 40 Connects a month." in then.text


@pytest.mark.parametrize("label", ["What if …?", "Remind me once a week"])
async def test_buttons_of_a_former_account_do_nothing(ada: Conversation, label: str) -> None:
    await ada.link()
    await ada.say("/connects")
    await ada.say("/unlink")

    [shown] = await ada.press(label)

    assert "I don't know your account yet" in shown.text


async def test_a_deleted_account_is_reported(scene: Scene, ada: Conversation) -> None:
    await ada.link()
    await suppose(ada)
    shown = ada.last
    await ada.say("/forget")
    await ada.press("Yes, erase everything")

    [gone] = await ada.press_data(shown, "w:edit:c:")

    assert "I don't know your account yet" in gone.text
