"""The answer engine: an article, a choice of articles, or no answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from knowledge.answering.follow_up import (
    MOST_QUESTIONS,
    FollowUpKind,
    asks,
    leaning,
    named,
    names,
    questions,
    sentences,
)
from knowledge.answering.job_examples import JobExamples
from knowledge.answering.jobs import recogniser
from knowledge.answering.small_talk import small_talk
from knowledge.model import (
    Answer,
    Article,
    AskedForJob,
    Candidate,
    Found,
    Job,
    Library,
    Nothing,
    Slug,
    SmallTalk,
    Unsure,
)
from knowledge.search.index import Ranking
from knowledge.search.ranker import SemanticRanker, SentenceModel
from knowledge.search.search import Judged, search_in
from knowledge.search.tfidf import BuildIndex, build_index
from knowledge.search.thresholds import ScoreSource, Thresholds, Zone, shipped_thresholds
from knowledge.tokens import LONGEST_QUESTION

CHOICES = 3
CANDIDATES = 5
NAMED = 0.15
"""Score added per word that a follow-up shares with an article's slug."""
STAYS = 0.1
"""Score added to the previous article for a follow-up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a question got its answer: the ranking and the thresholds."""

    answer: Answer
    ranking: Ranking
    thresholds: Thresholds
    source: ScoreSource
    """What the scores are based on."""


class AnswerEngine:
    """Answers questions from a library; built once, and anew when the library changes."""

    def __init__(
        self,
        library: Library,
        thresholds: Thresholds | None = None,
        meaning: SemanticRanker | None = None,
        languages: SentenceModel | None = None,
        count: BuildIndex = build_index,
    ) -> None:
        """`thresholds`: of the first stage, the shipped ones by default.

        `meaning`: None for lexical search only. `languages`: a multilingual model for a second
        stage; None for none. `count`: builds the TF-IDF index, possibly from a cache.
        """
        self.by_words_alone = meaning is None and languages is None
        self._library = library
        self._jobs = recogniser(library)
        model = languages or meaning
        self._examples = JobExamples(model, library) if model else None
        self._articles = {
            language: {one.slug: one for one in library.articles(language)}
            for language in library.categories_by_language
        }
        self._searches = {
            language: search_in(library, language, thresholds, meaning, languages, count)
            for language in library.categories_by_language
        }

    def ask(self, question: str, language: str) -> Answer:
        """Answer one question; a language without articles uses the default language's."""
        return self._ask(question, language)

    def _ask(self, question: str, language: str, *, twice: bool = True) -> Answer:
        question = question[:LONGEST_QUESTION]
        found = self._look(question, language, twice=twice)
        return self._answer(question, found, language, twice=twice)

    def ask_all(self, text: str, language: str, after: Slug | None = None) -> tuple[Answer, ...]:
        """Answer a message: one answer, or one for each of its questions if that finds more.

        `after`: the article shown last; a short message that depends on it is read as a follow-up,
        one that stands alone never is.
        """
        text = text[:LONGEST_QUESTION]
        job = self.job(text)
        sure = AskedForJob(job=job, candidates=()) if job else self._follow(text, language, after)
        if sure:
            return (sure,)
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
        question = question[:LONGEST_QUESTION]
        found = self._look(question, language)
        return Explanation(
            answer=self._answer(question, found, language),
            ranking=found.ranking,
            thresholds=found.thresholds,
            source=found.source,
        )

    def thresholds(self, language: str) -> Thresholds:
        """The first stage's thresholds for a language, scaled to its articles."""
        search = self._searches.get(self._library.language(language))
        return search.thresholds if search else shipped_thresholds()

    def rank(self, question: str, language: str) -> tuple[Candidate, ...]:
        """All articles, best first; empty for a text without letters and digits."""
        return _candidates(self._look(question, language).ranking)

    def job(self, text: str) -> Job | None:
        """The job that a message asks for, if it asks for nothing else."""
        if small_talk(text):
            return None
        return self._jobs.job(text) or self._common_job(sentences(text))

    def _common_job(self, parts: Sequence[str]) -> Job | None:
        """The job that every part of a message asks for."""
        job = self._jobs.job(parts[0]) if parts else None
        return job if job and all(self._jobs.job(one) is job for one in parts[1:]) else None

    def _look(self, question: str, language: str, *, twice: bool = True) -> Judged:
        search = self._searches.get(self._library.language(language))
        if search is None:
            empty = Ranking(ranked=())
            return Judged(ranking=empty, thresholds=shipped_thresholds(), source=ScoreSource.WORDS)
        return search.look(question, twice=twice)

    def _answer(
        self, question: str, found: Judged, language: str, *, twice: bool = True
    ) -> Answer:
        talk = small_talk(question)
        if talk:
            return SmallTalk(kind=talk, candidates=_candidates(found.ranking, CANDIDATES))
        job = self.job(question)
        if job is None and twice and found.zone is not Zone.ANSWER:
            job = self._job_by_meaning(question)
        if job:
            return AskedForJob(job=job, candidates=_candidates(found.ranking, CANDIDATES))
        return self._judge(found, language)

    def _job_by_meaning(self, question: str) -> Job | None:
        """The job that a message is like; None without a sentence model."""
        if self._examples is None or not self._jobs.may_be_job(question):
            return None
        return self._examples.job(question)

    def _judge(self, found: Judged, language: str) -> Answer:
        candidates = _candidates(found.ranking, CANDIDATES)
        zone = found.zone
        if zone is Zone.NOTHING:
            return Nothing(candidates=candidates)
        first = found.ranking.ranked[0]
        articles = self._shown(candidates, language)
        asked_in = found.ranking.language if found.ranking.foreign else None
        if zone is Zone.CHOICE:
            return Unsure(choices=articles, candidates=candidates, asked_in=asked_in)
        if {first.phrasing, first.next_phrasing} <= articles[0].not_said:
            return Unsure(
                choices=articles[:1], candidates=candidates, asked_in=asked_in, not_said=True
            )
        return Found(
            article=articles[0],
            score=candidates[0].score,
            alternatives=articles[1:],
            candidates=candidates,
            asked_in=asked_in,
        )

    def _shown(self, candidates: Sequence[Candidate], language: str) -> tuple[Article, ...]:
        known = self._articles[self._library.language(language)]
        return tuple(known[one.slug] for one in candidates[:CHOICES])

    def _parts(self, text: str, language: str) -> tuple[Answer, ...]:
        """Answers to the questions of a message, each article once; one may follow up another.

        Empty if the message is a single question. Each of several is read by the first stage
        only, as a message may take no longer than one long question.
        """
        asked = questions(text)
        if asked == (text.strip(" ?!."),):
            return ()
        twice = len(asked) == 1
        found: dict[str, Answer] = {}
        last: Slug | None = None
        for one in asked:
            followed = self._follow(one, language, last)
            answer = followed or self._ask(one, language, twice=twice)
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
        """The answer to a follow-up on the article `after`; None if it is not one."""
        known = self._articles.get(self._library.language(language), {})
        if after is None or after not in known:
            return None
        leans = leaning(text)
        if leans is FollowUpKind.PERHAPS and _stands(self.ask(text, language)):
            return None
        match leans:
            case FollowUpKind.NOT:
                return None
            case FollowUpKind.WHOLLY:
                return self._favoured(f"{text} {known[after].title}", language, {after: 1.0})
            case FollowUpKind.ON | FollowUpKind.PERHAPS:
                favours = {slug: NAMED * named(text, slug) for slug in known}
                favours[after] += STAYS
                if leans is FollowUpKind.PERHAPS:
                    return self._favoured(text, language, favours, lead=STAYS)
                return self._favoured(text, language, favours)
            case _:
                assert_never(leans)

    def _favoured(
        self, text: str, language: str, favours: Mapping[Slug, float], lead: float = 0.0
    ) -> Found | Unsure | None:
        """The best article by scores plus `favours`; a choice if its lead is below `lead`."""
        candidates = sorted(
            (
                Candidate(slug=one.slug, score=min(1.0, one.score + favours.get(one.slug, 0.0)))
                for one in _candidates(self._look(text, language, twice=False).ranking)
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


def _stands(answer: Answer) -> bool:
    """Whether a message that may be a follow-up has an answer of its own."""
    return isinstance(answer, Found) or (isinstance(answer, Unsure) and answer.not_said)


def _candidates(ranking: Ranking, most: int | None = None) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(slug=Slug(one.id), score=round(one.score, 4)) for one in ranking.ranked[:most]
    )
