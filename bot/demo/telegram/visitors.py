"""Actions of people in the local Telegram: write, press, share, edit, block."""

import secrets
from typing import Any

from bot.demo.errors import NotNowError
from bot.demo.telegram.answer import QUERY_TOO_OLD, Json, bad_request
from bot.demo.telegram.arguments import Arguments
from bot.demo.telegram.chats import Conversation, Conversations
from bot.demo.telegram.entities import with_found
from bot.demo.telegram.keyboards import TOAST_CHARACTERS
from bot.demo.telegram.markup import Formatted
from bot.demo.telegram.updates import Updates


class Visitors:
    """Each action becomes an update, as from a real client."""

    def __init__(self, *, chats: Conversations, updates: Updates, me: Json) -> None:
        self._chats = chats
        self._updates = updates
        self._me = me
        self._queries: dict[str, tuple[Conversation, int]] = {}
        self._inline_queries: set[str] = set()

    def say(self, chat_id: int, text: str, *, reply_to: int | None = None) -> Json:
        conversation = self._writable(chat_id)
        found = with_found(Formatted(text=text.strip()))
        if not found.text:
            raise NotNowError("There is nothing to send yet.")
        entities = {"entities": list(found.entities)} if found.entities else {}
        original = conversation.messages.get(reply_to) if reply_to is not None else None
        quoted = {"reply_to_message": original} if original else {}
        return self._write(conversation, {"text": found.text, **entities, **quoted})

    def post(self, chat_id: int, said: Json, *, reply_to: int | None = None) -> Json:
        """Send any content: a picture, a voice message, a part of an album."""
        conversation = self._writable(chat_id)
        original = conversation.messages.get(reply_to) if reply_to is not None else None
        quoted = {"reply_to_message": original} if original else {}
        return self._write(conversation, {**said, **quoted})

    def open_link(self, chat_id: int, payload: str) -> Json:
        """Follow `t.me/bot?start=payload` and press Start."""
        return self.say(chat_id, f"/start {payload}".strip())

    def press(self, chat_id: int, message_id: int, data: str) -> str:
        """Press an inline button; returns the callback query's id. NotNowError if it is gone."""
        conversation = self._writable(chat_id)
        message = conversation.messages.get(message_id)
        if message is None or data not in _data_of(message):
            raise NotNowError("That button is no longer there.")
        query_id = str(secrets.randbits(62))
        self._queries[query_id] = conversation, message_id
        query = {
            "id": query_id,
            "from": conversation.user,
            "message": message,
            "chat_instance": str(conversation.id * 7919),
            "data": data,
        }
        self._updates.add("callback_query", query, chat_id=conversation.id)
        return query_id

    def tap(self, chat_id: int, label: str) -> Json:
        """Press a button of the reply keyboard. NotNowError if it is gone."""
        conversation = self._writable(chat_id)
        button = next((b for b in _labels(conversation.keyboard) if b["text"] == label), None)
        if button is None:
            raise NotNowError("That button is no longer there.")
        if button.get("request_contact"):
            message = self.share_contact(chat_id, _card(conversation))
        else:
            message = self.say(chat_id, label)
        if (conversation.keyboard or {}).get("one_time_keyboard"):
            self._chats.lay_keyboard(conversation, None)
        return message

    def share_contact(self, chat_id: int, card: Json) -> Json:
        """Send a contact card: one's own, or another from the address book."""
        return self._write(self._writable(chat_id), {"contact": card})

    def own_card(self, chat_id: int) -> Json:
        return _card(self._chats.of(chat_id))

    def edit(self, chat_id: int, message_id: int, text: str) -> Json:
        conversation = self._writable(chat_id)
        before = conversation.messages.get(message_id)
        if before is None or before["from"]["id"] != conversation.id or "text" not in before:
            raise NotNowError("Only your own text messages can be edited.")
        found = with_found(Formatted(text=text.strip()))
        kept = {key: value for key, value in before.items() if key != "entities"}
        entities = {"entities": list(found.entities)} if found.entities else {}
        after = kept | {"text": found.text, "edit_date": self._chats.moment()} | entities
        self._chats.revise(conversation, after)
        self._updates.add("edited_message", after, chat_id=conversation.id)
        return after

    def block(self, chat_id: int, *, blocked: bool) -> None:
        conversation = self._chats.of(chat_id)
        if conversation.blocked == blocked:
            return
        conversation.blocked = blocked
        member = {"status": "member", "user": self._me}
        banned = {"status": "kicked", "user": self._me, "until_date": 0}
        change = {
            "chat": conversation.chat,
            "from": conversation.user,
            "date": self._chats.moment(),
            "old_chat_member": member if blocked else banned,
            "new_chat_member": banned if blocked else member,
        }
        self._updates.add("my_chat_member", change, chat_id=conversation.id)
        self._chats.tell(conversation, "blocked", blocked=blocked)

    def ask_inline(self, chat_id: int, query: str) -> str:
        """Type `@bot query` in a chat; returns the inline query's id."""
        query_id = str(secrets.randbits(62))
        self._inline_queries.add(query_id)
        asked = {"id": query_id, "from": self._chats.of(chat_id).user, "query": query}
        self._updates.add("inline_query", asked | {"offset": ""}, chat_id=chat_id)
        return query_id

    def answer_press(self, arguments: Arguments) -> bool:
        """`answerCallbackQuery`; each query can be answered once."""
        waiting = self._queries.get(arguments.text("callback_query_id"))
        if waiting is None:
            raise bad_request(QUERY_TOO_OLD)
        text = arguments.text("text")
        if len(text) > TOAST_CHARACTERS:
            raise bad_request("MESSAGE_TOO_LONG")
        conversation, message_id = self._queries.pop(arguments.text("callback_query_id"))
        self._chats.tell(
            conversation,
            "answered",
            query_id=arguments.text("callback_query_id"),
            message_id=message_id,
            text=text,
            alert=arguments.flag("show_alert"),
        )
        return True

    def answer_inline(self, arguments: Arguments) -> bool:
        query_id = arguments.text("inline_query_id")
        if query_id not in self._inline_queries:
            raise bad_request(QUERY_TOO_OLD)
        results = arguments.json("results")
        if not isinstance(results, list):
            raise bad_request("can't parse inline query results: expected an Array")
        self._inline_queries.discard(query_id)
        return True

    def _writable(self, chat_id: int) -> Conversation:
        conversation = self._chats.of(chat_id)
        if conversation.blocked:
            raise NotNowError("You blocked the bot. Unblock it to write again.")
        return conversation

    def _write(self, conversation: Conversation, content: Json) -> Json:
        conversation.started = True
        message = self._chats.post(conversation, conversation.user, content)
        self._updates.add("message", message, chat_id=conversation.id)
        return message


def _data_of(message: Json) -> list[str]:
    rows: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [cell["callback_data"] for row in rows for cell in row if "callback_data" in cell]


def _labels(keyboard: Json | None) -> list[dict[str, Any]]:
    rows: list[list[Json]] = (keyboard or {}).get("keyboard", [])
    return [cell for row in rows for cell in row]


def _card(conversation: Conversation) -> Json:
    user = conversation.user
    names: Json = {name: user[name] for name in ("first_name", "last_name") if name in user}
    # Without plus sign, as from Telegram.
    return {"phone_number": conversation.phone.removeprefix("+"), **names, "user_id": user["id"]}
