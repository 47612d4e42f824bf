"""Actions of staff members in a forum group of the local Telegram."""

from typing import Any

from bot.demo.errors import NotNowError
from bot.demo.telegram.answer import Json
from bot.demo.telegram.chats import Conversations
from bot.demo.telegram.entities import with_found
from bot.demo.telegram.forum import Forum, ForumGroup
from bot.demo.telegram.markup import Formatted
from bot.demo.telegram.updates import Updates


class Members:
    """Each action becomes an update, since the bot is an admin of the group."""

    def __init__(self, *, chats: Conversations, updates: Updates, forum: Forum) -> None:
        self._chats = chats
        self._updates = updates
        self._forum = forum

    def say(
        self,
        group: ForumGroup,
        member: Json,
        text: str,
        *,
        thread: int,
        reply_to: int | None = None,
    ) -> Json:
        found = with_found(Formatted(text=text.strip()))
        if not found.text:
            raise NotNowError("There is nothing to send yet.")
        entities = {"entities": list(found.entities)} if found.entities else {}
        said = {"text": found.text, **entities}
        return self.post(group, member, said, thread=thread, reply_to=reply_to)

    def post(
        self,
        group: ForumGroup,
        member: Json,
        said: Json,
        *,
        thread: int,
        reply_to: int | None = None,
    ) -> Json:
        """Post any content; without `reply_to`, it replies to the topic's first message."""
        if thread not in group.topics:
            raise NotNowError("That topic is no longer there.")
        # All members are admins here, and those can write into closed topics.
        place = {"message_thread_id": thread, "is_topic_message": True}
        original = group.messages.get(reply_to or thread) or group.messages.get(thread)
        quoted = {"reply_to_message": _bare(original)} if original else {}
        message = self._chats.post(group, member, {**said, **place, **quoted})
        self._updates.add("message", message, chat_id=group.id)
        return message

    def edit(self, group: ForumGroup, member: Json, message_id: int, **changes: Any) -> Json:
        before = group.messages.get(message_id)
        if before is None or before["from"]["id"] != member["id"]:
            raise NotNowError("Only your own messages can be edited.")
        after = {k: v for k, v in before.items() if k not in {"entities", "caption_entities"}}
        after |= {**changes, "edit_date": self._chats.moment()}
        self._chats.revise(group, after)
        self._updates.add("edited_message", after, chat_id=group.id)
        return after

    def delete_topic(self, group: ForumGroup, thread: int) -> None:
        """Delete a topic as a person; bots get no update about that."""
        if thread not in group.topics:
            raise NotNowError("That topic is no longer there.")
        self._forum.drop(group, thread)

    def close_topic(self, group: ForumGroup, thread: int) -> None:
        if thread in group.topics:
            self._forum.set_closed(group, thread, closed=True)


def _bare(message: Json) -> Json:
    return {name: value for name, value in message.items() if name != "reply_to_message"}
