"""English word frequencies, by which to detect misspelt words and words of other subjects."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.resources import files

COMMON = 300
"""The most frequent words, such as "please" and "page", which fit every subject."""
TELLING = 3000
"""From this rank on, a word that no article uses points to another subject."""
TRUST = 0.9
NOVELTY = 3.0
"""How fast trust drops if phrasings bring many words of their own.

Both were tuned on the development sets: our articles get two thirds, 150 intents of five phrasings
an eighth.
"""


@cache
def frequency_ranks(language: str) -> Mapping[str, int]:
    """Word → frequency rank, from 1; empty for languages other than English."""
    if language != "en":
        return {}
    listed = (files("knowledge") / "english.txt").read_text(encoding="utf-8").split()
    return {word: place for place, word in enumerate(listed, start=1)}


class Familiarity:
    """Measures how far a question uses words known from the articles.

    What an unknown word means depends on the articles: where nearly every phrasing brings a word
    that no other has, the next question will too, and an unknown word says little.
    """

    def __init__(
        self,
        phrasings: Iterable[Sequence[tuple[str, str]]],
        prose: AbstractSet[str],
        frequency_ranks: Mapping[str, int],
    ) -> None:
        """`phrasings`: pairs of word and stem; the words of `prose` are known as well."""
        self._everyday = frequency_ranks
        pairs = Counter(pair for phrasing in phrasings for pair in phrasing)
        stems = Counter(stem for _, stem in pairs.elements())
        self._stems = stems.keys()
        self._prose = prose
        weight = math.fsum(count * self._weight(word) for (word, _), count in pairs.items())
        single = math.fsum(self._weight(word) for word, stem in pairs if stems[stem] == 1)
        self._trust = max(0.0, TRUST - NOVELTY * single / weight) if weight else 0.0

    def unknown(self, words: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """The given words (pairs of word and stem) that point to another subject."""
        return tuple(
            word
            for word, stem in words
            if stem not in self._stems and word not in self._prose and self._weight(word)
        )

    def factor(self, words: Sequence[tuple[str, str]]) -> float:
        """Factor for the scores, from 0 to 1: 1 without unknown words."""
        foreign = math.fsum(map(self._weight, self.unknown(words)))
        whole = 1 + math.fsum(self._weight(word) for word, _ in words)
        return 1 - self._trust * foreign / whole

    def _weight(self, word: str) -> float:
        """0 for numbers and the most frequent words, up to 1 for rare ones."""
        if word.isdigit():
            return 0.0
        place = self._everyday.get(word, TELLING)
        share = math.log(place / COMMON) / math.log(TELLING / COMMON)
        return min(1.0, max(0.0, share))
