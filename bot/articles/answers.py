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
from knowledge.library.personalisation import render_for
from knowledge.model import (
    Answer,
    Article,
    AskedForJob,
    Found,
    Library,
    Nothing,
    Slug,
    SmallTalk,
    Talk,
    Unsure,
)
from state.model.account import FreelancerId
from state.model.chat import Chat
from state.model.question import AnswerNote, Fault, Outcome, QuestionId
from state.model.ticket import MessageContent
from state.usecases.answers.note_answers import NoteAnswers
from state.usecases.answers.open_article import OpenArticle, RecallAnswer, RecallArticle
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
    recall_answer: RecallAnswer

    async def ask(self, chat: Chat, language: str, message_id: int, text: str) -> MessageAnswers:
        """Answer the questions in a message and record each answer, or tell the job it asks for.

        An edited message replaces the records of its earlier text.
        """
        after = await self.recall_article(chat.id, besides=message_id)
        found = await self._found(text, language, Slug(after) if after else None)
        notes = [_note(text, one) for one in found if not isinstance(one, SmallTalk | AskedForJob)]
        noted = await self.note_answers(chat.id, message_id, language, notes)
        return MessageAnswers(
            question=text,
            answers=tuple(
                [
                    await self._shown(
                        chat, language, one.article, noted.ids[place], asked_in=one.asked_in
                    )
                    if isinstance(one, Found)
                    else one
                    for place, one in enumerate(found)
                    if not isinstance(one, AskedForJob)
                ]
            ),
            records=noted.ids,
            withdrawn=noted.withdrawn,
            job=next((one.job for one in found if isinstance(one, AskedForJob)), None),
        )

    async def understands(self, chat: Chat, language: str, message_id: int, text: str) -> bool:
        """Whether a message gets an answer as it is; a greeting and the like announce more."""
        if self.engine.job(text):
            return True
        after = await self.recall_article(chat.id, besides=message_id)
        found = await self._found(text, language, Slug(after) if after else None)
        return any(_is_sure(one) for one in found)

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
        article = render_for(found, await self._facts(freelancer_id, found))
        body = html_of(article.short) + (html_of(article.more) if article.more else "")
        html = telegram_html(f"<p><b>{escape(article.title)}</b></p>{body}")
        return MessageContent(text=plain(html), html=html)

    async def shown_before(
        self, chat: Chat, language: str, record: QuestionId
    ) -> ShownArticle | None:
        """The article of an earlier answer; None if this chat has none such (any more)."""
        question = await self.recall_answer(chat.id, record)
        article = self._known(question.slug, language) if question else None
        if question is None or article is None:
            return None
        return await self._shown(chat, language, article, record, helpful=question.helpful)

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
        asked_in: str | None = None,
    ) -> ShownArticle:
        facts = await self._facts(chat.freelancer_id, article)
        related = (self._known(slug, language) for slug in article.related[:RELATED])
        return ShownArticle(
            article=render_for(article, facts),
            related=tuple(one for one in related if one is not None),
            record=record,
            helpful=helpful,
            asked_in=asked_in,
        )

    async def _facts(self, freelancer_id: FreelancerId | None, article: Article) -> Facts:
        return await facts_for(
            freelancer_id, article, self.read_progress, self.read_verification, self.anybody
        )

    def _known(self, slug: str | None, language: str) -> Article | None:
        return self.library.article(slug, language) if slug else None


def _is_sure(answer: Answer) -> bool:
    match answer:
        case Found():
            return True
        case SmallTalk(kind=kind):
            return kind not in {Talk.GREETING, Talk.CHATTER}
        case Unsure() | Nothing() | AskedForJob():
            return False  # a job that no rule recognised is a guess
        case _:
            assert_never(answer)


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
        recall_answer=use_cases.recall_answer,
    )
