"""Inline mode: answers `@bot question` in any chat from the public articles."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from typing import Any

from bot.gateways.telegram.client import BotApiCalls, TelegramError
from bot.presentation.buttons import FROM_INLINE
from bot.presentation.renderer import Presenter
from bot.presentation.reply import Button, Reply
from bot.presentation.views import answers as answer_views
from bot.storable_text import storable
from knowledge.answering.engine import AnswerEngine
from knowledge.facts import NOBODY, Facts
from knowledge.library.personalisation import render_for
from knowledge.model import Article

log = logging.getLogger(__name__)

DEFAULT_LANGUAGE = "en"
KEPT = 60
"""Seconds that Telegram may cache an answer."""
_ROOM = 200


class InlineAnswers:
    """Queue of inline questions, in memory.

    An answer is useless after seconds, so none is stored.
    """

    def __init__(
        self,
        *,
        calls: BotApiCalls,
        engine: Callable[[], AnswerEngine],
        present: Presenter,
        anybody: Facts = NOBODY,
    ) -> None:
        self._calls = calls
        self._engine = engine
        self._present = present
        self._anybody = anybody
        self._asked: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue(_ROOM)

    def take(self, update: Mapping[str, Any]) -> bool:
        """True if the update is an inline query; queued, or dropped if the queue is full."""
        query = update.get("inline_query")
        if query is None:
            return False
        with contextlib.suppress(asyncio.QueueFull):
            self._asked.put_nowait(query)
        return True

    async def run(self) -> None:
        """Answer queued questions, until cancelled."""
        while True:
            await self.answer(await self._asked.get())

    async def answer(self, query: Mapping[str, Any]) -> None:
        """Answer a Bot API `InlineQuery`, with no results if no article fits.

        Errors are logged.
        """
        try:
            asked, language = storable(str(query["query"])), _language(query)
            found = await asyncio.to_thread(self._engine().ask, asked, language)
            await self._calls.call(
                "answerInlineQuery",
                inline_query_id=query["id"],
                results=[self._result(one, language) for one in answer_views.inline(found)],
                cache_time=KEPT,
                is_personal=True,  # the answer depends on the person's language
                button={
                    "text": self._present.label(Button(label="ask_privately"), language),
                    "start_parameter": FROM_INLINE,
                },
            )
        except TelegramError as error:
            log.info("an inline question was not answered: %s", error)
        except Exception:
            log.exception("an inline question could not be answered")

    def _result(self, article: Article, language: str) -> dict[str, Any]:
        shown = render_for(article, self._anybody)
        reply = Reply(template="article", context=answer_views.article_context(shown))
        return {
            "type": "article",
            "id": article.slug,
            "title": article.title,
            "description": article.category,
            "input_message_content": {
                "message_text": self._present(reply, 0, language).text,
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
            },
        }


def _language(query: Mapping[str, Any]) -> str:
    return str(query.get("from", {}).get("language_code") or DEFAULT_LANGUAGE)
