"""Calls that don't reach anybody, come too soon, or are not wanted; on both databases."""

import pytest

from tests.support.chat import Conversation, Scene
from tests.support.phone import sid_of

FREE = "This did not cost you an attempt. 3 attempts left."
NOT_REACHED = "Nobody answered, or the call did not get through."


@pytest.fixture
def journey_url(database_url: str) -> str:
    return database_url


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("busy", "The line was busy."),
        ("no-answer", NOT_REACHED),
        ("failed", NOT_REACHED),
        ("canceled", NOT_REACHED),
    ],
)
async def test_an_unanswered_call_costs_no_attempt(
    ada: Conversation, status: str, told: str
) -> None:
    await ada.link()
    phone = await ada.be_called()

    assert await phone.report("ringing") == 204
    assert await phone.report(status) == 204

    assert ada.last.text == f"{told}\n\n{FREE} I can call again at 23 Nov 2026, 12:01 UTC."
    assert ada.last.labels == [
        "Call me again",
        "Use another number",
        "Problems with the call",
        "Talk to a person",
    ]


async def test_the_next_call_has_to_wait_a_minute(scene: Scene, ada: Conversation) -> None:
    await ada.link()
    scene.clock.forward(seconds=20)
    await (await ada.be_called()).report("busy")
    scene.clock.forward(seconds=59.9)

    [refused] = await ada.press("Call me again")
    scene.clock.forward(seconds=0.1)
    await ada.press("Call me again")

    assert "The last call was just now. I can call again at 23 Nov 2026, 12:02 UTC." in (
        refused.text
    )
    assert len(scene.provider.orders) == 2


@pytest.mark.attack("T33")
async def test_a_number_gets_at_most_three_calls_a_day(scene: Scene, ada: Conversation) -> None:
    await ada.link()
    await (await ada.be_called()).report("busy")
    await _call_again(scene, ada)
    await _call_again(scene, ada)
    ended = ada.last.text
    scene.clock.forward(minutes=5)

    [refused] = await ada.press("Call me again")

    assert "I can call again from 24 Nov 2026, 12:00 UTC" in ended
    assert "This number has had all the calls that I may make to it in 24 hours." in refused.text
    assert "I can call it again from 24 Nov 2026, 12:00 UTC" in refused.text
    assert refused.labels == ["Use another number", "Talk to a person"]
    assert len(scene.provider.orders) == 3


@pytest.mark.attack("T28")
async def test_asking_twice_places_one_call(scene: Scene, ada: Conversation) -> None:
    await ada.link()
    await ada.be_called()

    [again] = await ada.press("Yes, call me now")

    assert "Your call is still on: answer the phone when it rings" in again.text
    assert len(scene.provider.orders) == 1
    [standing] = await ada.say("/verify")
    assert "3 attempts left. The code is in the message above." in standing.text


async def test_declining_ends_the_call_and_blocks_the_number(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.pick_up()

    farewell = await phone.key("9")

    assert "Thank you for telling us." in farewell.words
    assert "Somebody on the phone said that they didn't expect this call" in ada.last.text
    scene.clock.forward(hours=23)
    await ada.say("/verify")
    assert "I won't call this number before 24 Nov 2026, 12:00 UTC" in ada.last.text
    assert len(scene.provider.orders) == 1


async def test_voicemail_presses_no_key_and_hears_no_code_prompt(ada: Conversation) -> None:
    await ada.link()
    phone = await ada.be_called()

    said = [
        (await phone.pick_up()).words,
        (await phone.key("")).words,
        (await phone.key("")).words,
    ]

    assert said[1] == said[0]
    assert ada.last.text.startswith("The call ended before a code came.")
    assert "3 attempts left." in ada.last.text


@pytest.mark.parametrize("key", ["5", "*", "##", "#123456"])
async def test_only_the_hash_key_leads_to_the_code_prompt(ada: Conversation, key: str) -> None:
    await ada.link()
    phone = await ada.be_called()
    greeting = await phone.pick_up()

    answer = await phone.key(key)

    assert answer.words == greeting.words


async def test_hanging_up_at_the_code_prompt_costs_no_attempt(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()

    await phone.report("completed")
    await scene.wait(seconds=5)

    assert ada.last.text.startswith("The call ended before a code came.")
    assert "This did not cost you an attempt. 3 attempts left." in ada.last.text


@pytest.mark.attack("T18")
async def test_a_code_that_arrives_after_the_end_of_the_call_still_counts(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()

    await phone.report("completed")
    await phone.key(ada.code)
    await scene.wait(seconds=5)

    assert "Phone verification: done." in ada.last.text
    assert "ended before" not in ada.text


@pytest.mark.parametrize(
    ("seconds", "farewell", "shown"),
    [
        (599.9, "Your number is verified.", "Phone verification: done."),
        (600, "This code has run out.", "The code has run out."),
    ],
)
async def test_a_code_expires_after_ten_minutes(
    scene: Scene, ada: Conversation, seconds: float, farewell: str, shown: str
) -> None:
    await ada.link()
    phone = await ada.be_called()
    code = ada.code
    await phone.to_code_step()
    scene.clock.forward(seconds=seconds)

    heard = await phone.key(code)

    assert farewell in heard.words
    assert shown in ada.last.text


async def test_an_expired_code_costs_no_attempt_and_a_new_call_is_offered(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    await ada.be_called()

    await scene.wait(minutes=10)

    assert ada.last.text == (
        "The code has run out.\n\nThis did not cost you an attempt. 3 attempts left."
    )
    assert scene.provider.hung_up == [sid_of(1)]
    await ada.press("Call me again")
    assert len(scene.provider.orders) == 2


async def test_cancelling_hangs_up_and_costs_nothing(scene: Scene, ada: Conversation) -> None:
    await ada.link()
    await ada.be_called()

    changed = await ada.press("Cancel the call")

    assert [one.text.splitlines()[0] for one in changed] == [
        "The call is cancelled.",
        "Stopped. /verify starts again; your attempts are as they were.",
    ]
    assert scene.provider.hung_up == [sid_of(1)]


async def test_hanging_up_is_retried_until_the_provider_confirms(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    await ada.be_called()
    scene.provider.answers = [(503, {})]

    await ada.press("Cancel the call")
    early = list(scene.provider.hung_up)
    await scene.wait(seconds=1)

    assert early == []
    assert scene.provider.hung_up == [sid_of(1)]


async def test_an_unconfirmed_call_fails_after_90_seconds(scene: Scene, ada: Conversation) -> None:
    await ada.link()
    scene.provider.answers = [(503, {"message": "down"})]
    await ada.be_called()

    await scene.wait(seconds=89)
    still = ada.last.text
    await scene.wait(seconds=1)

    assert still.startswith("Calling +1 … 23 …")
    assert ada.last.text == (
        "I could not place the call.\n\nThis did not cost you an attempt. 3 attempts left."
    )
    assert len(scene.provider.orders) == 1


@pytest.mark.attack("T31")
async def test_a_call_that_rings_despite_a_failed_order_continues(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    scene.provider.answers = [(500, [])]
    phone = await ada.be_called()

    await phone.to_code_step()
    farewell = await phone.key(ada.code)

    assert "Your number is verified." in farewell.words


async def test_a_provider_at_capacity_is_retried(scene: Scene, ada: Conversation) -> None:
    await ada.link()
    scene.provider.answers = [(429, {"code": 20429})]
    await ada.be_called()

    await scene.wait(seconds=2)

    assert ada.last.text.startswith("Your phone is ringing")
    assert len(scene.provider.orders) == 2


async def _call_again(scene: Scene, someone: Conversation) -> None:
    await scene.wait(seconds=60)
    await someone.press("Call me again")
    await scene.phone().report("busy")
