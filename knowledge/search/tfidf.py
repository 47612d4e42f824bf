"""TF-IDF: texts as weighted unit vectors, an inverted index, and dot products."""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain
from operator import mul
from typing import Self, TypeAlias

from knowledge.tokens import normalise, part_features, stem, word_features, words

# Shares of a score: words with word pairs, and character n-grams. On three public question sets
# a broad range of splits is best, and this one is inside it on all three.
WORD_SHARE = 0.5
PART_SHARE = 0.5


MOST_LOOKED_UP = 10_000
"""Limit of postings read for one question; the most frequent features are dropped first.

Of 1,000 collected questions 7 exceed it.
"""
NUMBERS, WEIGHTS = "I", "d"
"""`array` type codes of row numbers and of weights."""


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a text, each once: repetition in a question says nothing."""

    words: Sequence[str]
    parts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Vector:
    """A sparse vector: names of features and their weights."""

    names: Sequence[str]
    weights: Sequence[float]


@dataclass(frozen=True, slots=True)
class Idf:
    """Inverse document frequency (IDF) of features: rarer features weigh more."""

    known: Mapping[str, float]
    unseen: float

    def times(self, other: "Idf") -> "Idf":
        known = {name: weight * other.known[name] for name, weight in self.known.items()}
        return Idf(known, self.unseen * other.unseen)

    def vector(self, features: Features) -> Vector:
        """Unit vector of a text; unknown features add to its length, so other topics score low."""
        scaled: list[float] = []
        for names, share in ((features.words, WORD_SHARE), (features.parts, PART_SHARE)):
            weights = [self.known.get(name, self.unseen) for name in names]
            scale = _scale(weights, share)
            scaled += [weight * scale for weight in weights]
        return Vector([*features.words, *features.parts], scaled)


def idf(texts: Iterable[Iterable[str]], size: int) -> Idf:
    """IDF of the features of `size` texts; each text lists a feature once."""
    seen: Counter[str] = Counter()
    for names in texts:
        seen.update(names)
    unseen = math.log(1 + size) + 1
    return Idf({name: unseen - math.log(1 + count) for name, count in seen.items()}, unseen)


@dataclass(frozen=True, slots=True)
class Postings:
    """Inverted index: feature → numbers and weights of the vectors that have it.

    They are flat arrays: a hundred thousand tuples would burden the garbage collector and spread
    over the memory.
    """

    listed: "Mapping[str, tuple[array[int], array[float]]]"
    size: int

    @classmethod
    def of(cls, vectors: Iterable[Vector], most: int | None = None) -> Self:
        """Build an index; features of more than `most` vectors are left out as unspecific."""
        postings: dict[str, tuple[list[int], list[float]]] = {}
        size = 0
        for number, vector in enumerate(vectors):
            for name, weight in zip(vector.names, vector.weights, strict=True):
                if name not in postings:
                    postings[name] = ([], [])
                numbers, weights = postings[name]
                numbers.append(number)
                weights.append(weight)
            size = number + 1
        few = {
            name: (array(NUMBERS, numbers), array(WEIGHTS, weights))
            for name, (numbers, weights) in postings.items()
            if most is None or len(numbers) <= most
        }
        return cls(few, size)

    def products(self, vector: Vector) -> list[float]:
        """Dot product with each vector, in order."""
        found = [0.0] * self.size
        for weight, (numbers, others) in self._looked_up(vector):
            for number, other in zip(numbers, others, strict=True):
                found[number] += weight * other
        return found

    def _looked_up(self, vector: Vector) -> "list[tuple[float, tuple[array[int], array[float]]]]":
        """Weights and postings of a vector's features, rarest first if they exceed the limit."""
        known = [
            (weight, self.listed[name])
            for name, weight in zip(vector.names, vector.weights, strict=True)
            if name in self.listed
        ]
        if sum(len(numbers) for _, (numbers, _) in known) <= MOST_LOOKED_UP:
            return known
        known.sort(key=lambda one: len(one[1][0]))
        spent = accumulate(len(numbers) for _, (numbers, _) in known)
        return [one for one, so_far in zip(known, spent, strict=True) if so_far <= MOST_LOOKED_UP]


def centroid(vectors: Iterable[Vector]) -> Vector:
    """Centroid of vectors, normalised to length 1."""
    total: dict[str, float] = defaultdict(float)
    for vector in vectors:
        for name, weight in zip(vector.names, vector.weights, strict=True):
            total[name] += weight
    scale = _scale(list(total.values()), 1)
    return Vector(list(total), [weight * scale for weight in total.values()])


def _scale(weights: Sequence[float], share: float) -> float:
    """Factor that makes the squared length equal `share`; 0 for an empty vector."""
    squares = sum(map(mul, weights, weights))
    return math.sqrt(share / squares) if squares else 0.0


MOST_SHARED = 200
"""Features of more phrasings than this are ignored: slow to look up and not distinctive."""

Tokens: TypeAlias = tuple[str, ...]
Spans: TypeAlias = Sequence[tuple[int, int]]
"""For each entry, the range [start, end) of its texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TfidfIndex:
    """The TF-IDF index of all phrasings, and of the centroid of each entry."""

    texts: Sequence[Tokens]
    stems: Mapping[str, str]
    """Word → stem, for every word in the texts."""
    plain: Idf
    telling: Idf
    """IDF with features shared by many entries weighted down; same features as `plain`."""
    by_text: Postings
    by_entry: Postings


BuildIndex: TypeAlias = Callable[[Sequence[str], Spans, str], TfidfIndex]


def build_index(phrasings: Sequence[str], spans: Spans, language: str) -> TfidfIndex:
    """Build the TF-IDF index. `spans`: the range of phrasings of each entry."""
    texts = [words(normalise(one)) for one in phrasings]
    stems = {token: stem(token, language) for token in chain.from_iterable(texts)}
    features = [features_of(text, [stems[token] for token in text]) for text in texts]
    plain = idf(_names(features), len(texts))
    among_entries = idf(
        (set().union(*_names(features[start:end])) for start, end in spans), len(spans)
    )
    telling = plain.times(among_entries)
    return TfidfIndex(
        texts=texts,
        stems=stems,
        plain=plain,
        telling=telling,
        by_text=Postings.of(map(telling.vector, features), MOST_SHARED),
        by_entry=Postings.of(
            centroid(map(plain.vector, features[start:end])) for start, end in spans
        ),
    )


def features_of(tokens: Sequence[str], stems: Sequence[str]) -> Features:
    """Features of a text: stems and pairs of stems, and n-grams of the unstemmed words."""
    parts = dict.fromkeys(chain.from_iterable(map(_parts, tokens)))
    return Features(list(dict.fromkeys(word_features(stems))), list(parts))


@lru_cache(maxsize=16_384)
def _parts(token: str) -> tuple[str, ...]:
    return tuple(part_features([token]))


def _names(features: Sequence[Features]) -> Iterator[list[str]]:
    return ([*one.words, *one.parts] for one in features)
