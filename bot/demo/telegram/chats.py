"""Conversations of the local Telegram: messages, keyboards and state of each chat."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.demo.events import Events
from bot.demo.telegram.answer import Json, bad_request, forbidden
from state.ports import Clock


@dataclass(slots=True, kw_only=True)
class Conversation:
    """A private chat; base class of a group."""

    user: Json
    """Bot API `User`; the chat has the same id."""
    phone: str = ""
    """Phone number of the Telegram account, E.164."""
    messages: dict[int, Json] = field(default_factory=dict)
    """Bot API `Message` by its id, oldest first."""
    keyboard: Json | None = None
    """Reply keyboard shown below the input field."""
    started: bool = False
    """Whether the person wrote first; a bot may not write before."""
    blocked: bool = False

    @property
    def id(self) -> int:
        return int(self.user["id"])

    @property
    def chat(self) -> Json:
        names = ("id", "first_name", "last_name", "username")
        return {name: self.user[name] for name in names if name in self.user} | {"type": "private"}


class Conversations:
    """All conversations; message ids increase across all of them, as on the real server."""

    def __init__(self, *, clock: Clock, events: Events) -> None:
        self._clock = clock
        self._events = events
        self._conversations: dict[int, Conversation] = {}
        self._last_message_id = 0

    def add(self, user: Json, *, phone: str) -> None:
        conversation = Conversation(user={"is_bot": False, **user}, phone=phone)
        self._conversations[conversation.id] = conversation

    def open(self, conversation: Conversation) -> None:
        """Add a conversation that is not a private chat."""
        self._conversations[conversation.id] = conversation

    @property
    def next_id(self) -> int:
        """Bot API `message_id` of the next message."""
        return self._last_message_id + 1

    def of(self, chat_id: int) -> Conversation:
        try:
            return self._conversations[chat_id]
        except KeyError:
            raise bad_request("chat not found") from None

    def reachable(self, chat_id: Any) -> Conversation:
        """The chat, if the bot may write to it; otherwise Telegram's refusal as ApiError."""
        if chat_id in {None, ""}:
            raise bad_request("chat_id is empty")
        if not str(chat_id).removeprefix("-").isdigit():
            raise bad_request("chat not found")
        conversation = self.of(int(chat_id))
        if conversation.blocked:
            raise forbidden("bot was blocked by the user")
        if not conversation.started:
            raise forbidden("bot can't initiate conversation with a user")
        return conversation

    def moment(self) -> int:
        return int(self._clock.now().timestamp())

    def post(self, conversation: Conversation, sender: Json, content: Json) -> Json:
        self._last_message_id += 1
        message = {
            "message_id": self._last_message_id,
            "from": sender,
            "chat": conversation.chat,
            "date": self.moment(),
            **content,
        }
        conversation.messages[self._last_message_id] = message
        self.tell(conversation, "message", message=message)
        return message

    def revise(self, conversation: Conversation, message: Json) -> Json:
        conversation.messages[message["message_id"]] = message
        self.tell(conversation, "edit", message=message)
        return message

    def remove(self, conversation: Conversation, message_ids: Iterable[int]) -> None:
        for message_id in message_ids:
            if conversation.messages.pop(message_id, None) is not None:
                self.tell(conversation, "delete", message_id=message_id)

    def lay_keyboard(self, conversation: Conversation, keyboard: Json | None) -> None:
        conversation.keyboard = keyboard
        self.tell(conversation, "keyboard", keyboard=keyboard)

    def tell(self, conversation: Conversation, kind: str, **content: Any) -> None:
        self._events.publish({"type": kind, "chat": conversation.id, **content})
