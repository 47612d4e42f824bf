"""Views of answers, articles and topics."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from bot.presentation.buttons import OpenProgress, Rate, ShowArticle, ShowTopic, Verify
from bot.presentation.reply import Button, Replies, Reply, Row
from bot.presentation.views.handover_button import PERSON, person
from knowledge.model import (
    Action,
    Answer,
    Article,
    Category,
    Found,
    Nothing,
    SmallTalk,
    Talk,
    Unsure,
)
from state.model.question import Fault, QuestionId, answer_matter, feedback_matter
from state.model.ticket import HandOver

TOPICS = Button(label="topics", press=ShowTopic())

_ACTIONS = {
    Action.PROGRESS: Button(label="my_connects", press=OpenProgress()),
    Action.VERIFY: Button(label="verify_phone", press=Verify("start")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownArticle:
    """An article with the reader's own facts filled in, and its question id."""

    article: Article
    related: tuple[Article, ...] = ()
    record: QuestionId
    helpful: bool | None = None
    """The reader's rating, if any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAnswers:
    """The answers to all questions of one message."""

    question: str
    answers: tuple[ShownArticle | Unsure | Nothing | SmallTalk, ...]
    records: tuple[QuestionId, ...] = ()
    """One question id per answer; small talk has none."""
    withdrawn: tuple[QuestionId, ...] = ()
    """Question ids of answers to an earlier text of the message, now edited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedAnswer:
    """A rated answer."""

    shown: ShownArticle | None
    """None if the article no longer exists."""
    record: QuestionId
    helpful: bool
    fault: Fault | None
    runner_up: Article | None


def given(got: MessageAnswers, *, edited: bool) -> Replies:
    """Replies for the answers; if the question was edited, edits of the earlier answers."""
    records = got.records or (None,) * len(got.answers)
    replies = [
        _given(one, got.question, record, edited=edited)
        for one, record in zip(got.answers, records, strict=True)
    ]
    return replies + [_withdrawn(record) for record in got.withdrawn]


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
                context={"not_said": one.not_said},
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


def answer(found: Answer, question: str) -> Reply:
    """The answer without buttons, for a terminal."""
    match found:
        case Found():
            return Reply(template="article", context=article_context(found.article))
        case Unsure():
            return Reply(template="unsure", context={"not_said": found.not_said})
        case Nothing():
            return nothing(found.asked or question)
        case SmallTalk():
            return small_talk(found.kind)
        case _:
            assert_never(found)


def article(shown: ShownArticle, *, edit: bool = False) -> Reply:
    """An article with related articles, rating and topic buttons."""
    rows: list[Row] = []
    if shown.article.action is not None:
        rows.append((_ACTIONS[shown.article.action],))
    rows += [(_title(one),) for one in shown.related]
    if shown.helpful is None:
        rows.append((_rate("helped", shown.record, "yes"), _rate("no_help", shown.record, "no")))
    rows.append((TOPICS, PERSON))
    return Reply(
        template="article",
        context={**article_context(shown.article), "asks": True, "helpful": shown.helpful},
        buttons=tuple(rows),
        matter=answer_matter(shown.record),
        edit=edit,
    )


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
    }


def rated(what: RatedAnswer | None) -> Replies:
    """The answer without its rating buttons; if it didn't help, also what to do next."""
    if what is None:
        return [gone()]
    replies = [article(what.shown, edit=True)] if what.shown else []
    if what.helpful:
        return replies
    reasons = [] if what.fault else [_fault(one, what.record) for one in Fault]
    next_best = ((_title(what.runner_up, "read"),),) if what.runner_up else ()
    sorry = Reply(
        template="sorry",
        context={"asks": what.fault is None, "next_best": what.runner_up is not None},
        buttons=(*_pairs(reasons), *next_best, (TOPICS, person(HandOver.UNCLEAR))),
        matter=feedback_matter(what.record),
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
        return what_it_can()
    return Reply(template="small_talk", context={"kind": kind}, buttons=((TOPICS, PERSON),))


def what_it_can() -> Reply:
    """Help message: what the bot can do."""
    return Reply(template="help", buttons=((TOPICS, PERSON),))


def topics(shelves: Sequence[Category], notice: str) -> Reply:
    """List of topics: one button per category, in the library's order, below the notice."""
    rows = tuple(
        (Button(label="topic", values={"name": shelf.name}, press=ShowTopic(str(place))),)
        for place, shelf in enumerate(shelves)
    )
    return Reply(template="topics", context={"notice": notice}, buttons=(*rows, (PERSON,)))


def topic(shelf: Category) -> Reply:
    """List of a topic's articles."""
    rows = tuple((_title(one),) for one in shelf.articles)
    return Reply(
        template="topic",
        context={"name": shelf.name, "count": len(shelf.articles)},
        buttons=(*rows, (TOPICS,)),
    )


def gone() -> Reply:
    """Reply to a button whose article or topic no longer exists."""
    return Reply(template="gone", buttons=((TOPICS, PERSON),))


def inline(answer: Answer) -> tuple[Article, ...]:
    """Articles to offer in inline mode: public ones only, best match first."""
    match answer:
        case Found():
            articles = (answer.article, *answer.alternatives)
        case Unsure():
            articles = answer.choices
        case Nothing() | SmallTalk():
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
