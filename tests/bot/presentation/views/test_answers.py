"""Every article that is shipped fits into a message and keeps Telegram's rules."""

import pytest

from bot.presentation.views import answers as answer_views
from bot.presentation.views.answers import MessageAnswers, ShownArticle
from knowledge.facts import NOBODY
from knowledge.library.personalisation import render_for
from knowledge.model import Article, Unsure
from state.model.question import QuestionId
from tests.bot.presentation.views.shown import labels, presented, words
from tests.support.api_checks import judged
from tests.support.libraries import shipped_library

ARTICLES = [article for shelf in shipped_library().categories("en") for article in shelf.articles]


def test_what_no_page_says_is_told_with_one_title() -> None:
    answer = Unsure(choices=(ARTICLES[0],), candidates=(), not_said=True)

    [reply] = answer_views.answer_replies(
        MessageAnswers(question="why", answers=(answer,)), edited=False
    )

    assert words(reply) == "No page that is left says this. What is known about it:"
    assert labels(reply)[0] == ARTICLES[0].title
    assert len(labels(reply)) == 3


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.slug)
def test_every_article_fits_into_one_telegram_message(article: Article) -> None:
    reply = answer_views.article(
        ShownArticle(article=render_for(article, NOBODY), record=QuestionId(1))
    )

    shown = presented(reply)

    call = {
        "chat_id": 1001,
        "text": shown.text,
        "parse_mode": "HTML",
        "reply_markup": shown.keyboard,
    }
    assert judged("sendMessage", call) == []
    assert words(reply).startswith(article.title)
