"""Which entry a question is nearest to, by shared words, word pairs and parts of words.

An entry scores half for its two best phrasings and half for the centre of all of them. For the
first half, what many entries have in common counts less, so that what tells them apart decides.
Nothing here is random: the same question always gives the same ranking.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TypeAlias

from knowledge.spelling import Speller
from knowledge.text import normalise, part_features, stem, word_features, words

Vector: TypeAlias = Mapping[str, float]
Postings: TypeAlias = Mapping[str, Sequence[tuple[int, float]]]

# What words with their pairs, and what parts of words give to a score. On three public question
# sets the best split is broad, and this is its middle.
WORD_SHARE = 0.4
PART_SHARE = 0.6
VERBATIM = 0.9
"""A phrasing this near was not met by one lucky word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something to be found, and the ways people ask for it: one of them at least."""

    id: str
    phrasings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    id: str
    score: float


@dataclass(frozen=True, slots=True)
class _Features:
    words: Counter[str]
    parts: Counter[str]

    def names(self) -> Iterable[str]:
        yield from self.words
        yield from self.parts


class _Rarity:
    """How much a feature says: the fewer of the texts have it, the more."""

    def __init__(self, texts: Sequence[Iterable[str]]) -> None:
        seen = Counter(name for names in texts for name in names)
        self._unseen = math.log(1 + len(texts)) + 1
        self._weights = {name: self._unseen - math.log(1 + count) for name, count in seen.items()}

    def of(self, feature: str) -> float:
        return self._weights.get(feature, self._unseen)


class Index:
    """Built once from all entries; `rank` only reads."""

    def __init__(self, entries: Sequence[Entry], language: str) -> None:
        self._language = language
        self._ids = tuple(entry.id for entry in entries)
        tokens = [[words(normalise(one)) for one in entry.phrasings] for entry in entries]
        self._speller = Speller(word for entry in tokens for one in entry for word in one)
        texts = [[self._features(one) for one in entry] for entry in tokens]
        self._among_texts = _Rarity([tuple(one.names()) for entry in texts for one in entry])
        self._among_entries = _Rarity(
            [{name for one in entry for name in one.names()} for entry in texts]
        )
        borders = tuple(accumulate(map(len, texts), initial=0))
        self._spans = tuple(pairwise(borders))
        self._size = borders[-1]
        self._by_text = _postings(self._telling(one) for entry in texts for one in entry)
        self._by_entry = _postings(_centre(map(self._plain, entry)) for entry in texts)

    def rank(self, question: str) -> tuple[Ranked, ...]:
        """Every entry, best first; equal scores in the order of their ids."""
        features = self._features(self._speller.correct(words(normalise(question))))
        singles = _cosines(self._telling(features), self._by_text, self._size)
        centres = _cosines(self._plain(features), self._by_entry, len(self._ids))
        ranked = (
            Ranked(id=one, score=(_nearest(singles[start:end]) + centre) / 2)
            for one, (start, end), centre in zip(self._ids, self._spans, centres, strict=True)
        )
        return tuple(sorted(ranked, key=lambda one: (-one.score, one.id)))

    def _features(self, tokens: Sequence[str]) -> _Features:
        stems = [stem(token, self._language) for token in tokens]
        return _Features(Counter(word_features(stems)), Counter(part_features(tokens)))

    def _plain(self, features: _Features) -> Vector:
        return _vector(features, {name: self._among_texts.of(name) for name in features.names()})

    def _telling(self, features: _Features) -> Vector:
        rarities = {
            name: self._among_texts.of(name) * self._among_entries.of(name)
            for name in features.names()
        }
        return _vector(features, rarities)


def _vector(features: _Features, rarities: Mapping[str, float]) -> Vector:
    """Of length 1. What no phrasing uses lengthens it too, so foreign subjects score low."""
    return {
        **_scaled(_damped(features.words, rarities), WORD_SHARE),
        **_scaled(_damped(features.parts, rarities), PART_SHARE),
    }


def _damped(counts: Counter[str], rarities: Mapping[str, float]) -> Vector:
    """Repeating a word counts, but less each time."""
    return {name: (1 + math.log(count)) * rarities[name] for name, count in counts.items()}


def _scaled(vector: Vector, share: float) -> Vector:
    """The vector with the square of its length set to the share; an empty one stays empty."""
    squares = math.fsum(weight * weight for weight in vector.values())
    return {name: weight * math.sqrt(share / squares) for name, weight in vector.items()}


def _centre(vectors: Iterable[Vector]) -> Vector:
    total: dict[str, float] = defaultdict(float)
    for vector in vectors:
        for name, weight in vector.items():
            total[name] += weight
    return _scaled(total, 1)


def _postings(vectors: Iterable[Vector]) -> Postings:
    """By feature, who has it and how strongly."""
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, vector in enumerate(vectors):
        for name, weight in vector.items():
            postings[name].append((number, weight))
    return dict(postings)


def _nearest(scores: Sequence[float]) -> float:
    """The best phrasing, steadied by the next best unless it was met all but word for word."""
    best, second = (sorted(scores, reverse=True) * 2)[:2]
    return best if best > VERBATIM else (2 * best + second) / 3


def _cosines(vector: Vector, postings: Postings, size: int) -> list[float]:
    scores = [0.0] * size
    for name, weight in vector.items():
        for number, other in postings.get(name, ()):
            scores[number] += weight * other
    return scores
