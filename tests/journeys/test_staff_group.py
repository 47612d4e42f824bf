"""Staff in their group: one topic a freelancer, and what they write there."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.support.chat import ANN, GROUP, STRANGER, Conversation, Scene
from tests.support.scenes import opened_scene

PHOTO = {
    "photo": [{"file_id": "p1", "file_unique_id": "u1", "width": 10, "height": 10}],
}
DOCUMENT = {
    "document": {"file_id": "d1", "file_unique_id": "u2", "file_name": "contract.pdf"},
}


@pytest_asyncio.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        database_url, folder=tmp_path, staff_chat_id=GROUP, send_rate_group=0
    ) as scene:
        yield scene


async def test_the_summary_shows_what_the_bot_knows_with_masked_numbers(ada: Conversation) -> None:
    await ada.link(display_name="Ada Lovelace")
    await ada.say("how do I verify my phone?")
    await ada.say("what is the weather like in Lisbon?")

    await ada.press("Talk to a person")

    [packet] = ada.scene.staff().messages
    assert ": Ada L." in packet.text
    assert "no article answers this" in packet.text
    assert "“how do I verify my phone?”: Verifying your phone number" in packet.text
    assert "“what is the weather like in Lisbon?”: no answer" in packet.text
    assert "10 of 40 Connects a month" in packet.text
    assert "80% profile completeness: to do, meter at 72%" in packet.text
    assert "3 of 3 attempts left, +1 … 23" in packet.text
    assert "+12025550123" not in ada.scene.staff().text
    assert ada.scene.telegram.forum.names[501].startswith("Ada L. #")


async def test_messages_are_passed_on_both_ways_with_their_reply_references(
    ada: Conversation, ann: Conversation
) -> None:
    await ada.say("my account is gone")
    asked = ann.last
    await ann.message(
        text="Which one?", reply_to_message={**_bare(ann), "message_id": asked.message_id}
    )
    answer = ada.last
    await ada.message(
        text="the old one", reply_to_message={**_bare(ada), "message_id": answer.message_id}
    )

    assert asked.text == "my account is gone"
    assert answer.text == "Which one?"
    assert answer.reply_to == ada.said - 2
    assert ann.last.text == "the old one"
    assert ann.last.reply_to == ann.said


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (PHOTO | {"caption": "my screen"}, "[photo]my screen"),
        (DOCUMENT, "[document]"),
        ({"voice": {"file_id": "v", "file_unique_id": "w", "duration": 3}}, "[voice]"),
    ],
)
async def test_files_are_passed_on_both_ways(
    ada: Conversation, ann: Conversation, content: dict[str, Any], shown: str
) -> None:
    await ada.message(**content)
    theirs = ann.last.text
    await ann.message(**content)

    assert theirs == shown
    assert ada.last.text == shown


async def test_an_album_arrives_as_one_after_a_moment(
    ada: Conversation, ann: Conversation
) -> None:
    for place in range(3):
        await ada.message(**PHOTO, media_group_id="7", caption=str(place))
    before = ann.messages[1:]
    await ada.say("that is all")
    await ada.scene.wait(seconds=2)

    assert before == []
    assert [(one.text, one.album) for one in ann.messages[1:]] == [
        ("[photo]0", "7"),
        ("[photo]1", "7"),
        ("[photo]2", "7"),
        ("that is all", None),
    ]
    copies = [call for method, call in ada.scene.telegram.calls if method == "copyMessages"]
    assert [len(call["message_ids"]) for call in copies] == [3]


async def test_a_late_part_of_an_album_is_not_lost(ada: Conversation, ann: Conversation) -> None:
    await ada.message(**PHOTO, media_group_id="7", caption="0")
    await ada.scene.wait(seconds=2)
    await ada.message(**PHOTO, media_group_id="7", caption="1")
    await ada.scene.wait(seconds=2)

    assert [one.text for one in ann.messages[1:]] == ["[photo]0", "[photo]1"]


async def test_edits_are_passed_on_to_the_other_side(ada: Conversation, ann: Conversation) -> None:
    await ada.say("my acount is gone")
    await ada.edit("my account is gone")
    theirs = ann.last
    await ann.say("Wich one?")
    await ann.edit("Which one?")

    assert (theirs.text, theirs.edits) == ("my account is gone", 1)
    assert (ada.last.text, ada.last.edits) == ("Which one?", 1)


async def test_an_edit_refused_by_telegram_is_reported(
    ada: Conversation, ann: Conversation
) -> None:
    await ada.say("my acount is gone")
    ada.scene.telegram.delete(GROUP, ann.last.message_id)

    await ada.edit("my account is gone")

    assert ann.last.text == "Edited, it says now:\n\nmy account is gone"


async def test_captions_and_files_can_be_edited(ada: Conversation, ann: Conversation) -> None:
    await ann.message(**PHOTO, caption="one")
    changed = ann._message(**PHOTO, caption="two", message_id=ann.said)
    await ann._receive({"edited_message": changed | {"edit_date": changed["date"] + 1}})
    other = {"photo": [{**PHOTO["photo"][0], "file_unique_id": "other", "file_id": "p2"}]}
    changed = ann._message(**other, caption="three", message_id=ann.said)
    await ann._receive({"edited_message": changed | {"edit_date": changed["date"] + 2}})

    edits = [method for method, _ in ada.scene.telegram.calls if method.startswith("editMessageC")]
    media = [call for method, call in ada.scene.telegram.calls if method == "editMessageMedia"]
    assert edits == ["editMessageCaption"]
    assert media[0]["media"]["media"] == "p2"
    assert ada.last.text == "three"


async def test_staff_can_delete_their_own_messages(ada: Conversation, ann: Conversation) -> None:
    await ann.say("wrong chat, sorry")
    mine = {"reply_to_message": {**_bare(ann), "message_id": ann.said}}
    await ann.message(text="/delete", **mine)

    assert "wrong chat" not in ada.text
    assert ann.last.text == "Deleted in their chat."


async def test_delete_needs_a_message_of_the_sender(ada: Conversation, ann: Conversation) -> None:
    await ada.say("hello")
    theirs = {"reply_to_message": {**_bare(ann), "message_id": ann.last.message_id}}
    await ann.message(text="/delete", **theirs)
    refused = ann.last.text
    await ann.say("/delete")

    assert "Only what staff said can be deleted" in refused
    assert "in reply to a message of yours" in ann.last.text


async def test_a_conversation_held_by_one_member_is_not_answered_by_another(
    ada: Conversation, ann: Conversation, bob: Conversation
) -> None:
    await ann.say("I am on it")
    await bob.say("me too")
    refused = bob.last.text
    await bob.say("/take")
    again = bob.last.text
    await bob.say("/take over")
    await bob.say("Bob here")

    assert "Ann has this talk. /take over takes it." in refused
    assert "Ann has this talk" in again
    assert "me too" not in ada.text
    assert "Bob is with you now" in ada.text
    assert ada.last.text == "Bob here"


async def test_members_of_the_group_who_are_not_staff_can_do_nothing(
    ada: Conversation, ann: Conversation
) -> None:
    mallory = ada.scene.staff(STRANGER, thread=ann.thread)
    for words in ("hello", "/take", "/close", "/ban x"):
        await mallory.say(words)

    assert len(ada.messages) == 1
    assert [one.text.split(":")[0] for one in mallory.messages[1:]] == ["Nothing was done"] * 4


async def test_messages_outside_the_topics_are_not_passed_on(
    ada: Conversation, ann: Conversation
) -> None:
    general = Conversation(scene=ada.scene, person=ANN, chat=GROUP)
    await general.say("lunch?")

    assert len(ada.messages) == 1


async def test_notes_are_not_passed_on(ada: Conversation, ann: Conversation) -> None:
    await ann.say("/Note called the <bank>")
    noted = ann.last.text
    await ann.say("/note")

    assert noted == "Note by Ann: called the <bank>"
    assert "Write the note after it" in ann.last.text
    assert len(ada.messages) == 1


async def test_an_article_is_sent_by_its_slug(ada: Conversation, ann: Conversation) -> None:
    await ann.say("/a verify-phone-number")
    sent = ada.last
    await ann.say("/a no-such-thing")
    unknown = ann.last.text
    await ann.say("/a")

    assert sent.html.startswith("<b>Verifying your phone number</b>")
    assert "Not sent: there is no article of that name." in unknown
    assert "Write an article's name after it" in ann.last.text
    assert any(one.text.startswith("Ann:\n\nVerifying") for one in ann.messages)


async def test_a_released_conversation_can_be_taken_by_another_member(
    ada: Conversation, ann: Conversation, bob: Conversation
) -> None:
    await ann.say("/take")
    await ann.say("/release")
    await bob.say("Bob here")

    assert "Somebody else of the team will go on with ticket" in ada.text
    assert ada.last.text == "Bob here"


async def test_a_closed_conversation_must_be_taken_before_a_reply(
    ada: Conversation, ann: Conversation
) -> None:
    await ann.say("/close")
    assert ada.scene.telegram.forum.closed == {ann.thread}
    ada.scene.telegram.forum.closed.clear()  # admins may write into a closed one
    await ann.say("one more thing")
    refused = ann.last.text
    await ann.say("/take")
    await ann.say("one more thing")

    assert "this talk is over. /take opens it again." in refused
    assert ada.last.text == "one more thing"


async def test_help_lists_the_commands(ada: Conversation, ann: Conversation) -> None:
    await ann.say("/help")
    shown = ann.last.text
    await ann.say("/nonsense")

    assert "/take over, from somebody else" in shown
    assert ann.last.text == shown


def _bare(person: Conversation) -> dict[str, Any]:
    return {"date": 1, "chat": person._chat(), "text": "x"}
