"""Every article that is shipped fits into a message and keeps Telegram's rules."""

import pytest

from bot.presentation.views import answers as answer_views
from bot.presentation.views.answers import ShownArticle
from knowledge.facts import NOBODY
from knowledge.library.personalisation import render_for
from knowledge.model import Article
from state.model.question import QuestionId
from tests.bot.presentation.views.shown import presented, words
from tests.support.api_checks import judged
from tests.support.libraries import shipped_library

ARTICLES = [article for shelf in shipped_library().categories("en") for article in shelf.articles]


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
