"""Views of answers, articles and topics."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from bot.presentation.buttons import ArticleMenu, Rate, ShowArticle, ShowTopic
from bot.presentation.reply import Button, Replies, Reply, Row
from bot.presentation.views.handover_button import PERSON, person
from bot.presentation.views.jobs import BUTTONS, named_job
from knowledge.model import (
    Answer,
    Article,
    AskedForJob,
    Category,
    Found,
    Job,
    Nothing,
    SmallTalk,
    Talk,
    Unsure,
)
from state.model.question import Fault, QuestionId, answer_matter, feedback_matter
from state.model.ticket import HandOver

TOPICS = Button(label="topics", press=ShowTopic())


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownArticle:
    """An article with the reader's own facts filled in, and its question id."""

    article: Article
    related: tuple[Article, ...] = ()
    record: QuestionId
    helpful: bool | None = None
    """The reader's rating, if any."""
    asked_in: str | None = None
    """Language of the question, if it is recognised and not that of the article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAnswers:
    """The answers to all questions of one message."""

    question: str
    answers: tuple[ShownArticle | Unsure | Nothing | SmallTalk, ...]
    records: tuple[QuestionId, ...] = ()
    """One question id per answer; small talk has none."""
    withdrawn: tuple[QuestionId, ...] = ()
    """Question ids of answers to an earlier text of the message, now edited."""
    job: Job | None = None
    """The job that the message asks for, in place of answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedAnswer:
    """A rated answer."""

    shown: ShownArticle | None
    """None if the article no longer exists."""
    record: QuestionId
    helpful: bool
    fault: Fault | None
    runner_up: Article | None


def answer_replies(message_answers: MessageAnswers, *, edited: bool) -> Replies:
    """Replies for the answers; if the question was edited, edits of the earlier answers."""
    records = message_answers.records or (None,) * len(message_answers.answers)
    replies = [
        _given(one, message_answers.question, record, edited=edited)
        for one, record in zip(message_answers.answers, records, strict=True)
    ]
    return replies + [_withdrawn(record) for record in message_answers.withdrawn]


def _given(
    one: ShownArticle | Unsure | Nothing | SmallTalk,
    question: str,
    record: QuestionId | None,
    *,
    edited: bool,
) -> Reply:
    matter = None if record is None else answer_matter(record)
    match one:
        case ShownArticle():
            return article(one, edit=edited)
        case Unsure():
            rows = tuple((_title(choice),) for choice in one.choices)
            buttons = (*rows, (TOPICS, person(HandOver.UNCLEAR)))
            return Reply(
                template="unsure",
                context={"asked_in": one.asked_in, "not_said": one.not_said},
                buttons=buttons,
                matter=matter,
                edit=edited,
            )
        case Nothing():
            return nothing(one.asked or question, matter=matter, edit=edited)
        case SmallTalk():
            return small_talk(one.kind)
        case _:
            assert_never(one)


def _withdrawn(record: QuestionId) -> Reply:
    return Reply(template="withdrawn", matter=answer_matter(record), edit=True)


def terminal_answer(answer: Answer, question: str) -> Reply:
    """The answer without buttons, for a terminal."""
    match answer:
        case Found():
            context = {**article_context(answer.article), "asked_in": answer.asked_in}
            return Reply(template="article", context=context)
        case Unsure():
            context = {"asked_in": answer.asked_in, "not_said": answer.not_said}
            return Reply(template="unsure", context=context)
        case Nothing():
            return nothing(answer.asked or question)
        case SmallTalk():
            return small_talk(answer.kind)
        case AskedForJob():
            return named_job(answer.job)
        case _:
            assert_never(answer)


def article(shown: ShownArticle, *, edit: bool = False, menu: bool = False) -> Reply:
    """An article with rating buttons, one next step, and the button that opens the menu.

    `menu`: with all that leads on instead: action, related articles, topics, a person.
    """
    return Reply(
        template="article",
        context={
            **article_context(shown.article),
            "asks": True,
            "helpful": shown.helpful,
            "asked_in": shown.asked_in,
        },
        buttons=tuple(_menu(shown) if menu else _few_buttons(shown)),
        matter=answer_matter(shown.record),
        edit=edit,
    )


def _few_buttons(shown: ShownArticle) -> list[Row]:
    """Four buttons at most: more would push the answer off a phone's screen."""
    rows: list[Row] = []
    if shown.helpful is None:
        rows.append((_rate("helped", shown.record, "yes"), _rate("no_help", shown.record, "no")))
    rows += _next_steps(shown)[:1]
    return [*rows, (Button(label="menu", press=ArticleMenu(str(shown.record))),)]


def _menu(shown: ShownArticle) -> list[Row]:
    steps = [row for row in _next_steps(shown) if row != (PERSON,)]
    return [*steps, (TOPICS, PERSON)]


def _next_steps(shown: ShownArticle) -> list[Row]:
    """The action that the article is about, then the related articles."""
    action = shown.article.action
    button = BUTTONS.get(action) if action else None
    actions: list[Row] = [(button,)] if button else []
    return [*actions, *((_title(one),) for one in shown.related)]


def article_context(shown: Article) -> dict[str, object]:
    """Template context of an article without the question whether it helped."""
    return {
        "title": shown.title,
        "short": shown.short,
        "more": shown.more,
        "sources": shown.sources,
        "checked_on": shown.checked_on,
        "asks": False,
        "helpful": None,
        "asked_in": None,
    }


def rating_replies(rating: RatedAnswer | None) -> Replies:
    """The answer without its rating buttons; if it didn't help, also what to do next."""
    if rating is None:
        return [no_longer_there()]
    replies = [article(rating.shown, edit=True)] if rating.shown else []
    if rating.helpful:
        return replies
    reasons = [] if rating.fault else [_fault(one, rating.record) for one in Fault]
    next_best = ((_title(rating.runner_up, "read"),),) if rating.runner_up else ()
    sorry = Reply(
        template="sorry",
        context={"asks": rating.fault is None, "next_best": rating.runner_up is not None},
        buttons=(*_pairs(reasons), *next_best, (TOPICS, person(HandOver.UNCLEAR))),
        matter=feedback_matter(rating.record),
        edit=True,
    )
    return [*replies, sorry]


def nothing(question: str, *, matter: str | None = None, edit: bool = False) -> Reply:
    """Says that no article answers the question."""
    return Reply(
        template="nothing",
        context={"question": question},
        buttons=((TOPICS, person(HandOver.NO_ARTICLE)),),
        matter=matter,
        edit=edit,
    )


def small_talk(kind: Talk) -> Reply:
    """Reply to small talk: a greeting, thanks, a complaint, a question about the bot."""
    if kind is Talk.HELP:
        return capabilities()
    return Reply(template="small_talk", context={"kind": kind}, buttons=((TOPICS, PERSON),))


def capabilities() -> Reply:
    """Help message: what the bot can do."""
    return Reply(template="help", buttons=((TOPICS, PERSON),))


def topics(categories: Sequence[Category], notice: str) -> Reply:
    """List of topics: one button per category, in the library's order, below the notice."""
    rows = tuple(
        (Button(label="topic", values={"name": category.name}, press=ShowTopic(str(place))),)
        for place, category in enumerate(categories)
    )
    return Reply(template="topics", context={"notice": notice}, buttons=(*rows, (PERSON,)))


def topic(category: Category) -> Reply:
    """List of a topic's articles."""
    rows = tuple((_title(one),) for one in category.articles)
    return Reply(
        template="topic",
        context={"name": category.name, "count": len(category.articles)},
        buttons=(*rows, (TOPICS,)),
    )


def no_longer_there() -> Reply:
    """Reply to a button whose article or topic no longer exists."""
    return Reply(template="gone", buttons=((TOPICS, PERSON),), retires=True)


def inline(answer: Answer) -> tuple[Article, ...]:
    """Articles to offer in inline mode: public ones only, best match first."""
    match answer:
        case Found():
            articles = (answer.article, *answer.alternatives)
        case Unsure():
            articles = answer.choices
        case Nothing() | SmallTalk() | AskedForJob():
            articles = ()
        case _:
            assert_never(answer)
    return tuple(one for one in articles if one.public)


def _pairs(buttons: Sequence[Button]) -> tuple[Row, ...]:
    """Buttons in rows of two."""
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def _title(shown: Article, label: str = "article") -> Button:
    return Button(label=label, values={"title": shown.title}, press=ShowArticle(shown.slug))


def _rate(label: str, record: QuestionId, verdict: str) -> Button:
    return Button(label=label, press=Rate(str(record), verdict))


def _fault(fault: Fault, record: QuestionId) -> Button:
    return Button(label=f"fault_{fault}", press=Rate(str(record), fault))
