"""The local Telegram's group with topics, and copies from chat to chat: shapes and refusals."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.demo.staff import GROUP_ID, MEMBERS, staff_group
from bot.demo.telegram.forum import ForumGroup
from tests.bot.demo.bench import ADA, TelegramBench, telegram_bench
from tests.bot.demo.schema import faults

ANN = MEMBERS[0].user()


@pytest.fixture
async def bench() -> AsyncIterator[TelegramBench]:
    """With the group, one topic in it (2), a picture by Ada (3) and a word of the bot's (4)."""
    async with telegram_bench() as bench:
        bench.telegram.chats.open(staff_group())
        await bench.result("createForumTopic", chat_id=GROUP_ID, name="Ada")
        picture = bench.telegram.messages.files.remember("photo", "a.png", b"a", width=1, height=1)
        bench.telegram.visitors.post(ADA, {**picture, "caption": "look", "media_group_id": "1"})
        await bench.result(
            "sendMessage",
            chat_id=GROUP_ID,
            message_thread_id=2,
            text="<b>x</b>",
            parse_mode="HTML",
        )
        yield bench


def group_of(bench: TelegramBench) -> ForumGroup:
    group = bench.telegram.chats.of(GROUP_ID)
    assert isinstance(group, ForumGroup)
    return group


CALLS: list[tuple[str, dict[str, Any], str]] = [
    ("createForumTopic", {"chat_id": GROUP_ID, "name": "Ben"}, "ForumTopic"),
    ("editForumTopic", {"chat_id": GROUP_ID, "message_thread_id": 2, "name": "A"}, "True"),
    ("closeForumTopic", {"chat_id": GROUP_ID, "message_thread_id": 2}, "True"),
    ("deleteForumTopic", {"chat_id": GROUP_ID, "message_thread_id": 2}, "True"),
    ("sendMessage", {"chat_id": GROUP_ID, "message_thread_id": 2, "text": "x"}, "Message"),
    (
        "copyMessage",
        {"chat_id": GROUP_ID, "from_chat_id": ADA, "message_id": 3, "message_thread_id": 2},
        "MessageId",
    ),
    (
        "copyMessages",
        {"chat_id": GROUP_ID, "from_chat_id": ADA, "message_ids": [1, 3], "message_thread_id": 2},
        "Array of MessageId",
    ),
    ("getChat", {"chat_id": GROUP_ID}, "ChatFullInfo"),
]


@pytest.mark.parametrize(("method", "arguments", "expected"), CALLS)
async def test_every_response_matches_the_schema(
    bench: TelegramBench, method: str, arguments: dict[str, Any], expected: str
) -> None:
    result = await bench.result(method, **arguments)

    assert faults(result, expected) == []


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("createForumTopic", {"chat_id": ADA, "name": "x"}, "the chat is not a forum"),
    ("createForumTopic", {"name": " "}, "TOPIC_TITLE_EMPTY"),
    ("createForumTopic", {"name": "x" * 129}, "TOPIC_TITLE_TOO_LONG"),
    ("createForumTopic", {"name": "x", "icon_color": 1}, "TOPIC_ICON_COLOR_INVALID"),
    ("editForumTopic", {"message_thread_id": 2, "name": "Ada"}, "TOPIC_NOT_MODIFIED"),
    ("reopenForumTopic", {"message_thread_id": 2}, "TOPIC_NOT_MODIFIED"),
    ("closeForumTopic", {"message_thread_id": 99}, "TOPIC_ID_INVALID"),
    ("deleteForumTopic", {}, "TOPIC_ID_INVALID"),
    ("sendMessage", {"message_thread_id": 99, "text": "x"}, "message thread not found"),
    ("sendMessage", {"chat_id": ADA, "message_thread_id": 2, "text": "x"}, "thread not found"),
    ("copyMessage", {"from_chat_id": ADA, "message_id": 77}, "message to copy not found"),
    ("copyMessage", {"from_chat_id": GROUP_ID, "message_id": 2}, "message can't be copied"),
    ("copyMessage", {"from_chat_id": "x", "message_id": 2}, "chat not found"),
    ("copyMessages", {"from_chat_id": ADA, "message_ids": []}, "are not specified"),
    ("copyMessages", {"from_chat_id": ADA, "message_ids": [3, 1]}, "strictly increasing order"),
    ("copyMessages", {"from_chat_id": ADA, "message_ids": [77]}, "no messages to copy"),
    ("editMessageCaption", {"message_id": 4, "caption": "x"}, "there is no caption"),
    ("editMessageMedia", {"message_id": 4, "media": {"type": "sticker"}}, "InputMedia"),
    (
        "editMessageMedia",
        {"message_id": 4, "media": {"type": "photo", "media": "x"}},
        "there is no media",
    ),
]


@pytest.mark.parametrize(("method", "arguments", "reason"), REFUSED)
async def test_calls_that_telegram_refuses_are_refused(
    bench: TelegramBench, method: str, arguments: dict[str, Any], reason: str
) -> None:
    status, description = await bench.refusal(method, **{"chat_id": GROUP_ID, **arguments})

    assert status == 400
    assert reason in description


async def test_a_closed_topic_accepts_no_messages(bench: TelegramBench) -> None:
    await bench.result("closeForumTopic", chat_id=GROUP_ID, message_thread_id=2)

    refusal = await bench.refusal("sendMessage", chat_id=GROUP_ID, message_thread_id=2, text="x")
    await bench.result("reopenForumTopic", chat_id=GROUP_ID, message_thread_id=2)

    assert refusal == (400, "Bad Request: TOPIC_CLOSED")
    assert not group_of(bench).topics[2].closed


async def test_deleting_a_topic_deletes_its_messages(bench: TelegramBench) -> None:
    bench.telegram.members.delete_topic(group_of(bench), 2)

    assert group_of(bench).messages == {}
    assert bench.events.all[-1] == {"type": "topics", "chat": GROUP_ID, "topics": []}


async def test_a_copied_message_belongs_to_the_bot_and_can_be_edited(bench: TelegramBench) -> None:
    copy = await bench.result(
        "copyMessage", chat_id=GROUP_ID, from_chat_id=ADA, message_id=3, message_thread_id=2
    )
    place = {"chat_id": GROUP_ID, "message_id": copy["message_id"]}
    other = bench.telegram.messages.files.remember("photo", "b.png", b"b", width=1, height=1)

    captioned = await bench.result("editMessageCaption", **place, caption="new")
    media = {"type": "photo", "media": other["photo"][0]["file_id"], "caption": "newer"}
    replaced = await bench.result("editMessageMedia", **place, media=media)

    assert faults(captioned, "Message") == faults(replaced, "Message") == []
    assert captioned["caption"] == "new"
    assert replaced["caption"] == "newer"
    assert replaced["photo"][0]["file_unique_id"] == other["photo"][0]["file_unique_id"]


async def test_actions_of_members_become_updates_that_match_the_schema(
    bench: TelegramBench,
) -> None:
    members, group = bench.telegram.members, group_of(bench)
    said = members.say(group, ANN, "/take", thread=2)
    members.say(group, ANN, "a reply", thread=2, reply_to=4)
    members.edit(group, ANN, said["message_id"], text="/release")

    updates = await bench.result("getUpdates")

    assert faults(updates, "Array of Update") == []
    kinds = [next(kind for kind in one if kind != "update_id") for one in updates]
    assert kinds == ["message", "message", "message", "message", "edited_message"]
    assert updates[2]["message"]["reply_to_message"]["forum_topic_created"]["name"] == "Ada"
    assert updates[3]["message"]["reply_to_message"]["message_id"] == 4
