"""The articles that come with the program."""

import re
from functools import cache
from typing import assert_never

import pytest

from knowledge.check import check
from knowledge.engine import AnswerEngine
from knowledge.library import shipped_folder
from knowledge.model import Action, Article, Found, Nothing, SmallTalk, Unsure
from tests.knowledge.shelves import TODAY, policy_numbers, shipped_library

ARTICLES = shipped_library().articles("en")


@cache
def engine() -> AnswerEngine:
    return AnswerEngine(shipped_library())


def text_of(slug: str) -> str:
    article = shipped_library().article(slug, "en")
    assert article
    return f"{article.short}\n{article.more or ''}"


def test_the_shipped_articles_have_no_findings() -> None:
    assert check(shipped_folder(), numbers=policy_numbers(), today=TODAY) == []


def test_there_are_forty_articles() -> None:
    assert len(ARTICLES) == 40


def is_met(question: str, slug: str) -> bool:
    """The article is the answer, or one of the choices."""
    answer = engine().ask(question, "en")
    match answer:
        case Found():
            return answer.article.slug == slug
        case Unsure():
            return slug in {one.slug for one in answer.choices}
        case Nothing() | SmallTalk():
            return False
        case _:
            assert_never(answer)


def test_an_articles_own_words_find_it_or_offer_it() -> None:
    lost = [
        (article.slug, question)
        for article in ARTICLES
        for question in (article.title, *article.questions)
        if not is_met(question, article.slug)
    ]

    assert lost == []


@pytest.mark.parametrize(
    ("slug", "action"),
    [
        ("unlock-40-connects", Action.PROGRESS),
        ("basic-profile-information", Action.PROGRESS),
        ("reach-80-percent-profile", Action.PROGRESS),
        ("verify-phone-number", Action.VERIFY),
        ("phone-verification-problems", Action.VERIFY),
        ("change-phone-number", Action.VERIFY),
        ("what-are-connects", None),
    ],
)
def test_the_desk_acts_where_it_can(slug: str, action: Action | None) -> None:
    article = shipped_library().article(slug, "en")

    assert article
    assert article.action is action


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.slug)
def test_the_short_part_fits_a_phones_screen(article: Article) -> None:
    assert len(article.short) <= 700


@pytest.mark.parametrize("slug", ["unlock-40-connects", "connects-steps-add-up-to-30"])
def test_the_gap_between_30_and_40_is_told_and_not_explained_away(slug: str) -> None:
    assert "The listed steps come to 30; finishing all of them opens the full 40." in text_of(slug)
    assert "does not itemise the last 10" in text_of(slug)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.slug)
def test_no_article_knows_a_fourth_step(article: Article) -> None:
    assert not re.search(r"fourth|ID verification[^.\n]*10 Connects", text_of(article.slug))


@pytest.mark.parametrize("slug", ["verify-phone-number", "phone-verification-problems"])
def test_the_code_is_never_to_be_typed_into_the_chat(slug: str) -> None:
    assert re.search(r"Never type it in the chat|not into the chat", text_of(slug))


def test_the_closed_marketplace_points_to_where_help_is() -> None:
    text = text_of("elance-closed-support")

    assert "closed" in text
    assert "https://support.upwork.com" in text
