"""Words of everyday language: good as typed, and telling when no article uses them."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.resources import files

COMMON = 300
"""The most frequent words, such as "please" and "page", fit every subject."""
TELLING = 3000
"""From this place on, a word that no article uses speaks of something else."""
TRUST = 0.9
NOVELTY = 3.0
"""How quickly trust goes where phrasings bring many words of their own. Both were chosen on the
development sets: our articles end at two thirds, 150 intents of five phrasings at an eighth."""


@cache
def everyday(language: str) -> Mapping[str, int]:
    """By word, its place in the order of frequency, from 1; nothing in other languages."""
    if language != "en":
        return {}
    listed = (files("knowledge") / "english.txt").read_text(encoding="utf-8").split()
    return {word: place for place, word in enumerate(listed, start=1)}


class Familiarity:
    """How much of a question is in the articles' own words.

    What an unknown word means depends on the articles. Where nearly every phrasing brings a word
    that no other has, the next question will too, and an unknown word says little.
    """

    def __init__(
        self,
        phrasings: Iterable[Sequence[tuple[str, str]]],
        prose: AbstractSet[str],
        everyday: Mapping[str, int],
    ) -> None:
        """Phrasings as words with their stems; the words of the prose are known besides."""
        self._everyday = everyday
        pairs = Counter(pair for phrasing in phrasings for pair in phrasing)
        stems = Counter(stem for _, stem in pairs.elements())
        self._stems = stems.keys()
        self._prose = prose
        weight = math.fsum(count * self._weight(word) for (word, _), count in pairs.items())
        single = math.fsum(self._weight(word) for word, stem in pairs if stems[stem] == 1)
        self._trust = max(0.0, TRUST - NOVELTY * single / weight) if weight else 0.0

    def unknown(self, words: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """The words, given with their stems, that make a question a foreign one."""
        return tuple(
            word
            for word, stem in words
            if stem not in self._stems and word not in self._prose and self._weight(word)
        )

    def factor(self, words: Sequence[tuple[str, str]]) -> float:
        """What to multiply scores with: 1 where nothing is foreign."""
        foreign = math.fsum(map(self._weight, self.unknown(words)))
        whole = 1 + math.fsum(self._weight(word) for word, _ in words)
        return 1 - self._trust * foreign / whole

    def _weight(self, word: str) -> float:
        """From 0 for numbers and the most common words to 1 for the rare ones."""
        if word.isdigit():
            return 0.0
        place = self._everyday.get(word, TELLING)
        share = math.log(place / COMMON) / math.log(TELLING / COMMON)
        return min(1.0, max(0.0, share))
