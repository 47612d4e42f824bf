"""Synonyms: replaces words that no phrasing uses by words that phrasings do use."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files


@cache
def synonyms(language: str) -> tuple[frozenset[str], ...]:
    """The shipped groups of synonyms; empty for a language without any."""
    lines = tomllib.loads((files("knowledge") / "synonyms.toml").read_text(encoding="utf-8"))
    return tuple(map(frozenset, lines.get(language, ())))


class Translator:
    """Maps unused words to their synonyms that occur most often in the phrasings."""

    def __init__(self, frequency: Mapping[str, int], lines: Iterable[frozenset[str]]) -> None:
        self._meant = {
            word: known[0]
            for line in lines
            if (known := sorted(line & frequency.keys(), key=lambda one: (-frequency[one], one)))
            for word in line - frequency.keys()
        }

    def translate(self, words: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._meant.get(word, word) for word in words)
