"""Spelling correction against the words of the phrasings and frequent English words."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import nlargest
from itertools import chain, pairwise

SHORTEST = 3
"""Shorter words are not corrected: too many valid ones are one letter apart."""
LONGEST = 32
"""Longer strings are not corrected: they are no words."""
MOST_MENDED = 12
"""Unknown words corrected per text; with more, it is in another language or in none."""
LONG = 6
"""Words this long may be corrected by two edits to a phrasing's word; others by one edit."""
TRIED = 16
"""Candidates compared: the words that share most letter pairs with the mistyped one."""
UNDONE = 3
"""Letter pairs that one edit changes at most (a swap of two letters)."""
FREQUENT = 2000
"""Corrections are made to so many frequent words; rarer ones are only accepted as typed."""
COMMON = 1000
"""When splitting a word, one half may be one of so many frequent words."""
HALF = 4
"""Shorter halves of a split word have to stand side by side in a phrasing, as in "my phone"."""
USUAL = 6000
"""Rarer words do not show that a text is English: other languages have some of them, too."""
VOWELS = frozenset("aeiou")


class Speller:
    """Spelling corrector; of equally close words, the one used in phrasings wins."""

    def __init__(
        self,
        texts: Iterable[Sequence[str]],
        everyday: Mapping[str, int],
        knows: Callable[[str], bool] | None = None,
    ) -> None:
        """`texts`: the words of each phrasing."""
        texts = list(texts)
        self._knows = knows
        self._seen = Counter(chain.from_iterable(texts))
        self._neighbours = {pair for text in texts for pair in pairwise(text)}
        self._everyday = everyday
        self._by_pair: dict[tuple[str, int], list[str]] = defaultdict(list)
        """Known words by letter pair and length."""
        often = {word for word, place in everyday.items() if place < FREQUENT}
        for word in sorted(often.union(self._seen)):
            if word.isalpha() and len(word) >= SHORTEST:
                for pair in _pairs(word):
                    self._by_pair[pair, len(word)].append(word)
        self._short_for = {
            _consonants(word): word
            for word in sorted(self._seen, key=lambda one: (self._seen[one], one))
            if word.isalpha() and len(word) >= SHORTEST
        }
        """Most frequent word of the phrasings by its consonants, as in "vrfy" for "verify"."""
        self._mended = lru_cache(maxsize=4096)(self._mend)

    def correct(self, words: Sequence[str]) -> tuple[str, ...]:
        """Correct the words; joining and splitting may change their number."""
        joined = list(self._joined(words))
        unknown = list(dict.fromkeys(word for word in joined if self._may_be_mistyped(word)))
        read = {word: self._mended(word) for word in unknown[:MOST_MENDED]}
        return tuple(chain.from_iterable(read.get(word, (word,)) for word in joined))

    def share_known(self, words: Sequence[str]) -> float:
        """Share of words of the phrasings or of everyday language; 1 if there are only numbers."""
        told = [word for word in words if not word.isdigit()]
        known = [
            word for word in told if word in self._seen or self._everyday.get(word, USUAL) < USUAL
        ]
        return len(known) / len(told) if told else 1.0

    def _joined(self, words: Sequence[str]) -> Iterator[str]:
        """Join two neighbours, one of them unknown, that form a known word."""
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
        if self._is_good(word):
            return False
        return SHORTEST <= len(word) <= LONGEST or word in self._short_for

    def _mend(self, word: str) -> tuple[str, ...]:
        if word in self._short_for:
            return (self._short_for[word],)
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
        """Split a word into two known ones, one from the phrasings; empty if impossible."""
        for at in range(2, len(word) - 1):
            halves = word[:at], word[at:]
            if halves in self._neighbours or self._are_words(halves):
                return halves
        return ()

    def _are_words(self, halves: tuple[str, str]) -> bool:
        return (
            min(map(len, halves)) >= HALF
            and any(half in self._seen for half in halves)
            and all(map(self._is_half, halves))
        )

    def _is_half(self, word: str) -> bool:
        return word in self._seen or self._everyday.get(word, COMMON) < COMMON

    def _is_good(self, word: str) -> bool:
        if word in self._seen or word in self._everyday or not word.isalpha():
            return True
        return self._knows is not None and self._knows(word)


def _consonants(word: str) -> str:
    return "".join(letter for letter in word if letter not in VOWELS)


def distance(left: str, right: str) -> int:
    """Damerau-Levenshtein distance (optimal string alignment variant)."""
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
    """Strip the common prefix and suffix, which cost no edit."""
    start = _alike(left, right)
    left, right = left[start:], right[start:]
    end = _alike(left[::-1], right[::-1])
    return left[: len(left) - end], right[: len(right) - end]


def _alike(left: str, right: str) -> int:
    """Length of the common prefix."""
    pairs = enumerate(zip(left, right, strict=False))
    return next(
        (place for place, (one, other) in pairs if one != other), min(len(left), len(right))
    )


def _pairs(word: str) -> list[str]:
    """Letter pairs of a word, with marked edges; each once, in order."""
    return list(dict.fromkeys(left + right for left, right in pairwise(f"<{word}>")))
