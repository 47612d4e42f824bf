"""Redacts secrets and users' words from log lines.

Our own messages contain neither. This is a safety net for errors of libraries, which may quote a
URL with the token, a statement's values, a phone number or a person's words.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Final

from state.model.work import SendReply


def _without_password(address: re.Match[str]) -> str:
    """The address without what may be its password: all up to the last @."""
    password, at, rest = address[2].rpartition("@")
    return f"{address[1]}:PASSWORD@{rest}" if password and at else address[0]


_HIDDEN: Final[tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]] = (
    (re.compile(r"\b\d{3,}:[A-Za-z0-9_-]{20,}"), "TOKEN"),
    (re.compile(r"\bbot\d+:[A-Za-z0-9_-]+"), "botTOKEN"),
    (re.compile(r"(\w://[^\s:/@]*):(\S*+)"), _without_password),
    (re.compile(r"\b(Bearer|Basic) [A-Za-z0-9+/=._~-]{4,}"), r"\1 SECRET"),
    (re.compile(r"\bwhsec_[A-Za-z0-9+/=]+"), "whsec_SECRET"),
    (re.compile(r"\[parameters: (?:.*?\](?=\n|$)|.*+)", re.DOTALL), "[parameters: HIDDEN]"),
    (
        re.compile(r"input_value=(?:.*?, input_type=|.*+)", re.DOTALL),
        "input_value=HIDDEN, input_type=",
    ),
    (re.compile(r"DETAIL: .*"), "DETAIL: HIDDEN"),
    (re.compile(r"\+\d[\d ().-]{5,}\d"), "NUMBER"),
    (re.compile(r"(?<![\w.:-])\d{10,15}(?![\w.:-])"), "NUMBER"),
    (re.compile(r"(?<![\w.:-])\(?\d(?:[ ()-]{0,2}\d){9,14}(?![\w:-]|\.\d)"), "NUMBER"),
    (re.compile(r"(?<![\w.-])(?<!\d:)\d(?:[ \u2013-]?\d){5}(?![\w:\u2013-]|\.\d)"), "CODE"),
)
_PERSONAL: Final = frozenset(
    {"text", "caption", "first_name", "last_name", "username", "phone_number", "query", "title"}
)
_WORD: Final = re.compile(r"\w{4,}")
_FRAME: Final = ("  ", "Traceback ", "During ", "The above ")
"""Starts of traceback lines that quote code, not an error message."""
_SHORTEST: Final = 3


def hide_secrets(text: str) -> str:
    """Replace tokens, passwords, phone numbers and codes."""
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text


def hide_words(text: str, private: object) -> str:
    """Replace the texts of an update's JSON, or of a task."""
    for said in sorted(_said_in(private), key=len, reverse=True):
        for form in (said, repr(said)[1:-1], json.dumps(said)[1:-1]):
            text = text.replace(form, "WORDS")
    return text


def hide_words_of_errors(traceback: str, private: object) -> str:
    """Replace even single words, as errors quote pieces of texts; frames are kept."""
    words = {word for said in _said_in(private) for word in _WORD.findall(said)}
    if not words or isinstance(private, SendReply):
        return hide_words(traceback, private)
    lines = hide_words(traceback, private).splitlines()
    said = "\n".join(line for line in lines if not line.startswith(_FRAME))
    for word in sorted(words, key=len, reverse=True):
        said = said.replace(word, "WORD")
    hidden = iter(said.split("\n"))
    return "\n".join(line if line.startswith(_FRAME) else next(hidden) for line in lines)


def _said_in(private: object) -> set[str]:
    if isinstance(private, SendReply):
        return {line for line in private.text.splitlines() if len(line) >= _SHORTEST}
    if not isinstance(private, str):
        return set()
    try:
        found = set(_personal(json.loads(private)))
    except ValueError:
        return {private}
    return {line for one in found for line in (one, *one.splitlines()) if len(line) >= _SHORTEST}


def _personal(value: object, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _personal(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _personal(inner, name)
    elif isinstance(value, str) and name in _PERSONAL:
        yield value
