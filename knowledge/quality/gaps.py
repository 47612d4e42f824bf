"""Clusters unanswered questions by similarity, so that the largest gap can be closed first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from knowledge.search.word_frequency import COMMON, frequency_ranks
from knowledge.tokens import normalise, stem, words

ALIKE = 0.5
"""Least Jaccard similarity of two questions' words within a group."""
LONGEST = 12
"""Most words of a question that are compared."""

COMPARED = 250
"""Most groups a question is compared with; only a crafted text shares rare words with more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """One unanswered question, or one whose answer did not help."""

    words: str
    language: str
    how: str
    """Kind of failure, as named by the caller; kinds are counted."""
    asked_at: datetime
    count: int = 1
    """How often it was asked in these words."""


@dataclass(slots=True, kw_only=True)
class Gap:
    """A group of questions that ask for the same."""

    about: AbstractSet[str]
    missed: list[Missed] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(one.count for one in self.missed)

    @property
    def question(self) -> str:
        """The most frequent wording; of equally frequent ones the shortest."""
        said: Counter[str] = Counter()
        for one in self.missed:
            said[normalise(one.words)] += one.count
        likely = max(said, key=lambda text: (said[text], -len(text), text))
        return next(one.words for one in self.missed if normalise(one.words) == likely)

    @property
    def language(self) -> str:
        return self._counted(one.language for one in self.missed).most_common(1)[0][0]

    @property
    def how(self) -> Counter[str]:
        return self._counted(one.how for one in self.missed)

    @property
    def last_at(self) -> datetime:
        return max(one.asked_at for one in self.missed)

    def _counted(self, values: Iterable[str]) -> Counter[str]:
        found: Counter[str] = Counter()
        for value, one in zip(values, self.missed, strict=True):
            found[value] += one.count
        return found


class _Groups:
    """Groups indexed by their words, so that only those with a word in common are compared.

    Source: Jaccard similarity by an inverted index with prefix filtering.
    """

    def __init__(self) -> None:
        self.all: list[Gap] = []
        self._same: dict[AbstractSet[str], Gap] = {}
        self._with: dict[str, list[int]] = {}

    def nearest(self, about: AbstractSet[str]) -> Gap | None:
        """The most similar group, the first of equals; None if below `ALIKE`."""
        if about in self._same:
            return self._same[about]
        needed = (len(about) + 1) // 2  # with fewer in common, similarity is below one half
        rarest = sorted(about, key=lambda word: len(self._with.get(word, ())))
        places = {
            place
            for word in rarest[: len(about) - needed + 1]
            for place in self._with.get(word, ())
        }
        near = [self.all[place] for place in sorted(places)[:COMPARED]]
        best = max(near, key=lambda group: _likeness(about, group.about), default=None)
        return None if best is None or _likeness(about, best.about) < ALIKE else best

    def add(self, group: Gap) -> None:
        for word in group.about:
            self._with.setdefault(word, []).append(len(self.all))
        self._same[group.about] = group
        self.all.append(group)


def group_questions(missed: Iterable[Missed]) -> Sequence[Gap]:
    """Cluster questions into groups, the largest first; deterministic."""
    groups = _Groups()
    for one in missed:
        about = _about(one)
        nearest = groups.nearest(about)
        if nearest is None:
            nearest = Gap(about=about)
            groups.add(nearest)
        nearest.missed.append(one)
    return sorted(groups.all, key=lambda group: -group.count)


def _about(missed: Missed) -> frozenset[str]:
    """Stems of the content words; of all words if there are none."""
    said = words(normalise(missed.words))
    common = frequency_ranks(missed.language)
    telling = {word for word in said if common.get(word, COMMON + 1) > COMMON}
    first = islice(dict.fromkeys(word for word in said if word in telling or not telling), LONGEST)
    return frozenset(stem(word, missed.language) for word in first)


def _likeness(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    either = one | other
    return len(one & other) / len(either) if either else 1.0
