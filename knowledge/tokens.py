"""Tokenizer and features: a text as words, word pairs and character n-grams."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import snowballstemmer

LONGEST_QUESTION = 600
"""Characters that are read of a message; a chat message can hold 4,096."""
MOST_WORDS = 64
"""Words that are read of one question; the longest of about 3,500 collected has 51."""

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
    """Normalise a text: NFKC, lower case, single spaces, no control characters."""
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


@lru_cache(maxsize=16_384)
def stem(word: str, language: str) -> str:
    """Snowball stem of a word; the word itself in a language without a stemmer."""
    if language not in _STEMMERS:
        return word
    return str(snowballstemmer.stemmer(_STEMMERS[language]).stemWord(word))


def word_features(stems: Sequence[str]) -> Iterator[str]:
    """Each word, and each pair of neighbouring words."""
    yield from stems
    for left, right in pairwise(stems):
        yield f"{left} {right}"


def part_features(tokens: Sequence[str]) -> Iterator[str]:
    """Character n-grams (3 and 4) inside each word, edges marked; none equals a word."""
    for token in tokens:
        marked = f"<{token}>"
        for size in (3, 4):
            for start in range(len(marked) - size + 1):
                yield f"_{marked[start : start + size]}"
