"""What is left of somebody's words, or name, when what could name them is taken out."""

import re

LONGEST = 300
"""Characters; what a question needs, and no life story."""
LONGEST_READ = 600
"""Characters; the rest is not even looked at."""

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


def discreet(words: str) -> str:
    """Without addresses, links, names that are given as such and longer numbers; on one line."""
    hidden = " ".join(_read(words).split())
    for pattern, instead in _HIDDEN:
        hidden = pattern.sub(instead, hidden)
    return hidden[:LONGEST]


def _read(words: str) -> str:
    """The beginning without its last word, which may be cut off: half an address shows."""
    beginning = words[:LONGEST_READ]
    return beginning if beginning == words else beginning.rsplit(maxsplit=1)[0]


def short_name(name: str | None) -> str:
    """The first name, and a letter of the last: "Ada L."."""
    words = (name or "").split()
    if len(words) < 2:  # noqa: PLR2004 - a first and a last name
        return " ".join(words)
    return f"{words[0]} {words[-1][0]}."
