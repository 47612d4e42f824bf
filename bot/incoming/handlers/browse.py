"""Topics and articles by buttons."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.articles.answers import Answering
from bot.incoming.chat_context import Reader
from bot.incoming.handlers.filters import Pressed
from bot.presentation.buttons import ShowArticle, ShowTopic
from bot.presentation.reply import Replies, Reply
from bot.presentation.views import gathered as views
from knowledge.model import Library


async def show_topics(message: Message, reader: Reader, library: Library) -> Replies:
    return [_topics(reader, library)]


async def show_topic(
    query: CallbackQuery, press: ShowTopic, reader: Reader, library: Library
) -> Replies:
    shelves = library.categories(reader.language)
    if not press.topic:
        return [_topics(reader, library)]
    if not press.topic.isdecimal() or int(press.topic) >= len(shelves):
        return [views.answers.gone()]
    return [views.answers.topic(shelves[int(press.topic)])]


async def show_article(
    query: CallbackQuery, press: ShowArticle, reader: Reader, answering: Answering
) -> Replies:
    shown = await answering.open(reader.chat, reader.language, press.slug)
    return [views.answers.article(shown) if shown else views.answers.gone()]


async def forget_button(query: CallbackQuery) -> Replies:
    return [views.answers.gone()]


def _topics(reader: Reader, library: Library) -> Reply:
    spoken = reader.language
    return views.answers.topics(library.categories(spoken), library.notice(spoken))


def router() -> Router:
    router = Router(name=__name__)
    router.message.register(show_topics, Command("topics"))
    router.callback_query.register(show_topic, Pressed(ShowTopic))
    router.callback_query.register(show_article, Pressed(ShowArticle))
    router.callback_query.register(forget_button)
    return router
