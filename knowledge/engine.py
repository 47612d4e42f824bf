"""Answers a question from the library: sure, unsure with a choice, or honestly nothing."""

from knowledge.index import Entry, Index
from knowledge.model import (
    Answer,
    Article,
    Candidate,
    Found,
    Library,
    Nothing,
    Slug,
    Unsure,
)
from knowledge.thresholds import Thresholds, shipped

CHOICES = 3
CANDIDATES = 5


class AnswerEngine:
    """Built once from a library; an edited library gets a new engine."""

    def __init__(self, library: Library, thresholds: Thresholds | None = None) -> None:
        """With the shipped thresholds, unless others are given."""
        self._library = library
        self._thresholds = thresholds or shipped()
        self._indexes = {language: _index(library, language) for language in library.shelves}

    def ask(self, question: str, language: str) -> Answer:
        """In a language without articles, the default language's articles are searched."""
        ranking = self.rank(question, language)[:CANDIDATES]
        return self._judge(ranking, self._articles(ranking, self._library.language(language)))

    def rank(self, question: str, language: str) -> tuple[Candidate, ...]:
        """Every article, best first; none for what has no letter and no digit."""
        index = self._indexes.get(self._library.language(language))
        if index is None or not any(letter.isalnum() for letter in question):
            return ()
        return tuple(
            Candidate(slug=Slug(one.id), score=round(one.score, 4))
            for one in index.rank(question).ranked
        )

    def _judge(self, candidates: tuple[Candidate, ...], articles: tuple[Article, ...]) -> Answer:
        best, lead = _best(candidates)
        if best < self._thresholds.offer:
            return Nothing(candidates=candidates)
        if best < self._thresholds.answer or lead < self._thresholds.margin:
            return Unsure(choices=articles[:CHOICES], candidates=candidates)
        return Found(
            article=articles[0],
            score=candidates[0].score,
            alternatives=articles[1:CHOICES],
            candidates=candidates,
        )

    def _articles(self, ranking: tuple[Candidate, ...], language: str) -> tuple[Article, ...]:
        found = (self._library.article(one.slug, language) for one in ranking)
        return tuple(article for article in found if article)


def _best(ranking: tuple[Candidate, ...]) -> tuple[float, float]:
    """The best score, and by how much it leads."""
    first, second = (*(one.score for one in ranking[:2]), 0.0, 0.0)[:2]
    return first, first - second


def _index(library: Library, language: str) -> Index:
    entries = [
        Entry(
            id=article.slug,
            phrasings=(article.title, *article.questions),
            prose=f"{article.short} {article.more or ''}",
        )
        for article in library.articles(language)
    ]
    return Index(entries, language)
