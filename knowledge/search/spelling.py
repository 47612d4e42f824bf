"""Mends mistyped words by the words of the articles' own phrasings, and by everyday ones."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import nlargest
from itertools import chain, pairwise

SHORTEST = 3
"""Shorter words are left alone: too many good ones are one letter apart."""
LONGEST = 32
"""Longer words are left alone, too: they are no words."""
MOST_MENDED = 12
"""Unknown words of one text; with more of them, it is in another language or in none."""
LONG = 6
"""From here on two slips are forgiven where the phrasings use the word; otherwise only one."""
TRIED = 16
"""Words that share most pairs of letters with the mistyped one; the others are too far away."""
UNDONE = 3
"""So many pairs of letters does one slip change at most: two letters swapped."""
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
        self._by_pair: dict[tuple[str, int], list[str]] = defaultdict(list)
        """Known words by a pair of their letters and their length."""
        often = {word for word, place in everyday.items() if place < FREQUENT}
        for word in sorted(often.union(self._seen)):
            if word.isalpha() and len(word) >= SHORTEST:
                for pair in _pairs(word):
                    self._by_pair[pair, len(word)].append(word)
        self._mended = lru_cache(maxsize=4096)(self._mend)

    def correct(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words as they were meant; there may be more or fewer of them."""
        joined = list(self._joined(words))
        unknown = list(dict.fromkeys(word for word in joined if self._may_be_mistyped(word)))
        read = {word: self._mended(word) for word in unknown[:MOST_MENDED]}
        return tuple(chain.from_iterable(read.get(word, (word,)) for word in joined))

    def _joined(self, words: Sequence[str]) -> Iterator[str]:
        """With the halves of a known word put together, when one of them is unknown."""
        rest = deque(words)
        while rest:
            word = rest.popleft()
            if rest and not (self._is_good(word) and self._is_good(rest[0])):
                whole = word + rest[0]
                if len(whole) >= SHORTEST and whole in self._seen:
                    word = whole
                    rest.popleft()
            yield word

    def _may_be_mistyped(self, word: str) -> bool:
        return SHORTEST <= len(word) <= LONGEST and not self._is_good(word)

    def _mend(self, word: str) -> tuple[str, ...]:
        slips = 1 if len(word) < LONG else 2
        away, near = self._nearest(word, slips)
        if away <= 1:
            return (near,)
        return self._halves(word) or ((near,) if away <= slips else (word,))

    def _nearest(self, word: str, slips: int) -> tuple[int, str]:
        pairs = _pairs(word)
        lengths = range(len(word) - slips, len(word) + slips + 1)
        shared = Counter(
            chain.from_iterable(
                self._by_pair.get((pair, length), ()) for length in lengths for pair in pairs
            )
        )
        least = len(pairs) - UNDONE * slips
        likely = {
            known: count + (known in self._seen)
            for known, count in shared.items()
            if count >= least
        }
        ranked = (
            (distance(word, known), -self._seen[known], known)
            for known in nlargest(TRIED, likely, key=likely.__getitem__)
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
    left, right = _where_they_differ(left, right)
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


def _where_they_differ(left: str, right: str) -> tuple[str, str]:
    """Without what they begin and end with alike, which costs no slip."""
    start = _alike(left, right)
    left, right = left[start:], right[start:]
    end = _alike(left[::-1], right[::-1])
    return left[: len(left) - end], right[: len(right) - end]


def _alike(left: str, right: str) -> int:
    """So many letters do they begin with alike."""
    pairs = enumerate(zip(left, right, strict=False))
    return next(
        (place for place, (one, other) in pairs if one != other), min(len(left), len(right))
    )


def _pairs(word: str) -> list[str]:
    """Its pairs of neighbouring letters, the edges counted as letters; each once, in order."""
    return list(dict.fromkeys(left + right for left, right in pairwise(f"<{word}>")))
