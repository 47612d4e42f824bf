"""How the articles of one language are searched: by words, or by words and meaning."""

from threading import Lock
from typing import Protocol

from knowledge.blend import Blend, Meaning
from knowledge.counted import Count
from knowledge.facts import NOBODY
from knowledge.index import Entry, Index, Ranking
from knowledge.model import DEFAULT_LANGUAGE, Library
from knowledge.personal import personal
from knowledge.text import LONGEST_QUESTION, words_of
from knowledge.thresholds import Half, Thresholds, shipped


class Ranker(Protocol):
    def rank(self, question: str) -> Ranking: ...


KEPT = 256
"""Rankings, of some kilobytes each."""


class Search:
    """Keeps its latest rankings: a message is looked at as a whole, as its part, and as going on.

    Safe to use from several threads.
    """

    def __init__(self, ranker: Ranker, thresholds: Thresholds) -> None:
        self._ranker = ranker
        self.thresholds = thresholds
        self._kept: dict[tuple[str, ...], Ranking] = {}
        self._keeping = Lock()

    def look(self, question: str) -> Ranking:
        """Every article, best first; none for what has no letter and no digit."""
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
    meaning: Meaning | None,
    count: Count,
) -> Search:
    entries, unanswered = _entries(library, language), library.unanswered.get(language, ())
    if meaning is None or language != DEFAULT_LANGUAGE or not entries:
        index = Index(entries, language, unanswered=unanswered, count=count)
        return Search(index, given or shipped())
    blend = Blend(entries, language, meaning, unanswered, count)
    return Search(blend, given or shipped(Half.MEANING).where(blend.typical))


def _entries(library: Library, language: str) -> list[Entry]:
    """Articles that know their reader are searched in their words for nobody in particular."""
    return [
        Entry(
            id=article.slug,
            phrasings=(article.title, *article.questions),
            prose=f"{article.short} {article.more or ''}",
        )
        for article in (personal(one, NOBODY) for one in library.articles(language))
    ]
