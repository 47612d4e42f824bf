"""Bot API methods that copy messages between chats."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.demo.telegram import content, keyboards
from bot.demo.telegram.answer import Json, bad_request
from bot.demo.telegram.arguments import Arguments
from bot.demo.telegram.chats import Conversation, Conversations
from bot.demo.telegram.forum import placed

MOST_AT_ONCE = 100
SAID = frozenset(
    {
        "text",
        "entities",
        "caption",
        "caption_entities",
        "photo",
        "document",
        "video",
        "animation",
        "audio",
        "voice",
        "video_note",
        "sticker",
        "location",
        "contact",
    }
)
"""Fields that are copied. A message without any of them is a service message, which can't be."""


class Copies:
    """Methods `copyMessage` and `copyMessages`."""

    def __init__(self, *, chats: Conversations, me: Json) -> None:
        self._chats = chats
        self._me = me
        self._albums = 0

    def methods(self) -> Mapping[str, Callable[[Arguments], Any]]:
        return {"copyMessage": self.copy, "copyMessages": self.copy_all}

    def copy(self, arguments: Arguments) -> Json:
        to = self._chats.reachable(arguments.values.get("chat_id"))
        original = self._source(arguments).messages.get(arguments.integer("message_id") or 0)
        if original is None:
            raise bad_request("message to copy not found")
        said = _said(original)
        if not said:
            raise bad_request("message can't be copied")
        markup = keyboards.checked(arguments.json("reply_markup"))
        shown = {"reply_markup": markup} if keyboards.is_inline(markup) else {}
        if "caption" in arguments.values:
            said = {k: v for k, v in said.items() if not k.startswith("caption")}
            said |= content.caption(arguments)
        more = content.answered(arguments, to) | placed(arguments, to) | shown
        return _id_of(self._chats.post(to, self._me, said | more))

    def copy_all(self, arguments: Arguments) -> list[Json]:
        """Copy several messages, skipping service messages; albums stay albums, with a new id."""
        to = self._chats.reachable(arguments.values.get("chat_id"))
        source = self._source(arguments)
        originals = [source.messages.get(one) for one in _ids(arguments)]
        copied = [(one, _said(one)) for one in originals if one is not None and _said(one)]
        if not copied:
            raise bad_request("there are no messages to copy")
        place = placed(arguments, to)
        albums: dict[str, str] = {}
        return [
            _id_of(self._chats.post(to, self._me, said | place | self._album(original, albums)))
            for original, said in copied
        ]

    def _album(self, original: Json, albums: dict[str, str]) -> Json:
        old = original.get("media_group_id")
        if old is None:
            return {}
        if old not in albums:
            self._albums += 1
            albums[old] = f"copied-{self._albums}"
        return {"media_group_id": albums[old]}

    def _source(self, arguments: Arguments) -> Conversation:
        raw = arguments.text("from_chat_id")
        if not raw.removeprefix("-").isdigit():
            raise bad_request("chat not found")
        return self._chats.of(int(raw))


def _said(message: Json) -> Json:
    return {name: value for name, value in message.items() if name in SAID}


def _id_of(message: Json) -> Json:
    return {"message_id": message["message_id"]}


def _ids(arguments: Arguments) -> list[int]:
    ids = arguments.json("message_ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= MOST_AT_ONCE:
        raise bad_request("message identifiers are not specified")
    numbers = [int(one) for one in ids]
    if numbers != sorted(set(numbers)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    return numbers
