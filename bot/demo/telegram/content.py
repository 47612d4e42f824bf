"""Validates message content: text, caption, files, reply, buttons."""

import hashlib
from dataclasses import dataclass, field

from bot.demo.telegram import keyboards
from bot.demo.telegram.answer import Json, bad_request
from bot.demo.telegram.arguments import Arguments, UploadedFile
from bot.demo.telegram.chats import Conversation
from bot.demo.telegram.entities import with_found
from bot.demo.telegram.markup import Formatted, parse_html, utf16_length

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
REPLACEABLE = frozenset({"photo", "video", "animation", "audio", "document"})
PARSE_MODES = frozenset({"", "html"})


def words(arguments: Arguments, name: str = "text", entities: str = "entities") -> Json:
    """`text` and `entities` of a message; ApiError 400 if it is empty or too long."""
    raw = arguments.text(name)
    if not raw:
        raise bad_request("message text is empty")
    formatted = _formatted(arguments, raw, entities)
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if utf16_length(formatted.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return _fields(formatted, "text", "entities")


def caption(arguments: Arguments) -> Json:
    raw = arguments.text("caption")
    if not raw:
        return {}
    formatted = _formatted(arguments, raw, "caption_entities")
    if utf16_length(formatted.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return _fields(formatted, "caption", "caption_entities")


def _formatted(arguments: Arguments, raw: str, entities: str) -> Formatted:
    mode = arguments.text("parse_mode").lower()
    if mode not in PARSE_MODES:
        # The real server also accepts Markdown, which this bot never sends.
        raise bad_request("unsupported parse_mode")
    if mode == "html":
        return with_found(parse_html(raw))
    return with_found(Formatted(text=raw.strip(), entities=tuple(arguments.json(entities) or ())))


def _fields(formatted: Formatted, text: str, entities: str) -> Json:
    found = {entities: list(formatted.entities)} if formatted.entities else {}
    return {text: formatted.text, **found}


def extras(arguments: Arguments) -> Json:
    """Fields that are copied unchanged."""
    preview = arguments.json("link_preview_options")
    effect = arguments.text("message_effect_id")
    return {
        **({"link_preview_options": preview} if preview else {}),
        **({"effect_id": effect} if effect else {}),
    }


def answered(arguments: Arguments, conversation: Conversation) -> Json:
    """`reply_to_message`; ApiError 400 if that message is gone."""
    parameters = arguments.json("reply_parameters") or {}
    target = parameters.get("message_id") or arguments.integer("reply_to_message_id")
    if not target:
        return {}
    original = conversation.messages.get(int(target))
    if original is not None:
        return {"reply_to_message": {k: v for k, v in original.items() if k != "reply_to_message"}}
    if parameters.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def inline_markup(arguments: Arguments) -> Json:
    """`reply_markup` of an edit, which can only be an inline keyboard."""
    markup = keyboards.checked(arguments.json("reply_markup"))
    if markup is not None and not keyboards.is_inline(markup):
        raise bad_request("inline keyboard expected")
    return {"reply_markup": markup} if markup else {}


@dataclass(slots=True)
class Files:
    """Files sent so far, for `getFile` and for sending again by id."""

    _kept: dict[str, tuple[UploadedFile, Json]] = field(default_factory=dict)

    def document(self, arguments: Arguments) -> Json:
        upload, about = self._take(arguments, "document")
        return {"document": {**about, "file_name": upload.name, "mime_type": upload.content_type}}

    def photo(self, arguments: Arguments) -> Json:
        _, about = self._take(arguments, "photo")
        return {"photo": [{**about, "width": 320, "height": 320}]}

    def remember(self, kind: str, name: str, content: bytes, **about: object) -> Json:
        """Store a file that a person sends; returns the message field that holds it."""
        upload = UploadedFile(name=name, content_type="application/octet-stream", content=content)
        kept = {**_about(upload), **about}
        self._kept[kept["file_id"]] = upload, kept
        return {kind: [kept] if kind == "photo" else kept}

    def again(self, media: Json) -> Json:
        """Message field for an `InputMedia` that names a stored file by id."""
        known = self._kept.get(str(media.get("media", "")))
        if known is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        kind, about = media["type"], known[1]
        if kind == "photo":
            return {"photo": [{"width": 320, "height": 320, **about}]}
        return {kind: about}

    def about(self, file_id: str) -> Json:
        if file_id not in self._kept:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return {**self._kept[file_id][1], "file_path": f"documents/{file_id}"}

    def content(self, path: str) -> UploadedFile | None:
        kept = self._kept.get(path.removeprefix("documents/"))
        return kept[0] if kept else None

    def _take(self, arguments: Arguments, kind: str) -> tuple[UploadedFile, Json]:
        upload = arguments.upload(kind)
        if upload is None:
            known = self._kept.get(arguments.text(kind))
            if known is None:
                raise bad_request(f"there is no {kind} in the request")
            return known
        if not upload.content:
            raise bad_request("file must be non-empty")
        about = _about(upload)
        self._kept[about["file_id"]] = upload, about
        return upload, about


def _about(upload: UploadedFile) -> Json:
    digest = hashlib.sha256(upload.content + upload.name.encode()).hexdigest()
    return {
        "file_id": f"demo{digest[:32]}",
        "file_unique_id": digest[32:48],
        "file_size": len(upload.content),
    }
