"""TwiML parser that refuses whatever the provider would not accept.

TwimlError    the document can't be played; `code` is the provider's error number
"""

import re
from dataclasses import dataclass
from typing import TypeAlias
from xml.etree import ElementTree as ET

XML_TYPES = frozenset({"text/xml", "application/xml"})
KEYS = frozenset("0123456789*#")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LONGEST_PROMPT = 4096


class TwimlError(Exception):
    """Invalid TwiML; the provider hangs up."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Speak the text."""

    text: str
    language: str = "en-US"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Be silent."""

    seconds: float = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Continue with another document."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gather:
    """Wait for keys, speech or both, while the prompts are played."""

    prompts: tuple[Say | Pause, ...] = ()
    keys: bool = True
    speech: bool = False
    digits: int | None = None
    """Number of keys that ends the input; None: no limit."""
    finish_on: str = "#"
    """Key that ends the input and is not part of it; empty for none."""
    timeout: float = 5
    action: str = ""
    """URL to report to; empty: the document's own."""
    method: str = "POST"
    report_silence: bool = False


Verb: TypeAlias = Say | Pause | Hangup | Redirect | Gather

ATTRIBUTES = {
    "Say": {"voice", "language", "loop"},
    "Pause": {"length"},
    "Hangup": set[str](),
    "Redirect": {"method"},
    "Gather": {
        "action",
        "actionOnEmptyResult",
        "enhanced",
        "finishOnKey",
        "hints",
        "input",
        "language",
        "method",
        "numDigits",
        "profanityFilter",
        "speechModel",
        "speechTimeout",
        "timeout",
    },
}


def parse_twiml(body: str, content_type: str) -> tuple[Verb, ...]:
    """The document's verbs. TwimlError for anything invalid."""
    if content_type not in XML_TYPES:
        raise TwimlError(12300, f"Invalid Content-Type: {content_type or 'none'}")
    if "<!DOCTYPE" in body or "<!ENTITY" in body:
        raise TwimlError(12100, "Document parse failure: no document type is allowed")
    try:
        root = ET.fromstring(body)  # noqa: S314 - entities were refused above
    except ET.ParseError as error:
        raise TwimlError(12100, f"Document parse failure: {error}") from None
    if root.tag != "Response":
        raise TwimlError(12102, "Document must start with <Response>")
    return tuple(_verb(element) for element in _children(root))


def _children(element: ET.Element) -> list[ET.Element]:
    stray = (element.text or "") + "".join(child.tail or "" for child in element)
    if stray.strip():
        raise TwimlError(12200, f"Text is not allowed directly in <{element.tag}>")
    return list(element)


def _verb(element: ET.Element) -> Verb:
    if element.tag not in ATTRIBUTES:
        raise TwimlError(12200, f"Unknown verb <{element.tag}>")
    unknown = set(element.attrib) - ATTRIBUTES[element.tag]
    if unknown:
        raise TwimlError(12200, f"<{element.tag}> has no attribute {min(unknown)}")
    match element.tag:
        case "Say":
            return _say(element)
        case "Pause":
            return Pause(seconds=_whole(element, "length", 1))
        case "Hangup":
            return Hangup()
        case "Redirect":
            return Redirect(url=_words(element), method=_method(element))
        case _:
            return _gather(element)


def _words(element: ET.Element) -> str:
    if len(element):
        raise TwimlError(12200, f"<{element[0].tag}> is not allowed in <{element.tag}>")
    text = " ".join((element.text or "").split())
    if not text:
        raise TwimlError(12200, f"<{element.tag}> must not be empty")
    return text


def _say(element: ET.Element) -> Say:
    text = _words(element)
    if len(text) > LONGEST_PROMPT:
        raise TwimlError(13511, "<Say> is too long")
    return Say(text=text, language=_language(element))


def _gather(element: ET.Element) -> Gather:
    prompts = tuple(_verb(child) for child in _children(element))
    for prompt in prompts:
        if not isinstance(prompt, Say | Pause):
            raise TwimlError(12200, "only <Say> and <Pause> are allowed in <Gather>")
    inputs = set(element.get("input", "dtmf").split())
    if not inputs or inputs - {"dtmf", "speech"}:
        raise TwimlError(13335, "<Gather> has an invalid input value")
    if element.get("speechTimeout", "auto") != "auto":
        _whole(element, "speechTimeout", 1)
    _language(element)
    _truth(element, "profanityFilter")
    _truth(element, "enhanced")
    return Gather(
        prompts=tuple(each for each in prompts if isinstance(each, Say | Pause)),
        keys="dtmf" in inputs,
        speech="speech" in inputs,
        digits=_whole(element, "numDigits", 1) if "numDigits" in element.attrib else None,
        finish_on=_finish_key(element),
        timeout=_whole(element, "timeout", 5),
        action=element.get("action", ""),
        method=_method(element),
        report_silence=_truth(element, "actionOnEmptyResult"),
    )


def _finish_key(element: ET.Element) -> str:
    key = element.get("finishOnKey", "#")
    if key and key not in KEYS:
        raise TwimlError(13310, "<Gather> has an invalid finishOnKey value")
    return key


def _whole(element: ET.Element, name: str, default: int) -> int:
    value = element.get(name, str(default))
    if not value.isdigit() or int(value) < 1:
        raise TwimlError(12200, f"<{element.tag}> has an invalid {name} value: {value}")
    return int(value)


def _truth(element: ET.Element, name: str) -> bool:
    value = element.get(name, "false").lower()
    if value not in {"true", "false"}:
        raise TwimlError(12200, f"<{element.tag}> has an invalid {name} value: {value}")
    return value == "true"


def _method(element: ET.Element) -> str:
    method = element.get("method", "POST").upper()
    if method not in {"GET", "POST"}:
        raise TwimlError(12200, f"<{element.tag}> has an invalid method value: {method}")
    return method


def _language(element: ET.Element) -> str:
    language = element.get("language", "en-US")
    if not LANGUAGE.fullmatch(language):
        raise TwimlError(13512, f"<{element.tag}> has an invalid language value: {language}")
    return language
