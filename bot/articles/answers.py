"""Answer service: answer a message from the articles, with the reader's own facts filled in."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import assert_never

from bot.articles.catalogue import Catalogue
from bot.articles.reader_facts import facts_for
from bot.presentation.telegram_html import html_of, plain, telegram_html
from bot.presentation.views.answers import MessageAnswers, RatedAnswer, ShownArticle
from knowledge.answering.engine import AnswerEngine
from knowledge.facts import Facts
from knowledge.library.personalisation import personal
from knowledge.model import Answer, Article, Found, Library, Nothing, Slug, SmallTalk, Unsure
from state.model.account import FreelancerId
from state.model.chat import Chat
from state.model.question import AnswerNote, Fault, Outcome, QuestionId
from state.model.ticket import MessageContent
from state.usecases.answers.note_answers import NoteAnswers
from state.usecases.answers.open_article import OpenArticle, RecallArticle
from state.usecases.answers.rate_answer import RateAnswer
from state.usecases.progress.read import ReadProgress
from state.usecases.registry import UseCases
from state.usecases.verification.read import ReadVerification

RELATED = 3
"""Maximum number of related-article buttons; more would push the answer off a phone's screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """The answer service, bound to one unit of work."""

    library: Library
    engine: AnswerEngine
    anybody: Facts
    """The facts of an unknown reader at this desk."""
    note_answers: NoteAnswers
    open_article: OpenArticle
    rate_answer: RateAnswer
    read_progress: ReadProgress
    read_verification: ReadVerification
    recall_article: RecallArticle

    async def ask(self, chat: Chat, language: str, message_id: int, text: str) -> MessageAnswers:
        """Answer the questions in a message and record each answer.

        An edited message replaces the records of its earlier text.
        """
        after = await self.recall_article(chat.id, besides=message_id)
        found = await self._found(text, language, Slug(after) if after else None)
        notes = [_note(text, one) for one in found if not isinstance(one, SmallTalk)]
        noted = await self.note_answers(chat.id, message_id, language, notes)
        return MessageAnswers(
            question=text,
            answers=tuple(
                [
                    await self._shown(chat, language, one.article, noted.ids[place])
                    if isinstance(one, Found)
                    else one
                    for place, one in enumerate(found)
                ]
            ),
            records=noted.ids,
            withdrawn=noted.withdrawn,
        )

    async def _found(self, text: str, language: str, after: Slug | None) -> Sequence[Answer]:
        """Run the engine: in place by words (fast), in a thread if meaning is compared too."""
        if self.engine.by_words_alone:
            return self.engine.ask_all(text, language, after)
        return await asyncio.to_thread(self.engine.ask_all, text, language, after)

    async def open(self, chat: Chat, language: str, slug: str) -> ShownArticle | None:
        """The article behind a pressed button, recorded; None if it no longer exists."""
        article = self.library.article(slug, language)
        if article is None:
            return None
        record = await self.open_article(chat.id, article.slug, language)
        return await self._shown(chat, language, article, record)

    async def canned(
        self, freelancer_id: FreelancerId | None, slug: str, language: str
    ) -> MessageContent | None:
        """An article as a staff message, with the reader's own facts and without buttons.

        None if there is no such article.
        """
        found = self.library.article(slug, language)
        if found is None:
            return None
        article = personal(found, await self._facts(freelancer_id, found))
        body = html_of(article.short) + (html_of(article.more) if article.more else "")
        html = telegram_html(f"<p><b>{escape(article.title)}</b></p>{body}")
        return MessageContent(text=plain(html), html=html)

    async def rate(
        self,
        chat: Chat,
        language: str,
        record: QuestionId,
        *,
        helpful: bool,
        fault: Fault | None = None,
    ) -> RatedAnswer | None:
        """Record whether an answer helped; None if this chat has no such answer (any more)."""
        question = await self.rate_answer(chat.id, record, helpful=helpful, fault=fault)
        if question is None or question.helpful is None:
            return None
        said = question.helpful
        article = self._known(question.slug, language)
        shown = (
            await self._shown(chat, language, article, record, helpful=said) if article else None
        )
        return RatedAnswer(
            shown=shown,
            record=record,
            helpful=said,
            fault=question.fault,
            runner_up=self._known(question.runner_up, language),
        )

    async def _shown(
        self,
        chat: Chat,
        language: str,
        article: Article,
        record: QuestionId,
        *,
        helpful: bool | None = None,
    ) -> ShownArticle:
        facts = await self._facts(chat.freelancer_id, article)
        related = (self._known(slug, language) for slug in article.related[:RELATED])
        return ShownArticle(
            article=personal(article, facts),
            related=tuple(one for one in related if one is not None),
            record=record,
            helpful=helpful,
        )

    async def _facts(self, freelancer_id: FreelancerId | None, article: Article) -> Facts:
        return await facts_for(
            freelancer_id, article, self.read_progress, self.read_verification, self.anybody
        )

    def _known(self, slug: str | None, language: str) -> Article | None:
        return self.library.article(slug, language) if slug else None


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


def answering_of(use_cases: UseCases, content: Catalogue) -> Answering:
    """The answer service for one unit of work, with the articles loaded at this moment."""
    return Answering(
        library=content.library,
        engine=content.engine,
        anybody=content.anybody,
        note_answers=use_cases.note_answers,
        open_article=use_cases.open_article,
        rate_answer=use_cases.rate_answer,
        read_progress=use_cases.read_progress,
        read_verification=use_cases.read_verification,
        recall_article=use_cases.recall_article,
    )
