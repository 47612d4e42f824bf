"""Linking by a code that is guessed at, and by one's own Telegram number."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.support.builders import a_snapshot
from tests.support.chat import ADA, Conversation, Scene
from tests.support.scenes import opened_scene

HER_NUMBER = "+12025550123"


async def guess(someone: Conversation, times: int) -> str:
    for _ in range(times):
        await someone.say("WRNG-CDES")
    return someone.last.text


async def test_after_five_wrong_codes_the_end_of_the_lock_is_shown(
    scene: Scene, ada: Conversation
) -> None:
    offered = await scene.offer_link("f-1001")
    fifth = await guess(ada, 5)

    [locked] = await ada.say(offered["code"])
    scene.clock.forward(hours=1)
    later = await scene.offer_link("f-1001")
    [works] = await ada.say(later["code"])

    assert "I don't know this link or code." in fifth
    assert "Too many codes were wrong, so I look at none for now" in locked.text
    assert "23 Nov 2026, 13:00 UTC" in locked.text
    assert locked.labels == ["Talk to a person"]
    assert "Link this chat?" in works.text


async def test_a_forged_button_counts_as_a_guess(scene: Scene, ada: Conversation) -> None:
    await scene.offer_link("f-1001")
    [shown] = await ada.say("/start")

    for _ in range(5):
        await ada.press_data(shown, "l:yes:WRNG-CDES")
    await ada.press_data(shown, "l:yes:WRNG-CDES")

    assert "Too many codes were wrong" in ada.last.text


async def test_the_deep_link_works_during_the_lock(scene: Scene, ada: Conversation) -> None:
    await guess(ada, 6)

    await ada.accept_link("f-1001")

    assert "Linked." in ada.last.text


@pytest_asyncio.fixture
async def open_scene(journey_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    """A desk whose settings let a number link."""
    async with opened_scene(journey_url, folder=tmp_path, contact_links=True) as scene:
        yield scene


@pytest.fixture
def she(open_scene: Scene) -> Conversation:
    return open_scene.person(ADA)


async def test_the_senders_own_number_may_find_the_account_that_has_it(
    open_scene: Scene, she: Conversation
) -> None:
    await open_scene.push(a_snapshot(ADA, phone="+1 (202) 555-0123"))
    await she.say("/start")

    [asked] = await she.share_contact(HER_NUMBER)
    await she.press("Yes, link it")
    [progress] = await she.say("/connects")

    assert "The link is for the account of A••, phone +1 … 23." in asked.text
    assert "10 of 40" in progress.text


async def test_linking_by_contact_is_offered_only_where_useful(she: Conversation) -> None:
    hello = await she.say("/start")
    await she.link()
    again = await she.say("/start")

    assert "Or share your own Telegram number" in hello[-1].text
    assert hello[-1].keyboard == {
        "keyboard": [[{"text": "Share my Telegram number", "request_contact": True}]],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }
    assert len(again) == 1


@pytest.mark.parametrize(
    "accounts",
    [
        pytest.param([], id="nobody's"),
        pytest.param([1001, 1002], id="two accounts'"),
    ],
)
async def test_a_number_of_no_or_several_accounts_links_nothing_without_saying_which(
    open_scene: Scene, she: Conversation, accounts: list[int]
) -> None:
    for person in accounts:
        await open_scene.push(a_snapshot(person, phone=HER_NUMBER))

    [refused] = await she.share_contact(HER_NUMBER)

    assert "That number doesn't lead me to one account." in refused.text
    assert "Yes, link it" not in refused.labels


async def test_a_typed_number_does_not_count_as_a_number_on_record(
    open_scene: Scene, she: Conversation
) -> None:
    """Else one could have strangers' chats end up at one's own account."""
    thief = open_scene.person(1002)
    await thief.link(phone="+12025550178")
    await thief.say("/verify")
    await thief.press("Use another number")
    await thief.say(HER_NUMBER)

    [refused] = await she.share_contact(HER_NUMBER)

    assert "That number doesn't lead me to one account." in refused.text


@pytest.mark.parametrize(
    "contact",
    [
        pytest.param({"owner": 1002}, id="somebody else's"),
        pytest.param(
            {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "A"}},
            id="forwarded",
        ),
    ],
)
async def test_another_persons_contact_is_refused(
    open_scene: Scene, she: Conversation, contact: dict[str, Any]
) -> None:
    await open_scene.push(a_snapshot(ADA, phone=HER_NUMBER))

    [refused] = await she.share_contact(HER_NUMBER, **contact)

    assert "I can only take your own contact" in refused.text


async def test_a_contact_in_a_group_is_ignored(open_scene: Scene) -> None:
    await open_scene.push(a_snapshot(ADA, phone=HER_NUMBER))
    group = open_scene.person(ADA, chat=-100500)

    assert await group.share_contact(HER_NUMBER) == []


async def test_linking_by_contact_is_off_by_default(scene: Scene, ada: Conversation) -> None:
    await scene.push(a_snapshot(ADA, phone=HER_NUMBER))
    hello = await ada.say("/start")

    [refused] = await ada.share_contact(HER_NUMBER)

    assert len(hello) == 1
    assert "I don't know your account yet" in refused.text


async def test_an_invalid_number_links_nothing(she: Conversation) -> None:
    [refused] = await she.share_contact("999")

    assert "That number doesn't lead me to one account." in refused.text
