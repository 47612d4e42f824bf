"""Detects the entities that Telegram finds in plain text: commands, links, emails, mentions."""

import re

from bot.demo.telegram.answer import Json
from bot.demo.telegram.markup import Formatted, utf16_length

PATTERNS = (
    ("url", re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]]")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++")),
    ("bot_command", re.compile(r"(?<![\w/<])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z]\w{3,31}")),
)
CLOSED = frozenset({"code", "pre", "text_link", "date_time"})
"""Entities within which nothing is detected."""


def with_found(formatted: Formatted) -> Formatted:
    """The text with detected entities added."""
    found = list(formatted.entities)
    taken = [_span(e) for e in formatted.entities if e["type"] in CLOSED]
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(formatted.text):
            entity = _entity(kind, formatted.text, match)
            if not any(_meet(_span(entity), span) for span in taken):
                taken.append(_span(entity))
                found.append(entity)
    found.sort(key=lambda e: (e["offset"], -e["length"]))
    return Formatted(text=formatted.text, entities=tuple(found))


def _entity(kind: str, text: str, match: re.Match[str]) -> Json:
    return {
        "type": kind,
        "offset": utf16_length(text[: match.start()]),
        "length": utf16_length(match.group()),
    }


def _span(entity: Json) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
