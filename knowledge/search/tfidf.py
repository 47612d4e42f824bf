"""Texts as weighted features: what a feature says, vectors of length 1, and their products."""

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

# What words with their pairs, and what parts of words give to a score. On three public question
# sets the best split is broad, and this is inside it on all of them.
WORD_SHARE = 0.5
PART_SHARE = 0.5


MOST_LOOKED_UP = 10_000
"""Pairs of a feature and a text that has it, for one question. Of 1,000 collected questions 7 have
more, and lose what tells least."""
NUMBERS, WEIGHTS = "I", "d"
"""How arrays hold them."""


@dataclass(frozen=True, slots=True)
class Features:
    """What is in a text, each feature once: in a question, repetition says nothing."""

    words: Sequence[str]
    parts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Vector:
    """Names of features, and how much of each there is."""

    names: Sequence[str]
    weights: Sequence[float]


@dataclass(frozen=True, slots=True)
class Weighing:
    """What each feature says: the fewer of the texts have it, the more."""

    known: Mapping[str, float]
    unseen: float

    def times(self, other: "Weighing") -> "Weighing":
        known = {name: weight * other.known[name] for name, weight in self.known.items()}
        return Weighing(known, self.unseen * other.unseen)

    def vector(self, features: Features) -> Vector:
        """Of length 1. What no text uses lengthens it too, so foreign subjects score low."""
        scaled: list[float] = []
        for names, share in ((features.words, WORD_SHARE), (features.parts, PART_SHARE)):
            weights = [self.known.get(name, self.unseen) for name in names]
            scale = _scale(weights, share)
            scaled += [weight * scale for weight in weights]
        return Vector([*features.words, *features.parts], scaled)


def rarity(texts: Iterable[Iterable[str]], size: int) -> Weighing:
    """By how many of the so many texts have a feature; a text names each of its own once."""
    seen: Counter[str] = Counter()
    for names in texts:
        seen.update(names)
    unseen = math.log(1 + size) + 1
    return Weighing({name: unseen - math.log(1 + count) for name, count in seen.items()}, unseen)


@dataclass(frozen=True, slots=True)
class Postings:
    """By feature, which vectors have it and how strongly.

    Numbers and weights stand in arrays of their own: a hundred thousand pairs would keep the
    garbage collector as busy as all the rest, and are found one by one all over the memory.
    """

    listed: "Mapping[str, tuple[array[int], array[float]]]"
    size: int

    @classmethod
    def of(cls, vectors: Iterable[Vector], most: int | None = None) -> Self:
        """What more than `most` vectors have is left out: it takes long and says little."""
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
        """With each of the vectors, in their order."""
        found = [0.0] * self.size
        for weight, (numbers, others) in self._looked_up(vector):
            for number, other in zip(numbers, others, strict=True):
                found[number] += weight * other
        return found

    def _looked_up(self, vector: Vector) -> "list[tuple[float, tuple[array[int], array[float]]]]":
        """Weights beside what is listed, within the budget; what few texts have comes first."""
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


def centre(vectors: Iterable[Vector]) -> Vector:
    """What vectors have in common, of length 1."""
    total: dict[str, float] = defaultdict(float)
    for vector in vectors:
        for name, weight in zip(vector.names, vector.weights, strict=True):
            total[name] += weight
    scale = _scale(list(total.values()), 1)
    return Vector(list(total), [weight * scale for weight in total.values()])


def _scale(weights: Sequence[float], share: float) -> float:
    """What brings the square of their length to the share; an empty vector stays empty."""
    squares = sum(map(mul, weights, weights))
    return math.sqrt(share / squares) if squares else 0.0


MOST_SHARED = 200
"""What more phrasings have in common doesn't tell them apart; looking it up would take longest."""

Tokens: TypeAlias = tuple[str, ...]
Spans: TypeAlias = Sequence[tuple[int, int]]
"""From which text to before which one belong to an entry, for each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    texts: Sequence[Tokens]
    stems: Mapping[str, str]
    """Of every word in the texts."""
    plain: Weighing
    telling: Weighing
    """What many entries have in common says less here; the same features as in the plain one."""
    by_text: Postings
    by_entry: Postings


Count: TypeAlias = Callable[[Sequence[str], Spans, str], Counted]


def counted(phrasings: Sequence[str], spans: Spans, language: str) -> Counted:
    texts = [words(normalise(one)) for one in phrasings]
    stems = {token: stem(token, language) for token in chain.from_iterable(texts)}
    features = [features_of(text, [stems[token] for token in text]) for text in texts]
    plain = rarity(_names(features), len(texts))
    among_entries = rarity(
        (set().union(*_names(features[start:end])) for start, end in spans), len(spans)
    )
    telling = plain.times(among_entries)
    return Counted(
        texts=texts,
        stems=stems,
        plain=plain,
        telling=telling,
        by_text=Postings.of(map(telling.vector, features), MOST_SHARED),
        by_entry=Postings.of(
            centre(map(plain.vector, features[start:end])) for start, end in spans
        ),
    )


def features_of(tokens: Sequence[str], stems: Sequence[str]) -> Features:
    parts = dict.fromkeys(chain.from_iterable(map(_parts, tokens)))
    return Features(list(dict.fromkeys(word_features(stems))), list(parts))


@lru_cache(maxsize=16_384)
def _parts(token: str) -> tuple[str, ...]:
    return tuple(part_features([token]))


def _names(features: Sequence[Features]) -> Iterator[list[str]]:
    return ([*one.words, *one.parts] for one in features)
