"""What people send besides text: captions, albums, service messages, kinds of a later version."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.gateways.telegram.client import RefusedError
from tests.support.chat import ANN, GROUP, Conversation, Scene
from tests.support.scenes import opened_scene

PHOTO = {"photo": [{"file_id": "p", "file_unique_id": "u", "width": 90, "height": 90}]}
QUESTION = "how do I verify my phone?"
ANSWER = "Verifying your phone number"
ONLY_WORDS = "I can only read words"
KINDS: dict[str, dict[str, Any]] = {
    "story": {"story": {"chat": {"id": 77, "type": "private", "first_name": "Q"}, "id": 4}},
    "paid media": {"paid_media": {"star_count": 5, "paid_media": [{"type": "preview"}]}},
    "checklist": {"checklist": {"title": "t", "tasks": [{"id": 1, "text": "a"}]}},
    "game": {"game": {"title": "t", "description": "d", "photo": []}},
    "invoice": {
        "invoice": {
            "title": "t",
            "description": "d",
            "start_parameter": "s",
            "currency": "XTR",
            "total_amount": 5,
        }
    },
    "giveaway": {"giveaway": {"chats": [], "winners_selection_date": 0, "winner_count": 1}},
    "dice": {"dice": {"emoji": "\N{GAME DIE}", "value": 6}},
}
LATER: dict[str, dict[str, Any]] = {"a kind of a later version": {"hologram": {"depth": 3}}}
SERVICE = {
    "pinned_message": {
        "pinned_message": {
            "message_id": 3,
            "date": 1,
            "text": "x",
            "chat": {"id": 1001, "type": "private", "first_name": "Ada"},
        }
    },
    "timer": {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
    "write_access_allowed": {"write_access_allowed": {"web_app_name": "x"}},
    "topic": {"forum_topic_created": {"name": "New", "icon_color": 7322096}},
    "background": {"chat_background_set": {"type": {"type": "chat_theme", "theme_name": "x"}}},
    "users_shared": {"users_shared": {"request_id": 1, "users": [{"user_id": 5}]}},
    "payment": {
        "successful_payment": {
            "currency": "XTR",
            "total_amount": 5,
            "invoice_payload": "x",
            "telegram_payment_charge_id": "c",
            "provider_payment_charge_id": "p",
        }
    },
    "web_app_data": {"web_app_data": {"data": "x", "button_text": "y"}},
    "connected_website": {"connected_website": "example.com"},
    "left_chat_member": {"left_chat_member": {"id": 5, "is_bot": False, "first_name": "Q"}},
    "half a pin": {"pinned_message": {"message_id": 3}},
}


@pytest_asyncio.fixture
async def scene(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        sqlite_url, folder=tmp_path, staff_chat_id=GROUP, send_rate_group=0
    ) as scene:
        yield scene


def shown_to(one: Conversation) -> list[str]:
    return [message.text for message in one.messages]


async def test_a_question_as_caption_is_answered(ada: Conversation) -> None:
    [answer] = await ada.message(**PHOTO, caption=QUESTION)

    assert ANSWER in answer.text


async def test_an_edited_caption_is_answered_by_editing_the_answer(ada: Conversation) -> None:
    await ada.message(**PHOTO, caption="what is the weather like in Lisbon?")

    edited = {**PHOTO, "caption": QUESTION, "message_id": ada.said, "edit_date": 1}
    await ada.scene.receive({"edited_message": ada._message(**edited)})

    [answer] = ada.messages
    assert ANSWER in answer.text


async def test_a_caption_that_asks_for_a_person_opens_a_conversation(ada: Conversation) -> None:
    [answer] = await ada.message(**PHOTO, caption="I want to talk to a human")

    assert "The team has your request" in answer.text


async def test_a_caption_may_be_a_verification_code(ada: Conversation) -> None:
    await ada.link()
    await ada.be_called()

    [told] = await ada.message(**PHOTO, caption=ada.wrong_code)

    assert "That looks like a code." in told.text


async def test_a_picture_without_a_caption_gets_a_request_for_text(ada: Conversation) -> None:
    [answer] = await ada.message(**PHOTO)

    assert ONLY_WORDS in answer.text


@pytest.mark.parametrize("content", SERVICE.values(), ids=SERVICE)
async def test_a_service_message_is_not_answered(
    ada: Conversation, content: dict[str, Any]
) -> None:
    await ada.message(**content)

    assert shown_to(ada) == []


@pytest.mark.parametrize("content", SERVICE.values(), ids=SERVICE)
async def test_a_service_message_is_not_passed_on_in_a_conversation(
    ada: Conversation, content: dict[str, Any]
) -> None:
    await ada.say("/human")
    ann = ada.scene.staff(ANN)
    before = (shown_to(ada), shown_to(ann))

    await ada.message(**content)
    await ann.message(**content)

    assert (shown_to(ada), shown_to(ann)) == before


@pytest.mark.parametrize("content", LATER.values(), ids=LATER)
async def test_a_message_of_an_unknown_kind_is_treated_as_a_service_message(
    ada: Conversation, content: dict[str, Any]
) -> None:
    await ada.message(**content)

    assert shown_to(ada) == []


@pytest.mark.parametrize("content", (KINDS | LATER).values(), ids=KINDS | LATER)
async def test_every_kind_of_message_is_passed_on_both_ways(
    ada: Conversation, content: dict[str, Any]
) -> None:
    await ada.say("/human")
    ann = ada.scene.staff(ANN)

    await ada.message(**content)
    await ann.message(**content)

    copies = [call for method, call in ada.scene.telegram.calls if method == "copyMessage"]
    assert [(one["from_chat_id"], one["message_id"]) for one in copies] == [
        (ada.chat, ada.said),
        (GROUP, ann.said),
    ]


@pytest.mark.parametrize("content", (KINDS | LATER).values(), ids=KINDS | LATER)
async def test_a_message_that_telegram_cannot_copy_is_reported_to_both_sides(
    ada: Conversation, content: dict[str, Any]
) -> None:
    await ada.say("/human")
    ann = ada.scene.staff(ANN)
    refusal = RefusedError("Bad Request: message can't be copied")

    ada.scene.telegram.failing = {"copyMessage": refusal}
    await ada.message(**content)
    to_ada, to_ann = ada.last.text, ann.last.text
    ada.scene.telegram.failing = {"copyMessage": refusal}
    await ann.message(**content)

    assert "did not reach the team" in to_ada
    assert "could not be carried over" in to_ann
    assert "could not be carried over" in ann.last.text


@pytest.mark.parametrize(
    "more",
    [
        {"forward_origin": {"type": "hidden_user", "date": 1}},
        {"external_reply": {"origin": {"type": "later", "date": 1}}},
    ],
    ids=["forward", "reply"],
)
async def test_a_text_with_an_unknown_field_is_answered(
    ada: Conversation, more: dict[str, Any]
) -> None:
    [answer] = await ada.message(text=QUESTION, **more)

    assert ANSWER in answer.text


async def test_a_contact_forwarded_from_an_unknown_origin_is_not_the_senders_own(
    ada: Conversation,
) -> None:
    await ada.link()

    [refused] = await ada.share_contact("+12025550199", forward_origin={"type": "later"})

    assert "your own" in refused.text


async def test_unknown_content_gets_a_request_for_text(ada: Conversation) -> None:
    [answer] = await ada.message(poll={"id": "1"})

    assert ONLY_WORDS in answer.text


async def test_a_text_that_telegram_cannot_copy_is_sent_as_text(ada: Conversation) -> None:
    await ada.say("/human")
    ann = ada.scene.staff(ANN)
    refusal = RefusedError("Bad Request: message can't be copied")

    ada.scene.telegram.failing = {"copyMessage": refusal}
    await ada.say("1 < 2")
    ada.scene.telegram.failing = {"copyMessage": refusal}
    await ann.say("2 > 1")

    assert ann.messages[-2].text == "1 < 2"
    assert ada.last.text == "2 > 1"


async def test_formatting_that_splits_an_emoji_loses_no_message(ada: Conversation) -> None:
    await ada.say("/human")
    cut = [{"type": "bold", "offset": 1, "length": 5}]
    await ada.message(text="\N{WHITE RIGHT POINTING BACKHAND INDEX} 250 euros", entities=cut)
    theirs = ada.scene.staff(ANN).last
    edited = ada._message(
        text="\N{WHITE RIGHT POINTING BACKHAND INDEX} 350 euros",
        entities=cut,
        message_id=ada.said,
        edit_date=1,
    )
    before = theirs.text
    await ada.scene.receive({"edited_message": edited})

    assert before.endswith("250 euros")
    assert theirs.text.endswith("350 euros")


@pytest.mark.parametrize(
    ("content", "copies"),
    [
        (KINDS["checklist"], 2),
        ({"location": {"latitude": 1.0, "longitude": 2.0, "live_period": 900}}, 1),
    ],
    ids=["checklist", "live location"],
)
async def test_an_edit_without_text_is_copied_again_except_for_live_locations(
    ada: Conversation, content: dict[str, Any], copies: int
) -> None:
    await ada.say("/human")
    ann = ada.scene.staff(ANN)
    await ada.message(**content)
    seen = len(ann.messages)

    ada.scene.telegram.failing = {
        "editMessageCaption": RefusedError("Bad Request: there is no caption to edit")
    }
    edited = ada._message(**content, message_id=ada.said, edit_date=1)
    await ada.scene.receive({"edited_message": edited})

    made = [name for name, _ in ada.scene.telegram.calls if name == "copyMessage"]
    assert len(made) == copies
    assert len(ann.messages) == seen + copies - 1
