"""From what a person typed to the features that are compared: words, word pairs, word parts."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import snowballstemmer

LONGEST_QUESTION = 600
"""Characters; whatever comes after them is not read. A chat message can hold 4,096."""
MOST_WORDS = 64
"""Of one question; the longest of some 3,500 that were collected has 51."""

_STEMMERS = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "ru": "russian",
}
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*|%|#")
_SYMBOLS = {"%": "percent", "#": "hash"}


def normalise(text: str) -> str:
    """One form for what looks the same: NFKC, lower case, single spaces, no control characters."""
    visible = unicodedata.normalize("NFKC", text[:LONGEST_QUESTION])
    if not visible.isprintable():
        visible = "".join(" " if unicodedata.category(c).startswith("C") else c for c in visible)
    return " ".join(visible.casefold().split())


def words(text: str) -> tuple[str, ...]:
    """Words and numbers of a normalised text, in order; apostrophes are dropped inside words."""
    found = (
        match.group().replace("'", "").replace("\u2019", "") for match in _WORD.finditer(text)
    )
    return tuple(_SYMBOLS.get(word, word) for word in found)


def words_of(question: str) -> tuple[str, ...]:
    """As many as are read of it."""
    return words(normalise(question))[:MOST_WORDS]


@lru_cache(maxsize=16_384)
def stem(word: str, language: str) -> str:
    """The word without its ending; unchanged in a language nobody wrote a stemmer for."""
    if language not in _STEMMERS:
        return word
    return str(snowballstemmer.stemmer(_STEMMERS[language]).stemWord(word))


def word_features(stems: Sequence[str]) -> Iterator[str]:
    """Each word, and each pair of neighbours."""
    yield from stems
    for left, right in pairwise(stems):
        yield f"{left} {right}"


def part_features(tokens: Sequence[str]) -> Iterator[str]:
    """Runs of 3 or 4 characters inside each word, its edges marked; never equal to a word."""
    for token in tokens:
        marked = f"<{token}>"
        for size in (3, 4):
            for start in range(len(marked) - size + 1):
                yield f"_{marked[start : start + size]}"
