"""Split a message into questions, and detect follow-ups on the last one: rules for English."""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from itertools import islice

from knowledge.answering.small_talk import small_talk
from knowledge.tokens import LONGEST_QUESTION, normalise, stem, words

MOST_QUESTIONS = 3
"""Most questions answered per message; a message with more is read as one."""
MOST_READ = 4
"""Most questions ranked per message; some may find nothing, or the same article."""
MOST_PARTS = 24
"""Most sentences read per message; with more, they are hardly longer than a word or two."""
FEWEST_WORDS = 2
SHORT = 7
"""Most words of a follow-up; a longer message stands alone."""
FRAGMENT = 3
"""Most words of an incomplete sentence that may be a follow-up."""

_ASKS = (
    r"(?:(?:how|what|where|when|why|who)s?|which|can|could|do|does|is|are|will|would|may|must|should|am"
    r"|did (?:i|you|we|they|it|my)|ha(?:s|ve) (?:i|you|we|they|it|my))"
)
_RELATIVE = (
    r"(?:which|who|when|where)\s+(?!(?:do|does|did|is|are|was|were|can|could|will|would|should)\b)"
)
"""A relative clause: it extends what is before the comma and asks nothing."""
_BORDER = re.compile(
    r"(?:[?!;\n]+|\.+(?:\s|$)|\u2026|\s[-\u2013\u2014]+\s)"
    r"|(?:,|(?<![\s,]))\s++(?:and|also|plus|but|then|oh)"
    rf"(?:\s++(?:also|then|btw))?,?\s++(?={_ASKS}\b)"
    rf"|,\s++(?!{_RELATIVE})(?={_ASKS}\b)",
    re.IGNORECASE,
)
_MARKED = re.compile(r"\?|\b(?:and|also|plus)\b", re.IGNORECASE)
_ASKED = re.compile(
    r"\A(?:(?:so|and|but|also|now|ok|okay|then|please|well|oh|btw|anyway|my question is) )*"
    rf"(?:{_ASKS}|tell me|explain|any idea|help|i (?:want|need|would like) to (?:know|ask))\b"
)
_COMPLAINS = re.compile(
    r"\b(?:not|never|no|cannot|cant|wont|dont|doesnt|didnt|isnt|forgot|lost|failed|stuck|wrong"
    r"|refused|rejected|suspended|error|problem)\b"
)
_JOIN = r"(?:(?:ok|okay|and|but|or|also|then|so|well|hm+|ah|oh|plus) )*"
_ABOUT = r"(?:what about|how about|what if|same (?:for|with|thing)|even (?:for|if|on|with))"
_SAYING_NOTHING = """
a about again ah all also am an and any anybody anyone are at be been but by can come
cost costs could day days did do does early else exactly explain find first for free get
go had happen happens has have here hm hours how hows i if in is it its just know late
later long many may me mean means more much must my need needed next no not now of often
oh ok okay on one only or please plus possible really right see should so some somebody
someone soon still sure take takes tell that the them then there these they think this
those time times to true use wait was way we weeks well what whats when where which who
why will with work works would you your
"""
_PLAIN = frozenset(_SAYING_NOTHING.split())
"""Stop words: a message of these only is about the previous one."""
_NAMES_ANOTHER = re.compile(rf"\A{_JOIN}{_ABOUT}\b")
_STARTS = re.compile(rf"\A(?:{_JOIN}{_ABOUT}\b|(?:and|but|or|also|then|so) )")
_POINTS = re.compile(r"\b(?:it|its|that|this|them|those|these|they)\b|\bone$")
_WHOLE = re.compile(rf"\A{_JOIN}(?:{_ASKS})\b")


class FollowUpKind(StrEnum):
    """How far a message depends on the previous one."""

    NOT = "not"
    """It stands alone."""
    ON = "on"
    """It names something new and omits the rest ("and on premium?")."""
    PERHAPS = "perhaps"
    """It is an incomplete sentence, which may also stand alone ("fees")."""
    WHOLLY = "wholly"
    """It names nothing ("how long?")."""


def questions(text: str) -> tuple[str, ...]:
    """The parts of a message that ask or complain, without small talk and background.

    If no part does, all parts are returned.
    """
    parts = [
        (part, marked)
        for part, marked in islice(_parts(text[:LONGEST_QUESTION]), MOST_PARTS)
        if len(words(normalise(part))) >= FEWEST_WORDS and small_talk(part) is None
    ]
    asked = [
        part for part, marked in parts if marked or asks(part) or _COMPLAINS.search(_said(part))
    ]
    return tuple(asked or [part for part, _ in parts])[:MOST_READ]


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a message, without small talk."""
    parts = islice(_parts(text[:LONGEST_QUESTION]), MOST_PARTS)
    return tuple(part for part, _ in parts if part and small_talk(part) is None)


def asks(text: str) -> bool:
    """Whether a text starts like a question."""
    return bool(_ASKED.match(_said(text)))


def leaning(text: str) -> FollowUpKind:
    """Classify a message as a follow-up by its first words, pronouns, or lack of a subject."""
    said = _said(text)
    count = len(words(said))
    if not 0 < count <= SHORT or small_talk(text):
        return FollowUpKind.NOT
    if not names(said):
        return FollowUpKind.WHOLLY
    if _POINTS.search(said) or _NAMES_ANOTHER.match(said):
        return FollowUpKind.ON
    if _WHOLE.match(said):
        return FollowUpKind.NOT
    if _STARTS.match(said):
        return FollowUpKind.ON
    return FollowUpKind.PERHAPS if count <= FRAGMENT else FollowUpKind.NOT


def names(text: str) -> bool:
    """Whether a text contains a content word, that is, none of the stop words."""
    return not _PLAIN.issuperset(_said(text).split())


def named(text: str, slug: str) -> int:
    """Number of words that a message shares with an article's slug."""
    return len(_own(text).intersection(stem(word, "en") for word in slug.split("-")))


@lru_cache(maxsize=16)
def _own(text: str) -> frozenset[str]:
    """Stems of a message's content words; cached, as they are compared with every slug."""
    telling = set(_said(text).split()) - _PLAIN
    return frozenset(stem(word, "en") for word in telling if word.isalpha())


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Parts of a message, and whether a question mark or "and how …" follows each."""
    at = 0
    for border in _BORDER.finditer(text):
        yield text[at : border.start()].strip(" ,"), bool(_MARKED.search(border.group()))
        at = border.end()
    yield text[at:].strip(" ,"), False


def _said(text: str) -> str:
    return " ".join(words(normalise(text)))
