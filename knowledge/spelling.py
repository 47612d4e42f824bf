"""Mends mistyped words by the words of the articles' own phrasings, and by everyday ones."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

SHORTEST = 3
"""Shorter words are left alone: too many good ones are one letter apart."""
LONG = 6
"""From here on two slips are forgiven where the phrasings use the word; otherwise only one."""
TRIED = 16
"""Words that share most pairs of letters with the mistyped one; the others are too far away."""
FREQUENT = 2000
"""A mistyped word may be one of so many everyday words; the rarer ones are only left alone."""
COMMON = 1000
"""One half of two words that ran together may be one of so many everyday words."""


class Speller:
    """Knows every word it was given; where two are equally near, the phrasings' own wins."""

    def __init__(
        self,
        seen: Iterable[str],
        everyday: Mapping[str, int],
        knows: Callable[[str], bool] | None = None,
    ) -> None:
        self._knows = knows
        self._seen = Counter(seen)
        self._everyday = everyday
        self._by_pair: dict[str, list[str]] = defaultdict(list)
        often = {word for word, place in everyday.items() if place < FREQUENT}
        for word in sorted(often.union(self._seen)):
            if word.isalpha() and len(word) >= SHORTEST:
                for pair in _pairs(word):
                    self._by_pair[pair].append(word)

    def correct(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words as they were meant; there may be more or fewer of them."""
        return tuple(mended for word in self._joined(words) for mended in self._mended(word))

    def _joined(self, words: Sequence[str]) -> Iterator[str]:
        """With the halves of a known word put together, when one of them is unknown."""
        rest = list(words)
        while rest:
            word = rest.pop(0)
            if rest and not (self._is_good(word) and self._is_good(rest[0])):
                whole = word + rest[0]
                if len(whole) >= SHORTEST and whole in self._seen:
                    word = whole
                    rest.pop(0)
            yield word

    def _mended(self, word: str) -> tuple[str, ...]:
        if self._is_good(word) or len(word) < SHORTEST:
            return (word,)
        slips = 1 if len(word) < LONG else 2
        away, near = self._nearest(word, slips)
        if away <= 1:
            return (near,)
        return self._halves(word) or ((near,) if away <= slips else (word,))

    def _nearest(self, word: str, slips: int) -> tuple[int, str]:
        shared = Counter(
            known
            for pair in _pairs(word)
            for known in self._by_pair.get(pair, ())
            if abs(len(known) - len(word)) <= slips
        )
        shared.update(known for known in list(shared) if known in self._seen)
        ranked = (
            (distance(word, known), -self._seen[known], known)
            for known, _ in shared.most_common(TRIED)
        )
        near = (one for one in ranked if one[0] <= 1 or one[1])
        away, _, known = min(near, default=(slips + 1, 0, word))
        return away, known

    def _halves(self, word: str) -> tuple[str, ...]:
        """Two words that ran together, one of them of the phrasings; empty if that is not it."""
        for at in range(2, len(word) - 1):
            halves = word[:at], word[at:]
            if any(half in self._seen for half in halves) and all(map(self._is_half, halves)):
                return halves
        return ()

    def _is_half(self, word: str) -> bool:
        return word in self._seen or self._everyday.get(word, COMMON) < COMMON

    def _is_good(self, word: str) -> bool:
        if word in self._seen or word in self._everyday or not word.isalpha():
            return True
        return self._knows is not None and self._knows(word)


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


def _pairs(word: str) -> list[str]:
    """Its pairs of neighbouring letters, the edges counted as letters; each once, in order."""
    return list(dict.fromkeys(left + right for left, right in pairwise(f"<{word}>")))
