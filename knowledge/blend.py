"""Words and meaning together: one score for each entry, from both halves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from knowledge.counted import Count, counted
from knowledge.index import Entry, Index, Ranked, Ranking, settled

MEANT = 0.8
"""The share of meaning. On four sets 0.6 to 0.8 rank alike."""


FEWEST = 10
"""Entries. With fewer there is little to be unlike, so everything seems near to one of them."""
MEANT_OF_FEW = 0.4


class Nearness(Protocol):
    """What was learnt from the phrasings of one library."""

    @property
    def typical(self) -> float:
        """What half the phrasings score at least for their own entry, each left out in turn."""

    def scores(self, text: str) -> Sequence[float]:
        """By entry, in their order, mostly from 0 to 1; then of what none answers, if given."""


class Meaning(Protocol):
    """Something that understands English; the engine works without one."""

    def knows(self, word: str) -> bool:
        """Whether it is a good word as typed."""

    def learnt(self, entries: Sequence[Sequence[str]], unanswered: Sequence[str] = ()) -> Nearness:
        """From the phrasings of each entry, and from questions that none answers."""


class Blend:
    """Ranks like an index, and mends a question's spelling before either half reads it."""

    def __init__(
        self,
        entries: Sequence[Entry],
        language: str,
        meaning: Meaning,
        unanswered: Sequence[str] = (),
        count: Count = counted,
    ) -> None:
        self._index = Index(entries, language, meaning.knows, unanswered, count)
        self._nearness = meaning.learnt([entry.phrasings for entry in entries], unanswered)
        enough = len(entries) >= FEWEST
        self.typical = self._nearness.typical if enough else None
        """Nothing where there are too few entries to tell."""
        self._meant = MEANT if enough else MEANT_OF_FEW

    def rank(self, question: str) -> Ranking:
        """What is about something else is so for both halves."""
        ranking = self._index.compare(question)
        near = list(self._nearness.scores(" ".join(ranking.read)))
        unanswered = near.pop() if len(near) > len(ranking.ranked) else 0.0
        blended = tuple(
            self._blended(one, score * ranking.familiar)
            for one, score in zip(ranking.ranked, near, strict=True)
        )
        nowhere = self._mixed(ranking.unanswered, unanswered)
        return settled(replace(ranking, ranked=blended, unanswered=nowhere))

    def _blended(self, one: Ranked, near: float) -> Ranked:
        meant = _within(near)
        return replace(
            one, score=self._mixed(one.score, meant), by_words=one.score, by_meaning=meant
        )

    def _mixed(self, by_words: float, by_meaning: float) -> float:
        return (1 - self._meant) * by_words + self._meant * _within(by_meaning)


def _within(score: float) -> float:
    return min(1.0, max(0.0, score))
