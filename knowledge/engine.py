"""Answers a question from the library: sure, unsure with a choice, or honestly nothing."""

from dataclasses import dataclass

from knowledge.asking import MOST_QUESTIONS, leans_on_the_last, questions, small_talk
from knowledge.index import Entry, Index, Ranking
from knowledge.model import (
    Answer,
    Article,
    Candidate,
    Found,
    Library,
    Nothing,
    Slug,
    SmallTalk,
    Unsure,
)
from knowledge.thresholds import Thresholds, shipped

CHOICES = 3
CANDIDATES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a question got its answer."""

    answer: Answer
    ranking: Ranking
    thresholds: Thresholds


class AnswerEngine:
    """Built once from a library; an edited library gets a new engine."""

    def __init__(self, library: Library, thresholds: Thresholds | None = None) -> None:
        """With the shipped thresholds, unless others are given."""
        self._library = library
        self._thresholds = thresholds or shipped()
        self._articles = {
            language: {one.slug: one for one in library.articles(language)}
            for language in library.shelves
        }
        self._indexes = {language: _index(library, language) for language in library.shelves}

    def ask(self, question: str, language: str) -> Answer:
        """In a language without articles, the default language's articles are searched."""
        return self.explain(question, language).answer

    def ask_all(self, text: str, language: str, after: Slug | None = None) -> tuple[Answer, ...]:
        """One answer or more: to each question of a message whose parts say more than the whole.

        `after` is the article that was shown last; a short message that finds nothing by itself
        is read as going on about it.
        """
        whole = self.ask(text, language)
        if isinstance(whole, SmallTalk):
            return (whole,)
        parts = self._parts(text, language)
        if len(parts) > 1 and not (
            isinstance(whole, Found) and whole.score >= max(part.score for part in parts)
        ):
            return parts
        if isinstance(whole, Found):
            return (whole,)
        return parts or (self._follow(text, language, after) or whole,)

    def explain(self, question: str, language: str) -> Explanation:
        ranking = self._look(question, language)
        talk = small_talk(question)
        answer = SmallTalk(kind=talk) if talk else self._judge(ranking, language)
        return Explanation(answer=answer, ranking=ranking, thresholds=self._thresholds)

    def rank(self, question: str, language: str) -> tuple[Candidate, ...]:
        """Every article, best first; none for what has no letter and no digit."""
        return _candidates(self._look(question, language))

    def _look(self, question: str, language: str) -> Ranking:
        index = self._indexes.get(self._library.language(language))
        if index is None or not any(letter.isalnum() for letter in question):
            return Ranking(ranked=())
        return index.rank(question)

    def _judge(self, ranking: Ranking, language: str) -> Answer:
        candidates = _candidates(ranking)[:CANDIDATES]
        best, second = (*(one.score for one in candidates[:2]), 0.0, 0.0)[:2]
        if best < self._thresholds.offer:
            return Nothing(candidates=candidates)
        articles = self._shown(candidates, language)
        if best < self._thresholds.answer or best - second < self._thresholds.margin:
            return Unsure(choices=articles, candidates=candidates)
        return Found(
            article=articles[0], score=best, alternatives=articles[1:], candidates=candidates
        )

    def _shown(self, candidates: tuple[Candidate, ...], language: str) -> tuple[Article, ...]:
        known = self._articles[self._library.language(language)]
        return tuple(known[one.slug] for one in candidates[:CHOICES])

    def _parts(self, text: str, language: str) -> tuple[Found, ...]:
        """What the message's questions find for sure, each article once."""
        asked = questions(text)
        found = [self.ask(one, language) for one in asked] if len(asked) > 1 else []
        sure = {one.article.slug: one for one in found if isinstance(one, Found)}
        return tuple(sure.values())[:MOST_QUESTIONS]

    def _follow(self, text: str, language: str, after: Slug | None) -> Found | None:
        known = self._articles.get(self._library.language(language), {})
        if after is None or after not in known or not leans_on_the_last(text):
            return None
        answer = self.ask(f"{known[after].title} {text}", language)
        return answer if isinstance(answer, Found) else None


def _candidates(ranking: Ranking) -> tuple[Candidate, ...]:
    return tuple(Candidate(slug=Slug(one.id), score=round(one.score, 4)) for one in ranking.ranked)


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
