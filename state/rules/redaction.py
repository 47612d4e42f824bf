"""Redaction: remove personal data from a question's text, and shorten names."""

import re

LONGEST = 300
"""Length limit of a redacted question, in characters."""
LONGEST_READ = 600
"""Only so many characters of the input are processed."""

_HIDDEN = (
    (re.compile(r"(?<!\S)\S[^\s@]*+@\S+\.\S+"), "(address)"),
    (re.compile(r"(?:https?://|www\.|t\.me/)\S+", re.IGNORECASE), "(link)"),
    (re.compile(r"(?<!\w)@\w+"), "(name)"),
    (re.compile(r"(?<=[mM]y name is )\S*\w(?: [A-Z]\w+)*"), "(name)"),
    (
        re.compile(r"(?:(?<![+(])[+(]++)?\d(?:[\s().,/_\u2013\u2014-]{0,2}\d){3,}"),
        "(number)",
    ),
)


def redact(words: str) -> str:
    """Redact addresses, links, names stated as such and long numbers; one line of text."""
    hidden = " ".join(_read(words).split())
    for pattern, instead in _HIDDEN:
        hidden = pattern.sub(instead, hidden)
    return hidden[:LONGEST]


def _read(words: str) -> str:
    """The beginning of a long text, without a last word that may be half an address."""
    beginning = words[:LONGEST_READ]
    return beginning if beginning == words else beginning.rsplit(maxsplit=1)[0]


def short_name(name: str | None) -> str:
    """First name and initial of the last name: "Ada L."."""
    words = (name or "").split()
    if len(words) < 2:  # noqa: PLR2004 - a first and a last name
        return " ".join(words)
    return f"{words[0]} {words[-1][0]}."
