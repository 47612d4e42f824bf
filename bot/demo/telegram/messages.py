"""Bot API methods that send, edit and delete messages."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.demo.telegram import content, keyboards
from bot.demo.telegram.answer import NOT_MODIFIED, Json, bad_request
from bot.demo.telegram.arguments import Arguments
from bot.demo.telegram.chats import Conversation, Conversations
from bot.demo.telegram.forum import placed

ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
CAPTIONED = frozenset({"caption", "caption_entities", "reply_markup"})
DELETION_LIMIT = 100
DELETABLE_SECONDS = 48 * 3600


class Messages:
    """Methods on messages, carried out as the bot."""

    def __init__(self, *, chats: Conversations, me: Json) -> None:
        self._chats = chats
        self._me = me
        self.files = content.Files()

    def methods(self) -> Mapping[str, Callable[[Arguments], Any]]:
        return {
            "sendMessage": self.send_message,
            "sendDocument": lambda a: self._send(a, self.files.document(a) | content.caption(a)),
            "sendPhoto": lambda a: self._send(a, self.files.photo(a) | content.caption(a)),
            "sendChatAction": self.send_chat_action,
            "editMessageText": self.edit_text,
            "editMessageReplyMarkup": self.edit_markup,
            "editMessageCaption": self.edit_caption,
            "editMessageMedia": self.edit_media,
            "deleteMessage": self.delete_message,
            "deleteMessages": self.delete_messages,
            "setMessageReaction": self.react,
            "getFile": lambda a: self.files.about(a.text("file_id")),
        }

    def send_message(self, arguments: Arguments) -> Json:
        return self._send(arguments, content.words(arguments))

    def _send(self, arguments: Arguments, body: Json) -> Json:
        conversation = self._chats.reachable(arguments.values.get("chat_id"))
        markup = keyboards.checked(arguments.json("reply_markup"))
        shown = {"reply_markup": markup} if keyboards.is_inline(markup) else {}
        more = content.answered(arguments, conversation) | placed(arguments, conversation)
        body = body | content.extras(arguments) | more | shown
        message = self._chats.post(conversation, self._me, body)
        if markup is not None and not shown:
            self._lay(conversation, markup)
        return message

    def _lay(self, conversation: Conversation, markup: Json) -> None:
        if "keyboard" in markup:
            self._chats.lay_keyboard(conversation, markup)
        elif markup.get("remove_keyboard"):
            self._chats.lay_keyboard(conversation, None)

    def edit_text(self, arguments: Arguments) -> Json:
        conversation, message = self._own_message(arguments)
        kept = {
            key: value
            for key, value in message.items()
            if key not in {"text", "entities", "reply_markup", "link_preview_options"}
        }
        return self._revise(
            conversation,
            message,
            kept
            | content.words(arguments)
            | content.extras(arguments)
            | content.inline_markup(arguments),
        )

    def edit_markup(self, arguments: Arguments) -> Json:
        conversation, message = self._own_message(arguments)
        kept = {key: value for key, value in message.items() if key != "reply_markup"}
        return self._revise(conversation, message, kept | content.inline_markup(arguments))

    def edit_caption(self, arguments: Arguments) -> Json:
        conversation, message = self._own_message(arguments)
        if "text" in message:
            raise bad_request("there is no caption in the message to edit")
        kept = {k: v for k, v in message.items() if k not in CAPTIONED}
        changed = content.caption(arguments) | content.inline_markup(arguments)
        return self._revise(conversation, message, kept | changed)

    def edit_media(self, arguments: Arguments) -> Json:
        """Replace the file of a message by one of a replaceable kind."""
        conversation, message = self._own_message(arguments)
        media = arguments.json("media")
        if not isinstance(media, dict) or media.get("type") not in content.REPLACEABLE:
            raise bad_request("can't parse InputMedia: type must be specified")
        if "text" in message:
            raise bad_request("there is no media in the message to edit")
        kept = {k: v for k, v in message.items() if k not in CAPTIONED | content.REPLACEABLE}
        caption = content.caption(Arguments(values=media))
        changed = self.files.again(media) | caption | content.inline_markup(arguments)
        return self._revise(conversation, message, kept | changed)

    def _revise(self, conversation: Conversation, before: Json, after: Json) -> Json:
        if before == after:
            raise bad_request(NOT_MODIFIED)
        return self._chats.revise(conversation, after | {"edit_date": self._chats.moment()})

    def _own_message(self, arguments: Arguments) -> tuple[Conversation, Json]:
        conversation = self._chats.reachable(arguments.values.get("chat_id"))
        message_id = arguments.integer("message_id")
        if message_id is None:
            raise bad_request("message identifier is not specified")
        message = conversation.messages.get(message_id)
        if message is None:
            raise bad_request("message to edit not found")
        if message["from"]["id"] != self._me["id"]:
            raise bad_request("message can't be edited")
        return conversation, message

    def delete_message(self, arguments: Arguments) -> bool:
        conversation = self._chats.reachable(arguments.values.get("chat_id"))
        message = conversation.messages.get(arguments.integer("message_id") or 0)
        if message is None:
            raise bad_request("message to delete not found")
        if self._chats.moment() - message["date"] > DELETABLE_SECONDS:
            raise bad_request("message can't be deleted for everyone")
        self._chats.remove(conversation, [message["message_id"]])
        return True

    def delete_messages(self, arguments: Arguments) -> bool:
        conversation = self._chats.reachable(arguments.values.get("chat_id"))
        message_ids = arguments.json("message_ids")
        if not isinstance(message_ids, list) or not 1 <= len(message_ids) <= DELETION_LIMIT:
            raise bad_request("message identifiers are not specified")
        self._chats.remove(conversation, [int(each) for each in message_ids])
        return True

    def react(self, arguments: Arguments) -> bool:
        conversation = self._chats.reachable(arguments.values.get("chat_id"))
        message_id = arguments.integer("message_id") or 0
        if message_id not in conversation.messages:
            raise bad_request("message to react not found")
        reactions = arguments.json("reaction") or []
        if len(reactions) > 1:
            raise bad_request("REACTIONS_TOO_MANY")
        self._chats.tell(
            conversation,
            "reaction",
            message_id=message_id,
            emoji=[each.get("emoji", "") for each in reactions],
        )
        return True

    def send_chat_action(self, arguments: Arguments) -> bool:
        conversation = self._chats.reachable(arguments.values.get("chat_id"))
        if arguments.text("action") not in ACTIONS:
            raise bad_request("wrong parameter action in request")
        self._chats.tell(conversation, "typing", action=arguments.text("action"))
        return True
