"""The staff group: its topics, and copies of what was said that go into and out of it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from bot.gateways.telegram.client import (
    BlockedError,
    Calls,
    Messenger,
    RefusedError,
    RetryAfterError,
    UnreachableError,
)
from state.model.chat import ChatId
from state.model.ticket import Content

_GONE = ("message thread not found", "TOPIC_DELETED", "TOPIC_ID_INVALID")
_CLOSED = ("TOPIC_CLOSED",)
_NO_GROUP = ("chat not found", "not enough rights", "not a forum", "CHAT_ADMIN_REQUIRED")
LONGEST_NAME = 128
"""Characters of Bot API `createForumTopic`'s `name`."""
_MEDIA = {
    Content.PHOTO: "photo",
    Content.VIDEO: "video",
    Content.ANIMATION: "animation",
    Content.AUDIO: "audio",
    Content.DOCUMENT: "document",
}


class TopicGoneError(RefusedError):
    """Somebody deleted the topic."""


class TopicClosedError(RefusedError):
    """Nothing can be written into it until it is opened again."""


class NoGroupError(RefusedError):
    """The bot may not write there: it is not in the group, or lacks the rights."""


class GroupCalls:
    """The Bot API, with what can go wrong in a group named."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def call(self, method: str, **parameters: object) -> Any:
        try:
            return await self._calls.call(method, **parameters)
        except BlockedError as error:
            raise NoGroupError(str(error)) from None
        except RefusedError as error:
            raise _named(error) from None


class StaffGroup:
    """A supergroup with topics, in which the bot may manage them."""

    def __init__(self, calls: Calls, chat_id: ChatId, *, cosmetic: Calls) -> None:
        """`cosmetic`: for what is given up when Telegram refuses; it keeps nothing waiting."""
        self._calls = GroupCalls(calls)
        self._cosmetic = GroupCalls(cosmetic)
        self.messenger = Messenger(self._calls)
        self.chat_id = chat_id

    async def create(self, name: str) -> int:
        """Bot API `message_thread_id` of the new topic."""
        topic = await self.call("createForumTopic", name=name[:LONGEST_NAME])
        return int(topic["message_thread_id"])

    async def reopen(self, thread_id: int) -> None:
        """It is no fault if it was open."""
        await self._if_modified(self._calls, "reopenForumTopic", thread_id)

    async def close(self, thread_id: int) -> None:
        await self._if_modified(self._cosmetic, "closeForumTopic", thread_id)

    async def rename(self, thread_id: int, name: str) -> None:
        """Cosmetic."""
        with suppress(RefusedError, RetryAfterError, UnreachableError):
            await self._cosmetic.call(
                "editForumTopic",
                chat_id=self.chat_id,
                message_thread_id=thread_id,
                name=name[:LONGEST_NAME],
            )

    async def drop(self, thread_id: int) -> None:
        await self.call("deleteForumTopic", message_thread_id=thread_id)

    async def call(self, method: str, **parameters: object) -> Any:
        return await self._calls.call(method, chat_id=self.chat_id, **parameters)

    async def send(self, text: str, thread_id: int, *, reply_to: int | None = None) -> int:
        """Words of ours; Bot API `message_id` of the new message."""
        return await self.messenger.send(
            self.chat_id,
            text,
            None,
            message_thread_id=thread_id,
            reply_parameters=reply_to_it(reply_to),
        )

    async def _if_modified(self, calls: Calls, method: str, thread_id: int) -> None:
        try:
            await calls.call(method, chat_id=self.chat_id, message_thread_id=thread_id)
        except RefusedError as error:
            if "TOPIC_NOT_MODIFIED" not in str(error):
                raise


def _named(error: RefusedError) -> RefusedError:
    said = str(error)
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
    """The call that copies one message, or several as one album; an album replies to nothing."""
    if len(message_ids) > 1:
        return "copyMessages", {"from_chat_id": source, "message_ids": list(message_ids)}
    return "copyMessage", {
        "from_chat_id": source,
        "message_id": message_ids[0],
        "reply_parameters": reply_to_it(reply_to),
    }


def reply_to_it(message_id: int | None) -> Mapping[str, object] | None:
    """A message that was deleted meanwhile holds nothing up."""
    if message_id is None:
        return None
    return {"message_id": message_id, "allow_sending_without_reply": True}


def copied_ids(answer: Any) -> list[int]:
    """Of either call's answer."""
    answers: list[Any] = answer if isinstance(answer, list) else [answer]
    return [int(one["message_id"]) for one in answers]


def edit_of(
    content: Content, html: str, *, file_id: str | None
) -> tuple[str, Mapping[str, object]]:
    """The call that lets a copy say what its original says now; `file_id` is of a new file."""
    words = {"caption": html, "parse_mode": "HTML"}
    if content is Content.TEXT:
        return "editMessageText", {"text": html, "parse_mode": "HTML"}
    if file_id is not None and content in _MEDIA:
        return "editMessageMedia", {
            "media": {"type": _MEDIA[content], "media": file_id, **words},
        }
    return "editMessageCaption", words
