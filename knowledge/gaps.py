"""Groups what was asked in vain by likeness, so that the largest gap can be closed first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from knowledge.text import normalise, stem, words
from knowledge.vocabulary import COMMON, everyday

ALIKE = 0.5
"""So much of what two questions are about must be the same, as a share of what either is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """One question that got no answer, or none that helped."""

    words: str
    language: str
    how: str
    """Why it is a gap: in the caller's terms; they are counted."""
    asked_at: datetime


@dataclass(slots=True, kw_only=True)
class Gap:
    """Questions that ask for the same thing."""

    about: AbstractSet[str]
    missed: list[Missed] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.missed)

    @property
    def question(self) -> str:
        """As most people put it; of several such, the shortest."""
        said = Counter(normalise(one.words) for one in self.missed)
        likely = max(said, key=lambda text: (said[text], -len(text), text))
        return next(one.words for one in self.missed if normalise(one.words) == likely)

    @property
    def language(self) -> str:
        return Counter(one.language for one in self.missed).most_common(1)[0][0]

    @property
    def how(self) -> Counter[str]:
        return Counter(one.how for one in self.missed)

    @property
    def last_at(self) -> datetime:
        return max(one.asked_at for one in self.missed)


def gaps(missed: Iterable[Missed]) -> Sequence[Gap]:
    """The largest first. The same questions in the same order give the same groups."""
    groups: list[Gap] = []
    for one in missed:
        about = _about(one)
        nearest = max(groups, key=lambda group: _likeness(about, group.about), default=None)
        if nearest is None or _likeness(about, nearest.about) < ALIKE:
            nearest = Gap(about=about)
            groups.append(nearest)
        nearest.missed.append(one)
    return sorted(groups, key=lambda group: -group.count)


def _about(one: Missed) -> frozenset[str]:
    """What is left without the words that fit every subject; all of them, where none is left."""
    said = words(normalise(one.words))
    common = everyday(one.language)
    telling = {word for word in said if common.get(word, COMMON + 1) > COMMON}
    return frozenset(stem(word, one.language) for word in telling or said)


def _likeness(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    either = one | other
    return len(one & other) / len(either) if either else 1.0
