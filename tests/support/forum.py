"""Fake of a supergroup's forum topics, which refuses calls as Telegram does."""

from dataclasses import dataclass, field
from typing import Any

from bot.gateways.telegram.client import RefusedError

FORUM_METHODS = frozenset(
    {
        "createForumTopic",
        "editForumTopic",
        "closeForumTopic",
        "reopenForumTopic",
        "deleteForumTopic",
    }
)
FIRST = 500


@dataclass(slots=True)
class Forum:
    names: dict[int, str] = field(default_factory=dict)
    """`message_thread_id` → name, of existing topics."""
    closed: set[int] = field(default_factory=set)
    made: int = 0

    def call(self, method: str, wire: dict[str, Any]) -> Any:
        if method == "createForumTopic":
            return self._create(wire["name"])
        thread = wire["message_thread_id"]
        if thread not in self.names:
            raise RefusedError("Bad Request: TOPIC_ID_INVALID")
        if method == "deleteForumTopic":
            self.delete(thread)
            return True
        if method == "editForumTopic":
            self.names[thread] = wire["name"]
            return True
        wanted = method == "closeForumTopic"
        if (thread in self.closed) is wanted:
            raise RefusedError("Bad Request: TOPIC_NOT_MODIFIED")
        (self.closed.add if wanted else self.closed.discard)(thread)
        return True

    def check(self, thread: int | None) -> None:
        """Raise RefusedError if a message cannot be posted to the topic."""
        if thread is None:
            return
        if thread not in self.names:
            raise RefusedError("Bad Request: message thread not found")
        if thread in self.closed:
            raise RefusedError("Bad Request: TOPIC_CLOSED")

    def delete(self, thread: int) -> None:
        """Delete a topic, as staff can do by hand."""
        del self.names[thread]
        self.closed.discard(thread)

    def _create(self, name: str) -> dict[str, Any]:
        self.made += 1
        thread = FIRST + self.made
        self.names[thread] = name
        return {"message_thread_id": thread, "name": name, "icon_color": 0x6FB9F0}
