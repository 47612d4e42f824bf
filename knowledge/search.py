"""How the articles of one language are searched: by words, or by words and meaning."""

from typing import Protocol

from knowledge.blend import Blend, Meaning
from knowledge.counted import Count
from knowledge.facts import NOBODY
from knowledge.index import Entry, Index, Ranking
from knowledge.model import DEFAULT_LANGUAGE, Library
from knowledge.personal import personal
from knowledge.text import normalise, words
from knowledge.thresholds import Half, Thresholds, shipped


class Ranker(Protocol):
    def rank(self, question: str) -> Ranking: ...


class Search:
    """Keeps its last ranking: a message is looked at as a whole, as its part, and as going on."""

    def __init__(self, ranker: Ranker, thresholds: Thresholds) -> None:
        self._ranker = ranker
        self.thresholds = thresholds
        self._last: tuple[tuple[str, ...], Ranking] | None = None

    def look(self, question: str) -> Ranking:
        """Every article, best first; none for what has no letter and no digit."""
        if not any(letter.isalnum() for letter in question):
            return Ranking(ranked=())
        typed, last = words(normalise(question)), self._last
        if last is None or last[0] != typed:
            last = self._last = typed, self._ranker.rank(question)
        return last[1]


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
