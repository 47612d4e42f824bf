"""Search in one language of a library: two stages, their thresholds, and caches."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from knowledge.facts import NOBODY
from knowledge.library.personalisation import render_for
from knowledge.model import DEFAULT_LANGUAGE, Library
from knowledge.search.index import Entry, Index, Ranking, sorted_ranking
from knowledge.search.ranker import FEWEST, BlendedRanker, SemanticRanker, SentenceModel
from knowledge.search.second_stage import SecondStage
from knowledge.search.tfidf import BuildIndex, build_index
from knowledge.search.thresholds import ScoreSource, Thresholds, Zone, shipped_thresholds
from knowledge.tokens import normalise

KEPT = 256
"""Size of each stage's cache; a ranking takes some kilobytes."""


class Ranker(Protocol):
    """The first stage."""

    def compare(self, question: str) -> Ranking:
        """Scores before `sorted_ranking` is applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A ranking with the thresholds that apply to its scores."""

    ranking: Ranking
    thresholds: Thresholds
    source: ScoreSource

    @property
    def zone(self) -> Zone:
        scores = [one.score for one in self.ranking.ranked[:2]]
        return self.thresholds.zone(scores, words=len(self.ranking.read))


class Search:
    """Two stages, with caches (LRU) of what they found; thread-safe.

    The caches help because a message is ranked whole, in parts, and as a follow-up.
    """

    def __init__(
        self,
        ranker: Ranker,
        thresholds: Thresholds,
        source: ScoreSource = ScoreSource.WORDS,
        second: SecondStage | None = None,
    ) -> None:
        """`thresholds`, `source`: of the first stage's scores."""
        self.thresholds = thresholds
        self._source = source
        self._second = second
        self._compared = lru_cache(maxsize=KEPT)(ranker.compare)
        self._look_again = lru_cache(maxsize=KEPT)(self._by_second)

    def look(self, question: str, *, twice: bool = True) -> Judged:
        """All articles, best first; none for a text without letters and digits.

        `twice`: whether the second stage is asked if the first isn't sure.
        """
        text = normalise(question)
        if not any(letter.isalnum() for letter in text):
            return self._by_first(Ranking(ranked=()))
        found = self._by_first(sorted_ranking(self._compared(text)))
        second = self._second
        if second is None or not twice or found.zone is Zone.ANSWER:
            return found
        return self._look_again(text, second)

    def _by_first(self, ranking: Ranking) -> Judged:
        return Judged(ranking=ranking, thresholds=self.thresholds, source=self._source)

    def _by_second(self, text: str, second: SecondStage) -> Judged:
        first = self._compared(text)
        source = second.source(first)
        ranking = second.rank(text, first)
        return Judged(ranking=ranking, thresholds=second.thresholds[source], source=source)


def search_in(
    library: Library,
    language: str,
    given: Thresholds | None,
    meaning: SemanticRanker | None = None,
    languages: SentenceModel | None = None,
    count: BuildIndex = build_index,
) -> Search:
    """Search over one language of a library.

    `given`: thresholds of the first stage in place of the shipped ones. `meaning` is asked for
    English only, `languages` in the second stage, unless the articles are too few for it.
    """
    entries, unanswered = _entries(library, language), library.unanswered.get(language, ())
    model = languages if len(entries) >= FEWEST else None
    if meaning is None or language != DEFAULT_LANGUAGE or not entries:
        index = Index(entries, language, unanswered=unanswered, count=count)
        second = _second_stage(entries, language, model, unanswered)
        return Search(index, given or shipped_thresholds(), second=second)
    blend = BlendedRanker(
        entries, language, meaning, unanswered, count, leaves_foreign=model is not None
    )
    second = _second_stage(entries, language, model, unanswered, blend.typical)
    thresholds = given or shipped_thresholds(ScoreSource.MEANING).scaled_to(blend.typical)
    return Search(blend, thresholds, ScoreSource.MEANING, second)


def _second_stage(
    entries: Sequence[Entry],
    language: str,
    model: SentenceModel | None,
    unanswered: Sequence[str],
    first_typical: float | None = None,
) -> SecondStage | None:
    if model is None:
        return None
    return SecondStage(entries, language, model, unanswered, first_typical)


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
