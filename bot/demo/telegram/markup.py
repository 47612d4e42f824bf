"""Parses Telegram's HTML to plain text and entities, as strictly as the real server."""

import re
from dataclasses import dataclass, field

from bot.demo.telegram.answer import Json, unparsable

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
    "tg-time": "date_time",
    "tg-emoji": "custom_emoji",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot));?")
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*+)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>")
ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
LAST_CHARACTER = 0x10FFFF
UNIX_TIME = re.compile(r"-?\d{1,18}")
MOMENT_FORMAT = re.compile(r"r|w?[dD]?[tT]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatted:
    """Plain text with entities; offsets and lengths count UTF-16 code units."""

    text: str
    entities: tuple[Json, ...] = ()


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    start: int
    """Offset in the text, in UTF-16 code units."""


@dataclass(slots=True)
class _Sheet:
    text: list[str] = field(default_factory=list)
    width: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def write(self, piece: str) -> None:
        self.text.append(piece)
        self.width += utf16_length(piece)


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def parse_html(html: str) -> Formatted:
    """Parse; ApiError 400 with the real server's description if the markup is malformed."""
    sheet = _Sheet()
    at = 0
    while at < len(html):
        at = _step(html, at, sheet)
    if sheet.open:
        raise unparsable(f'Can\'t find end tag corresponding to start tag "{sheet.open[-1].tag}"')
    entities = sorted(sheet.entities, key=lambda e: (e["offset"], -e["length"]))
    return _trimmed("".join(sheet.text), entities)


def _step(html: str, at: int, sheet: _Sheet) -> int:
    if html[at] == "<":
        return _tag(html, at, sheet)
    if html[at] == "&" and (reference := REFERENCE.match(html, at)):
        sheet.write(_character(reference))
        return reference.end()
    stop = min((found for found in (html.find(c, at + 1) for c in "<&") if found > 0), default=-1)
    stop = len(html) if stop < 0 else stop
    sheet.write(html[at:stop])
    return stop


def _character(reference: re.Match[str]) -> str:
    hexadecimal, decimal, name = reference.groups()
    if name:
        return NAMED[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if 0 < code <= LAST_CHARACTER else reference.group()


def _tag(html: str, at: int, sheet: _Sheet) -> int:
    byte = len(html[:at].encode())
    match = TAG.match(html, at)
    if match is None:
        raise unparsable(f"Unclosed start tag at byte offset {byte}")
    closing, name, rest = match.group(1), match.group(2).lower(), match.group(3)
    if closing:
        _close(name, byte, sheet)
    elif name not in KINDS:
        raise unparsable(f'Unsupported start tag "{name}" at byte offset {byte}')
    else:
        sheet.open.append(_Open(name, _attributes(name, rest, byte), sheet.width))
    return match.end()


def _attributes(name: str, rest: str, byte: int) -> dict[str, str]:
    if ATTRIBUTE.sub("", rest).strip():
        raise unparsable(f'Empty attribute name in the tag "{name}" at byte offset {byte}')
    found = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in ATTRIBUTE.finditer(rest)}
    if name == "span" and found.get("class") != "tg-spoiler":
        raise unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {byte}')
    if name == "tg-time":
        _moment(found, byte)
    return {
        key: REFERENCE.sub(lambda r: _character(r), value)  # noqa: PLW0108 - re passes one match
        for key, value in found.items()
    }


def _close(name: str, byte: int, sheet: _Sheet) -> None:
    if not sheet.open:
        raise unparsable(f"Unexpected end tag at byte offset {byte}")
    opened = sheet.open.pop()
    if opened.tag != name:
        raise unparsable(
            f'Unmatched end tag at byte offset {byte}, expected "</{opened.tag}>", '
            f'found "</{name}>"'
        )
    length = sheet.width - opened.start
    if length:
        details = _details(opened, sheet, byte)
        if details is not None:
            sheet.entities.append({"offset": opened.start, "length": length, **details})


def _details(opened: _Open, sheet: _Sheet, byte: int) -> Json | None:
    """Type and own fields of an entity; None if the tag yields none."""
    given = opened.attributes
    match opened.tag:
        case "a":
            return _link(given.get("href") or _text_since(sheet, opened.start))
        case "blockquote" if "expandable" in given:
            return {"type": "expandable_blockquote"}
        case "tg-time":
            return _moment(given, byte)
        case "tg-emoji":
            return {"type": "custom_emoji", "custom_emoji_id": given.get("emoji-id", "")}
        case "code" if sheet.open and sheet.open[-1].tag == "pre" and "class" in given:
            sheet.open[-1].attributes["language"] = given["class"].removeprefix("language-")
            return None
        case tag:
            language = {"language": given["language"]} if "language" in given else {}
            return {"type": KINDS[tag], **language}


def _link(url: str) -> Json | None:
    return {"type": "text_link", "url": url} if "." in url or ":" in url else None


def _moment(given: dict[str, str], byte: int) -> Json:
    unix, shape = given.get("unix", ""), given.get("format", "")
    if not UNIX_TIME.fullmatch(unix):
        raise unparsable(f'Invalid Unix time specified in the tag "tg-time" at byte offset {byte}')
    if not MOMENT_FORMAT.fullmatch(shape):
        raise unparsable(f'Invalid format specified in the tag "tg-time" at byte offset {byte}')
    shown = {"date_time_format": shape} if shape else {}
    return {"type": "date_time", "unix_time": int(unix), **shown}


def _text_since(sheet: _Sheet, start: int) -> str:
    encoded = "".join(sheet.text).encode("utf-16-le")
    return encoded[start * 2 :].decode("utf-16-le")


def _trimmed(text: str, entities: list[Json]) -> Formatted:
    """Strip surrounding white space, as the server does, and shift the entities."""
    kept = text.strip()
    lead = utf16_length(text[: len(text) - len(text.lstrip())])
    width = utf16_length(kept)
    moved = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, width)
        if end > start:
            moved.append({**entity, "offset": start, "length": end - start})
    return Formatted(text=kept, entities=tuple(moved))
