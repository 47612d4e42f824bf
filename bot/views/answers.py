"""Answers, articles and topics."""

from collections.abc import Sequence
from typing import assert_never

from bot.callbacks import OpenProgress, Person, ShowArticle, ShowTopic, Verify
from bot.reply import Button, Reply, Row
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

TOPICS = Button(label="topics", press=ShowTopic())
PERSON = Button(label="person", press=Person())

_ACTIONS = {
    Action.PROGRESS: Button(label="my_connects", press=OpenProgress()),
    Action.VERIFY: Button(label="verify_phone", press=Verify("start")),
}


def answer(found: Answer, question: str) -> Reply:
    match found:
        case Found():
            return article(found.article)
        case Unsure():
            rows = tuple((_title(one),) for one in found.choices)
            return Reply(template="unsure", buttons=(*rows, (TOPICS, PERSON)))
        case Nothing():
            return nothing(question)
        case SmallTalk():
            return small_talk(found.kind)
        case _:
            assert_never(found)


def article(shown: Article) -> Reply:
    rows: list[Row] = []
    if shown.action is not None:
        rows.append((_ACTIONS[shown.action],))
    rows.append((TOPICS, PERSON))
    return Reply(template="article", context=article_context(shown), buttons=tuple(rows))


def article_context(shown: Article) -> dict[str, object]:
    return {
        "title": shown.title,
        "short": shown.short,
        "more": shown.more,
        "sources": shown.sources,
        "checked_on": shown.checked_on,
    }


def nothing(question: str) -> Reply:
    return Reply(template="nothing", context={"question": question}, buttons=((TOPICS, PERSON),))


def small_talk(kind: Talk) -> Reply:
    return Reply(template="small_talk", context={"kind": kind}, buttons=((TOPICS, PERSON),))


def topics(shelves: Sequence[Category]) -> Reply:
    """One button a category, in the library's order."""
    rows = tuple(
        (Button(label="topic", values={"name": shelf.name}, press=ShowTopic(str(place))),)
        for place, shelf in enumerate(shelves)
    )
    return Reply(template="topics", buttons=(*rows, (PERSON,)))


def topic(shelf: Category) -> Reply:
    rows = tuple((_title(one),) for one in shelf.articles)
    return Reply(
        template="topic",
        context={"name": shelf.name, "count": len(shelf.articles)},
        buttons=(*rows, (TOPICS,)),
    )


def gone() -> Reply:
    """A button whose article or topic is there no more."""
    return Reply(template="gone", buttons=((TOPICS,),))


def _title(shown: Article) -> Button:
    return Button(label="article", values={"title": shown.title}, press=ShowArticle(shown.slug))
