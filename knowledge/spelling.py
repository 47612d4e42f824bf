"""Mends mistyped words by the words that the articles' own phrasings use."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

SHORTEST = 4
"""Shorter words are left alone: too many good ones are one letter apart."""
LONG = 8
"""From here on two slips are forgiven, below only one."""


class Speller:
    """Knows every word it was given; the frequent ones win where two are equally near."""

    def __init__(self, seen: Iterable[str]) -> None:
        self._frequency = Counter(seen)
        self._by_shortened: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._frequency):
            if word.isalpha() and len(word) >= SHORTEST:
                for shortened in _shortened(word, _slips(word)):
                    self._by_shortened[shortened].append(word)

    def correct(self, words: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._correct(word) for word in words)

    def _correct(self, word: str) -> str:
        if word in self._frequency or not word.isalpha() or len(word) < SHORTEST:
            return word
        near = {
            known
            for shortened in _shortened(word, _slips(word))
            for known in self._by_shortened.get(shortened, ())
        }
        ranked = sorted((distance(word, known), -self._frequency[known], known) for known in near)
        if ranked and ranked[0][0] <= _slips(word):
            return ranked[0][2]
        return word


def distance(left: str, right: str) -> int:
    """Letters to add, drop, replace or swap with their neighbour to get from one to the other."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, one in enumerate(left, start=1):
        above, row = row, [i]
        for j, other in enumerate(right, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (one != other))
            if i > 1 and j > 1 and one == right[j - 2] and left[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = above
    return row[-1]


def _slips(word: str) -> int:
    return 1 if len(word) < LONG else 2


def _shortened(word: str, letters: int) -> Iterator[str]:
    """The word, and every word it becomes when up to so many letters are left out."""
    yield from sorted(_without(word, letters))


def _without(word: str, letters: int) -> set[str]:
    if not letters:
        return {word}
    return {word}.union(
        *(_without(word[:at] + word[at + 1 :], letters - 1) for at in range(len(word)))
    )
