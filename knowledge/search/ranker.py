"""The first stage: a blend of lexical and semantic scores."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from knowledge.model import DEFAULT_LANGUAGE
from knowledge.search.index import Entry, Index, Ranked, Ranking, sorted_ranking
from knowledge.search.tfidf import BuildIndex, build_index

MEANT = 0.8
"""Weight of the semantic score. On four data sets 0.6 to 0.8 rank alike."""


FEWEST = 10
"""With fewer entries than this, semantic scores do not discriminate well."""
MEANT_OF_FEW = 0.4


class FittedModel(Protocol):
    """A semantic model fitted to the phrasings of one library."""

    @property
    def typical(self) -> float:
        """Median score of the phrasings for their own entry, by leave-one-out."""

    def scores(self, text: str) -> Sequence[float]:
        """Score per entry, in order, mostly from 0 to 1; then that of "unanswered", if fitted."""


class SentenceModel(Protocol):
    """A sentence-embedding model."""

    def learnt(
        self,
        entries: Sequence[Sequence[str]],
        unanswered: Sequence[str] = (),
        language: str = DEFAULT_LANGUAGE,
    ) -> FittedModel:
        """Fit a model to the phrasings of each entry, and to questions that no entry answers."""

    def wait(self) -> None:
        """Wait until the model is loaded; loads it if that didn't begin."""


class SemanticRanker(SentenceModel, Protocol):
    """Optional sentence-embedding model for English; without it, search is lexical only."""

    def knows(self, word: str) -> bool:
        """Whether the model's vocabulary holds the word, so that it is spelt correctly."""


class BlendedRanker:
    """Ranker with lexical and semantic scores; spelling is corrected before both."""

    def __init__(
        self,
        entries: Sequence[Entry],
        language: str,
        meaning: SemanticRanker,
        unanswered: Sequence[str] = (),
        count: BuildIndex = build_index,
        *,
        leaves_foreign: bool = False,
    ) -> None:
        """`leaves_foreign`: compare questions in another language by words only.

        A second stage ranks them without these scores, and in other scripts they cost most.
        """
        self._leaves_foreign = leaves_foreign
        self._index = Index(entries, language, meaning.knows, unanswered, count)
        self._nearness = meaning.learnt([entry.phrasings for entry in entries], unanswered)
        meaning.wait()
        enough = len(entries) >= FEWEST
        self.typical = self._nearness.typical if enough else None
        """Median score of the phrasings; None with too few entries."""
        self._meant = MEANT if enough else MEANT_OF_FEW

    def rank(self, question: str) -> Ranking:
        """Rank all entries."""
        return sorted_ranking(self.compare(question))

    def compare(self, question: str) -> Ranking:
        """Scores before `settled` is applied; unknown words lower both of their parts."""
        ranking = self._index.compare(question)
        near = self._near(ranking)
        unanswered = near.pop() if len(near) > len(ranking.ranked) else 0.0
        blended = tuple(
            self._blended(one, score * ranking.familiar)
            for one, score in zip(ranking.ranked, near, strict=True)
        )
        nowhere = self._mixed(ranking.unanswered, unanswered)
        return replace(ranking, ranked=blended, unanswered=nowhere)

    def _near(self, ranking: Ranking) -> list[float]:
        if ranking.foreign and self._leaves_foreign:
            return [0.0] * len(ranking.ranked)
        return list(self._nearness.scores(" ".join(ranking.read)))

    def _blended(self, one: Ranked, near: float) -> Ranked:
        meant = within(near)
        return replace(
            one, score=self._mixed(one.score, meant), by_words=one.score, by_meaning=meant
        )

    def _mixed(self, by_words: float, by_meaning: float) -> float:
        return (1 - self._meant) * by_words + self._meant * within(by_meaning)


def within(score: float) -> float:
    """The score, at least 0 and at most 1."""
    return min(1.0, max(0.0, score))
