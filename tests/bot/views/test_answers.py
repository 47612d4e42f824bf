"""Every article that is shipped fits into a message and keeps Telegram's rules."""

import pytest

from bot import views
from knowledge.model import Article
from tests.bot.views.shown import presented, words
from tests.judges import judged
from tests.knowledge.shelves import shipped_library

ARTICLES = [article for shelf in shipped_library().categories("en") for article in shelf.articles]


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.slug)
def test_an_article_fits_into_one_message_that_telegram_takes(article: Article) -> None:
    shown = presented(views.answers.article(article))

    call = {
        "chat_id": 1001,
        "text": shown.text,
        "parse_mode": "HTML",
        "reply_markup": shown.keyboard,
    }
    assert judged("sendMessage", call) == []
    assert words(views.answers.article(article)).startswith(article.title)
