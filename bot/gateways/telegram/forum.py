"""The staff group: a Telegram forum whose topics each mirror one conversation."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from bot.gateways.telegram.client import (
    BlockedError,
    BotApiCalls,
    Messenger,
    MovedError,
    RefusedError,
    TelegramError,
)
from state.model.chat import ChatId
from state.model.ticket import Content

_GONE = ("message thread not found", "TOPIC_DELETED", "TOPIC_ID_INVALID")
_CLOSED = ("TOPIC_CLOSED",)
_NO_GROUP = (
    "chat not found",
    "group chat was deactivated",
    "chat was deleted",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "not a forum",
    "available only for supergroups",
    "available for supergroup and channel chats only",
    "CHANNEL_FORUM_MISSING",
    "CHANNEL_INVALID",
    "CHANNEL_PRIVATE",
    "CHAT_ADMIN_REQUIRED",
    "CHAT_FORBIDDEN",
    "CHAT_ID_INVALID",
    "CHAT_RESTRICTED",
    "CHAT_WRITE_FORBIDDEN",
    "PEER_ID_INVALID",
    "USER_BANNED_IN_CHANNEL",
)
"""Refusals that are about the group, whatever was to be sent there."""
LONGEST_NAME = 128
"""Maximum length of `createForumTopic`'s `name`, in characters."""
_MEDIA = {
    Content.PHOTO: "photo",
    Content.VIDEO: "video",
    Content.ANIMATION: "animation",
    Content.AUDIO: "audio",
    Content.DOCUMENT: "document",
}


class TopicGoneError(RefusedError):
    """The topic was deleted."""


class TopicClosedError(RefusedError):
    """The topic is closed; it takes messages again once it is reopened."""


class NoGroupError(RefusedError):
    """The bot is not in the group, or lacks the rights to write there."""


class GroupCalls:
    """`Calls` middleware that turns refusals in a group into the specific errors above."""

    def __init__(self, calls: BotApiCalls, group: ChatId) -> None:
        self._calls = calls
        self._group = group

    async def call(self, method: str, **parameters: object) -> Any:
        """Call a method; errors of calls that don't concern the group stay as they are."""
        try:
            return await self._calls.call(method, **parameters)
        except MovedError as error:
            raise NoGroupError(f"{error}: set HELPDESK_STAFF_CHAT_ID to {error.chat_id}") from None
        except (BlockedError, RefusedError) as error:
            if parameters.get("chat_id") != self._group:
                raise
            raise _named(error) from None


class StaffGroup:
    """Client of the staff group: a supergroup with topics, which the bot may manage."""

    def __init__(self, calls: BotApiCalls, chat_id: ChatId, *, cosmetic: BotApiCalls) -> None:
        """`cosmetic`: `Calls` for topic names and states, given up if Telegram refuses.

        Its retry-after waits are not recorded, so that they delay no message.
        """
        self._calls = GroupCalls(calls, chat_id)
        self._cosmetic = GroupCalls(cosmetic, chat_id)
        self.messenger = Messenger(self._calls)
        self.chat_id = chat_id

    async def create(self, name: str) -> int:
        """Create a topic; returns its Bot API `message_thread_id`."""
        topic = await self.call("createForumTopic", name=name[:LONGEST_NAME])
        return int(topic["message_thread_id"])

    async def reopen(self, thread_id: int) -> None:
        """Reopen a topic; no error if it is open already."""
        await self._if_modified(self._calls, "reopenForumTopic", thread_id)

    async def close(self, thread_id: int) -> None:
        """Close a topic; no error if it is closed already."""
        await self._if_modified(self._cosmetic, "closeForumTopic", thread_id)

    async def rename(self, thread_id: int, name: str) -> None:
        """Rename a topic; a failure is ignored, since the name is cosmetic."""
        with suppress(TelegramError):
            await self._cosmetic.call(
                "editForumTopic",
                chat_id=self.chat_id,
                message_thread_id=thread_id,
                name=name[:LONGEST_NAME],
            )

    async def drop(self, thread_id: int) -> None:
        """Delete a topic with all its messages."""
        await self.call("deleteForumTopic", message_thread_id=thread_id)

    async def call(self, method: str, **parameters: object) -> Any:
        """Call a Bot API method in this group."""
        return await self._calls.call(method, chat_id=self.chat_id, **parameters)

    async def send(self, text: str, thread_id: int, *, reply_to: int | None = None) -> int:
        """Send a text of the bot into a topic; returns its Bot API `message_id`."""
        return await self.messenger.send(
            self.chat_id,
            text,
            None,
            message_thread_id=thread_id,
            reply_parameters=reply_to_it(reply_to),
        )

    async def _if_modified(self, calls: BotApiCalls, method: str, thread_id: int) -> None:
        try:
            await calls.call(method, chat_id=self.chat_id, message_thread_id=thread_id)
        except RefusedError as error:
            if "TOPIC_NOT_MODIFIED" not in str(error):
                raise


def is_about_topic(error: RefusedError) -> bool:
    """Whether Telegram refused since the topic does not exist, or is closed."""
    return any(sign in str(error) for sign in (*_GONE, *_CLOSED))


def _named(error: BlockedError | RefusedError) -> RefusedError:
    said = str(error)
    if isinstance(error, BlockedError):
        return NoGroupError(said)
    for kind, signs in (
        (TopicGoneError, _GONE),
        (TopicClosedError, _CLOSED),
        (NoGroupError, _NO_GROUP),
    ):
        if any(sign in said for sign in signs):
            return kind(said)
    return error


def copy_of(
    message_ids: Sequence[int], source: int, *, reply_to: int | None
) -> tuple[str, Mapping[str, object]]:
    """Bot API method and parameters that copy one message, or several as an album.

    An album can't be a reply, so `reply_to` is ignored for it.
    """
    if len(message_ids) > 1:
        return "copyMessages", {"from_chat_id": source, "message_ids": list(message_ids)}
    return "copyMessage", {
        "from_chat_id": source,
        "message_id": message_ids[0],
        "reply_parameters": reply_to_it(reply_to),
    }


def reply_to_it(message_id: int | None) -> Mapping[str, object] | None:
    """Bot API `reply_parameters`; the message is sent even if the original was deleted."""
    if message_id is None:
        return None
    return {"message_id": message_id, "allow_sending_without_reply": True}


def copied_ids(answer: Any) -> list[int]:
    """Message ids in the result of `copyMessage` or `copyMessages`."""
    answers: list[Any] = answer if isinstance(answer, list) else [answer]
    return [int(one["message_id"]) for one in answers]


def edit_of(
    content: Content, html: str, *, file_id: str | None
) -> tuple[str, Mapping[str, object]]:
    """Bot API method and parameters that update a copy after its original was edited.

    `html` is text or caption; `file_id` a replacement file, if the media changed.
    """
    words = {"caption": html, "parse_mode": "HTML"}
    if content is Content.TEXT:
        return "editMessageText", {"text": html, "parse_mode": "HTML"}
    if file_id is not None and content in _MEDIA:
        return "editMessageMedia", {
            "media": {"type": _MEDIA[content], "media": file_id, **words},
        }
    return "editMessageCaption", words
