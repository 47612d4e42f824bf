"""Forum groups of the local Telegram, and the Bot API methods of their topics."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.demo.telegram.answer import Json, bad_request
from bot.demo.telegram.arguments import Arguments
from bot.demo.telegram.chats import Conversation, Conversations

NAME_LIMIT = 128
COLOURS = frozenset({7322096, 16766590, 13338331, 9367192, 16749490, 16478047})
"""Icon colours that Telegram allows, RGB."""
UNSAID = 7322096


@dataclass(slots=True, kw_only=True)
class ForumTopic:
    """A topic of a forum group."""

    name: str
    closed: bool = False


@dataclass(slots=True, kw_only=True)
class ForumGroup(Conversation):
    """A supergroup with topics, which the bot may manage."""

    title: str
    topics: dict[int, ForumTopic] = field(default_factory=dict)
    """By Bot API `message_thread_id`."""

    @property
    def chat(self) -> Json:
        return {"id": self.id, "title": self.title, "type": "supergroup", "is_forum": True}

    def shown_topics(self) -> list[Json]:
        return [
            {"thread": thread, "name": topic.name, "closed": topic.closed}
            for thread, topic in self.topics.items()
        ]

    def place(self, thread: int | None) -> Json:
        """Message fields of this topic; ApiError 400 if it is missing or closed."""
        if thread is None:
            return {}
        topic = self.topics.get(thread)
        if topic is None:
            raise bad_request("message thread not found")
        if topic.closed:
            raise bad_request("TOPIC_CLOSED")
        return {"message_thread_id": thread, "is_topic_message": True}


def placed(arguments: Arguments, conversation: Conversation) -> Json:
    """Message fields of the topic named in the arguments; ApiError 400 outside of a forum."""
    thread = arguments.integer("message_thread_id")
    if thread is None:
        return {}
    if not isinstance(conversation, ForumGroup):
        raise bad_request("message thread not found")
    return conversation.place(thread)


class Forum:
    """Bot API methods of topics."""

    def __init__(self, *, chats: Conversations, me: Json) -> None:
        self._chats = chats
        self._me = me

    def methods(self) -> Mapping[str, Callable[[Arguments], Any]]:
        return {
            "createForumTopic": self.create,
            "editForumTopic": self.rename,
            "closeForumTopic": lambda a: self._set_closed(a, closed=True),
            "reopenForumTopic": lambda a: self._set_closed(a, closed=False),
            "deleteForumTopic": self.delete,
        }

    def create(self, arguments: Arguments) -> Json:
        """Create a topic; its id is that of the service message about it."""
        group = self._group(arguments)
        name = _name(arguments)
        colour = arguments.integer("icon_color") or UNSAID
        if colour not in COLOURS:
            raise bad_request("TOPIC_ICON_COLOR_INVALID")
        told = {"forum_topic_created": {"name": name, "icon_color": colour}}
        thread = self._chats.next_id
        group.topics[thread] = ForumTopic(name=name)
        self._chats.post(group, self._me, {**told, **group.place(thread)})
        self._tell(group)
        return {"message_thread_id": thread, "name": name, "icon_color": colour}

    def rename(self, arguments: Arguments) -> bool:
        group, thread = self._topic(arguments)
        name = _name(arguments)
        if group.topics[thread].name == name:
            raise bad_request("TOPIC_NOT_MODIFIED")
        group.topics[thread].name = name
        self._tell(group)
        return True

    def delete(self, arguments: Arguments) -> bool:
        group, thread = self._topic(arguments)
        self.drop(group, thread)
        return True

    def drop(self, group: ForumGroup, thread: int) -> None:
        """Delete a topic with all its messages."""
        del group.topics[thread]
        inside = [m for m, one in group.messages.items() if one.get("message_thread_id") == thread]
        self._chats.remove(group, inside)
        self._tell(group)

    def set_closed(self, group: ForumGroup, thread: int, *, closed: bool) -> None:
        group.topics[thread].closed = closed
        self._tell(group)

    def _set_closed(self, arguments: Arguments, *, closed: bool) -> bool:
        group, thread = self._topic(arguments)
        if group.topics[thread].closed is closed:
            raise bad_request("TOPIC_NOT_MODIFIED")
        self.set_closed(group, thread, closed=closed)
        return True

    def _tell(self, group: ForumGroup) -> None:
        self._chats.tell(group, "topics", topics=group.shown_topics())

    def _topic(self, arguments: Arguments) -> tuple[ForumGroup, int]:
        group, thread = self._group(arguments), arguments.integer("message_thread_id")
        if thread is None or thread not in group.topics:
            raise bad_request("TOPIC_ID_INVALID")
        return group, thread

    def _group(self, arguments: Arguments) -> ForumGroup:
        conversation = self._chats.reachable(arguments.values.get("chat_id"))
        if not isinstance(conversation, ForumGroup):
            raise bad_request("the chat is not a forum")
        return conversation


def _name(arguments: Arguments) -> str:
    name = arguments.text("name").strip()
    if not 0 < len(name) <= NAME_LIMIT:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
    return name
