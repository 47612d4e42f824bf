"""Blend of lexical and semantic scores, and a search with a cache of rankings."""

from collections.abc import Sequence
from dataclasses import replace
from threading import Lock
from typing import Protocol

from knowledge.facts import NOBODY
from knowledge.library.personalisation import render_for
from knowledge.model import DEFAULT_LANGUAGE, Library
from knowledge.search.index import Entry, Index, Ranked, Ranking, sorted_ranking
from knowledge.search.tfidf import BuildIndex, build_index
from knowledge.search.thresholds import ScoreSource, Thresholds, shipped_thresholds
from knowledge.tokens import LONGEST_QUESTION, words_of

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


class SemanticRanker(Protocol):
    """Optional sentence-embedding model for English; without it, search is lexical only."""

    def knows(self, word: str) -> bool:
        """Whether the model's vocabulary holds the word, so that it is spelt correctly."""

    def learnt(
        self, entries: Sequence[Sequence[str]], unanswered: Sequence[str] = ()
    ) -> FittedModel:
        """Fit a model to the phrasings of each entry, and to questions that no entry answers."""


class BlendedRanker:
    """Ranker with lexical and semantic scores; spelling is corrected before both."""

    def __init__(
        self,
        entries: Sequence[Entry],
        language: str,
        meaning: SemanticRanker,
        unanswered: Sequence[str] = (),
        count: BuildIndex = build_index,
    ) -> None:
        self._index = Index(entries, language, meaning.knows, unanswered, count)
        self._nearness = meaning.learnt([entry.phrasings for entry in entries], unanswered)
        enough = len(entries) >= FEWEST
        self.typical = self._nearness.typical if enough else None
        """Median score of the phrasings; None with too few entries."""
        self._meant = MEANT if enough else MEANT_OF_FEW

    def rank(self, question: str) -> Ranking:
        """Rank all entries; unknown words lower both scores."""
        ranking = self._index.compare(question)
        near = list(self._nearness.scores(" ".join(ranking.read)))
        unanswered = near.pop() if len(near) > len(ranking.ranked) else 0.0
        blended = tuple(
            self._blended(one, score * ranking.familiar)
            for one, score in zip(ranking.ranked, near, strict=True)
        )
        nowhere = self._mixed(ranking.unanswered, unanswered)
        return sorted_ranking(replace(ranking, ranked=blended, unanswered=nowhere))

    def _blended(self, one: Ranked, near: float) -> Ranked:
        meant = _within(near)
        return replace(
            one, score=self._mixed(one.score, meant), by_words=one.score, by_meaning=meant
        )

    def _mixed(self, by_words: float, by_meaning: float) -> float:
        return (1 - self._meant) * by_words + self._meant * _within(by_meaning)


def _within(score: float) -> float:
    return min(1.0, max(0.0, score))


class Ranker(Protocol):
    def rank(self, question: str) -> Ranking: ...


KEPT = 256
"""Size of the cache; a ranking takes some kilobytes."""


class Search:
    """A ranker with its thresholds and an LRU cache of rankings; thread-safe.

    The cache helps because a message is ranked whole, in parts, and as a follow-up.
    """

    def __init__(self, ranker: Ranker, thresholds: Thresholds) -> None:
        self._ranker = ranker
        self.thresholds = thresholds
        self._kept: dict[tuple[str, ...], Ranking] = {}
        self._keeping = Lock()

    def look(self, question: str) -> Ranking:
        """All articles, best first; empty for a text without letters and digits."""
        question = question[:LONGEST_QUESTION]
        if not any(letter.isalnum() for letter in question):
            return Ranking(ranked=())
        typed = words_of(question)
        with self._keeping:
            found = self._kept.pop(typed, None)
        ranking = found or self._ranker.rank(question)
        with self._keeping:
            self._kept[typed] = ranking
            if len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        return ranking


def search_in(
    library: Library,
    language: str,
    given: Thresholds | None,
    meaning: SemanticRanker | None,
    count: BuildIndex,
) -> Search:
    """Search over one language of a library; semantic only for English, if `meaning` is given."""
    entries, unanswered = _entries(library, language), library.unanswered.get(language, ())
    if meaning is None or language != DEFAULT_LANGUAGE or not entries:
        index = Index(entries, language, unanswered=unanswered, count=count)
        return Search(index, given or shipped_thresholds())
    blend = BlendedRanker(entries, language, meaning, unanswered, count)
    return Search(blend, given or shipped_thresholds(ScoreSource.MEANING).scaled_to(blend.typical))


def _entries(library: Library, language: str) -> list[Entry]:
    """Search entries of the articles; templates are rendered for an unknown reader."""
    return [
        Entry(
            id=article.slug,
            phrasings=(article.title, *article.questions),
            prose=f"{article.short} {article.more or ''}",
        )
        for article in (render_for(one, NOBODY) for one in library.articles(language))
    ]
