"""Answers a question from the library: sure, unsure with a choice, or honestly nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from knowledge.answering.follow_up import (
    MOST_QUESTIONS,
    Leaning,
    asks,
    leaning,
    named,
    names,
    questions,
)
from knowledge.answering.small_talk import small_talk
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
from knowledge.search.index import Ranking
from knowledge.search.ranker import SemanticRanker, search_in
from knowledge.search.tfidf import Count, counted
from knowledge.search.thresholds import Thresholds, shipped
from knowledge.tokens import LONGEST_QUESTION

CHOICES = 3
CANDIDATES = 5
SCRAP = 0.15
"""So far ahead has to be what one word alone finds: it says a subject, and asks nothing of it."""
NAMED = 0.15
"""What each word of an article's name is worth in a message that goes on with another one."""
STAYS = 0.1
"""What the article that is gone on with has ahead of the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a question got its answer."""

    answer: Answer
    ranking: Ranking
    thresholds: Thresholds


class AnswerEngine:
    """Built once from a library; an edited library gets a new engine."""

    def __init__(
        self,
        library: Library,
        thresholds: Thresholds | None = None,
        meaning: SemanticRanker | None = None,
        count: Count = counted,
    ) -> None:
        """With the shipped thresholds, unless others are given; by words alone without meaning.

        `count` may be one that keeps what it counted.
        """
        self.by_words_alone = meaning is None
        self._library = library
        self._articles = {
            language: {one.slug: one for one in library.articles(language)}
            for language in library.shelves
        }
        self._searches = {
            language: search_in(library, language, thresholds, meaning, count)
            for language in library.shelves
        }

    def ask(self, question: str, language: str) -> Answer:
        """In a language without articles, the default language's articles are searched."""
        return self._answer(question, self._look(question, language), language)

    def ask_all(self, text: str, language: str, after: Slug | None = None) -> tuple[Answer, ...]:
        """One answer or more: to each question of a message whose parts say more than the whole.

        `after` is the article that was shown last; a short message that leans on it is read as
        going on with it, and one that stands for itself never is.
        """
        text = text[:LONGEST_QUESTION]
        follow = self._follow(text, language, after)
        if follow:
            return (follow,)
        if small_talk(text):
            return (self.ask(text, language),)
        parts = self._parts(text, language)
        answered = any(isinstance(one, Found) for one in parts)
        if answered and len(parts) > 1:
            return parts
        whole = self.ask(text, language)
        if len(parts) == 1 and isinstance(whole, Found):
            return (whole,)
        if answered:
            return parts
        unsure = next((one for one in parts if isinstance(one, Unsure)), whole)
        return (unsure if isinstance(whole, Nothing) else whole,)

    def explain(self, question: str, language: str) -> Explanation:
        ranking = self._look(question, language)
        answer = self._answer(question, ranking, language)
        return Explanation(answer=answer, ranking=ranking, thresholds=self.thresholds(language))

    def thresholds(self, language: str) -> Thresholds:
        """As they are for this language's articles."""
        search = self._searches.get(self._library.language(language))
        return search.thresholds if search else shipped()

    def rank(self, question: str, language: str) -> tuple[Candidate, ...]:
        """Every article, best first; none for what has no letter and no digit."""
        return _candidates(self._look(question, language))

    def _look(self, question: str, language: str) -> Ranking:
        search = self._searches.get(self._library.language(language))
        return search.look(question) if search else Ranking(ranked=())

    def _answer(self, question: str, ranking: Ranking, language: str) -> Answer:
        talk = small_talk(question)
        if talk:
            return SmallTalk(kind=talk, candidates=_candidates(ranking, CANDIDATES))
        return self._judge(ranking, language)

    def _judge(self, ranking: Ranking, language: str) -> Answer:
        candidates = _candidates(ranking, CANDIDATES)
        best, second = (*(one.score for one in candidates[:2]), 0.0, 0.0)[:2]
        thresholds = self.thresholds(language)
        if not candidates or best < thresholds.offer:
            return Nothing(candidates=candidates)
        articles = self._shown(candidates, language)
        margin = max(SCRAP if len(ranking.read) == 1 else 0.0, thresholds.margin)
        if best < thresholds.answer or best - second < margin:
            return Unsure(choices=articles, candidates=candidates)
        return Found(
            article=articles[0], score=best, alternatives=articles[1:], candidates=candidates
        )

    def _shown(self, candidates: Sequence[Candidate], language: str) -> tuple[Article, ...]:
        known = self._articles[self._library.language(language)]
        return tuple(known[one.slug] for one in candidates[:CHOICES])

    def _parts(self, text: str, language: str) -> tuple[Answer, ...]:
        """What a message's questions find, each article once; each may lean on the one before.

        Nothing for a message that is all one question.
        """
        asked = questions(text)
        if asked == (text.strip(" ?!."),):
            return ()
        found: dict[str, Answer] = {}
        last: Slug | None = None
        for one in asked:
            answer = self._follow(one, language, last) or self.ask(one, language)
            if isinstance(answer, Found):
                last = answer.article.slug
                found.setdefault(last, answer)
            elif isinstance(answer, Unsure) and asks(one):
                found.setdefault(answer.candidates[0].slug, answer)
            elif isinstance(answer, Nothing) and asks(one) and names(one):
                found.setdefault(one, replace(answer, asked=one))
            if len(found) == MOST_QUESTIONS:
                break
        return tuple(found.values())

    def _follow(self, text: str, language: str, after: Slug | None) -> Found | Unsure | None:
        """What a message means that leans on the article before; nothing if it doesn't."""
        known = self._articles.get(self._library.language(language), {})
        if after is None or after not in known:
            return None
        leans = leaning(text)
        if leans is Leaning.PERHAPS and isinstance(self.ask(text, language), Found):
            return None
        match leans:
            case Leaning.NOT:
                return None
            case Leaning.WHOLLY:
                return self._favoured(f"{text} {known[after].title}", language, {after: 1.0})
            case Leaning.ON | Leaning.PERHAPS:
                favours = {slug: NAMED * named(text, slug) for slug in known}
                favours[after] += STAYS
                if leans is Leaning.PERHAPS:
                    return self._favoured(text, language, favours, lead=STAYS)
                return self._favoured(text, language, favours)
            case _:
                assert_never(leans)

    def _favoured(
        self, text: str, language: str, favours: Mapping[Slug, float], lead: float = 0.0
    ) -> Found | Unsure | None:
        """With these added to the scores: the best article, or a choice if none leads so far."""
        candidates = sorted(
            (
                Candidate(slug=one.slug, score=min(1.0, one.score + favours.get(one.slug, 0.0)))
                for one in self.rank(text, language)
            ),
            key=lambda one: -one.score,
        )[:CANDIDATES]
        best, second = (*(one.score for one in candidates[:2]), 0.0, 0.0)[:2]
        if best < self.thresholds(language).offer:
            return None
        articles = self._shown(candidates, language)
        if best - second < lead:
            return Unsure(choices=articles, candidates=tuple(candidates))
        return Found(
            article=articles[0],
            score=best,
            alternatives=articles[1:],
            candidates=tuple(candidates),
        )


def _candidates(ranking: Ranking, most: int | None = None) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(slug=Slug(one.id), score=round(one.score, 4)) for one in ranking.ranked[:most]
    )
