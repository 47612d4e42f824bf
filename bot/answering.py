"""Reads a message as questions and finds what this very reader gets for them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import assert_never

from bot.content import Content
from bot.facts import facts_for
from bot.markup import html_of, plain, telegram_html
from bot.middlewares.reader import Reader
from bot.use_cases import UseCases
from bot.views.answers import Given, Rated, Shown
from knowledge.engine import AnswerEngine
from knowledge.model import Answer, Article, Found, Library, Nothing, Slug, SmallTalk, Unsure
from knowledge.personal import personal
from state.model.account import FreelancerId
from state.model.question import AnswerNote, Fault, Outcome, QuestionId
from state.model.ticket import Said
from state.usecases.note_answers import NoteAnswers
from state.usecases.open_article import OpenArticle
from state.usecases.rate_answer import RateAnswer
from state.usecases.read_progress import ReadProgress
from state.usecases.read_verification import ReadVerification
from state.usecases.recall_article import RecallArticle

RELATED = 3
"""Buttons under an answer; more of them push the answer off a phone's screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Made for each unit of work."""

    library: Library
    engine: AnswerEngine
    note_answers: NoteAnswers
    open_article: OpenArticle
    rate_answer: RateAnswer
    read_progress: ReadProgress
    read_verification: ReadVerification
    recall_article: RecallArticle

    async def ask(self, reader: Reader, message_id: int, text: str) -> Given:
        """Keeps what was found; an edited message takes the place of what it said before."""
        chat_id, language = reader.chat.id, reader.language
        after = await self.recall_article(chat_id, besides=message_id)
        found = await self._found(text, language, Slug(after) if after else None)
        notes = [_note(text, one) for one in found if not isinstance(one, SmallTalk)]
        noted = await self.note_answers(chat_id, message_id, language, notes)
        return Given(
            question=text,
            answers=tuple(
                [
                    await self._shown(reader, one.article, noted.ids[place])
                    if isinstance(one, Found)
                    else one
                    for place, one in enumerate(found)
                ]
            ),
            records=noted.ids,
            withdrawn=noted.withdrawn,
        )

    async def _found(self, text: str, language: str, after: Slug | None) -> Sequence[Answer]:
        """By words, in less time than a thread gets to do it; by meaning, what was read ahead."""
        if self.engine.by_words_alone:
            return self.engine.ask_all(text, language, after)
        return await asyncio.to_thread(self.engine.ask_all, text, language, after)

    async def open(self, reader: Reader, slug: str) -> Shown | None:
        """By a button; None if there is no such article any more."""
        article = self.library.article(slug, reader.language)
        if article is None:
            return None
        record = await self.open_article(reader.chat.id, article.slug, reader.language)
        return await self._shown(reader, article, record)

    async def canned(
        self, freelancer_id: FreelancerId | None, slug: str, language: str
    ) -> Said | None:
        """An article as staff send it: with the reader's own facts, and nothing to press."""
        found = self.library.article(slug, language)
        if found is None:
            return None
        facts = await facts_for(freelancer_id, found, self.read_progress, self.read_verification)
        article = personal(found, facts)
        body = html_of(article.short) + (html_of(article.more) if article.more else "")
        html = telegram_html(f"<p><b>{escape(article.title)}</b></p>{body}")
        return Said(text=plain(html), html=html)

    async def rate(
        self, reader: Reader, record: QuestionId, *, helpful: bool, fault: Fault | None = None
    ) -> Rated | None:
        """None if this chat has no such answer (any more)."""
        question = await self.rate_answer(reader.chat.id, record, helpful=helpful, fault=fault)
        if question is None or question.helpful is None:
            return None
        said = question.helpful
        article = self._known(question.slug, reader)
        shown = await self._shown(reader, article, record, helpful=said) if article else None
        return Rated(
            shown=shown,
            record=record,
            helpful=said,
            fault=question.fault,
            runner_up=self._known(question.runner_up, reader),
        )

    async def _shown(
        self,
        reader: Reader,
        article: Article,
        record: QuestionId,
        *,
        helpful: bool | None = None,
    ) -> Shown:
        facts = await facts_for(
            reader.chat.freelancer_id, article, self.read_progress, self.read_verification
        )
        related = (self._known(slug, reader) for slug in article.related[:RELATED])
        return Shown(
            article=personal(article, facts),
            related=tuple(one for one in related if one is not None),
            record=record,
            helpful=helpful,
        )

    def _known(self, slug: str | None, reader: Reader) -> Article | None:
        return self.library.article(slug, reader.language) if slug else None


def _note(text: str, answer: Found | Unsure | Nothing) -> AnswerNote:
    best = max((one.score for one in answer.candidates), default=0.0)
    match answer:
        case Found():
            runner_up = answer.alternatives[0].slug if answer.alternatives else None
            return AnswerNote(
                words=text,
                outcome=Outcome.FOUND,
                slug=answer.article.slug,
                runner_up=runner_up,
                score=best,
            )
        case Unsure():
            return AnswerNote(words=text, outcome=Outcome.UNSURE, score=best)
        case Nothing():
            return AnswerNote(words=answer.asked or text, outcome=Outcome.NOTHING, score=best)
        case _:
            assert_never(answer)


def answering_of(use_cases: UseCases, content: Content) -> Answering:
    """For one unit of work, with the articles as they are now."""
    return Answering(
        library=content.library,
        engine=content.engine,
        note_answers=use_cases.note_answers,
        open_article=use_cases.open_article,
        rate_answer=use_cases.rate_answer,
        read_progress=use_cases.read_progress,
        read_verification=use_cases.read_verification,
        recall_article=use_cases.recall_article,
    )
