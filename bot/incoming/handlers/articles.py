"""Handlers of topic and article buttons, and of ratings of an answer."""

from bot.incoming.routing import any_button, button_with, command
from bot.incoming.turn import Turn
from bot.presentation.buttons import ArticleMenu, Rate, ShowArticle, ShowTopic
from bot.presentation.reply import Replies, Reply
from bot.presentation.views import answers as answer_views
from state.model.question import Fault


async def take_yes(turn: Turn, press: Rate) -> Replies:
    rated = await turn.answering.rate(turn.chat, turn.language, press.question_id, helpful=True)
    return answer_views.rating_replies(rated)


async def take_no(turn: Turn, press: Rate) -> Replies:
    rated = await turn.answering.rate(turn.chat, turn.language, press.question_id, helpful=False)
    return answer_views.rating_replies(rated)


async def take_fault(turn: Turn, press: Rate) -> Replies:
    rated = await turn.answering.rate(
        turn.chat, turn.language, press.question_id, helpful=False, fault=Fault(press.verdict)
    )
    return answer_views.rating_replies(rated)


async def open_menu(turn: Turn, press: ArticleMenu) -> Replies:
    shown = await turn.answering.shown_before(turn.chat, turn.language, press.question_id)
    if shown is None:
        return [answer_views.no_longer_there()]
    return [answer_views.article(shown, edit=True, menu=True)]


async def show_topics(turn: Turn) -> Replies:
    return [_topics(turn)]


async def show_topic(turn: Turn, press: ShowTopic) -> Replies:
    shelves = turn.library.categories(turn.language)
    if not press.topic:
        return [_topics(turn)]
    if not press.topic.isdecimal() or int(press.topic) >= len(shelves):
        return [answer_views.no_longer_there()]
    return [answer_views.topic(shelves[int(press.topic)])]


async def show_article(turn: Turn, press: ShowArticle) -> Replies:
    shown = await turn.answering.open(turn.chat, turn.language, press.slug)
    return [answer_views.article(shown) if shown else answer_views.no_longer_there()]


async def refuse_old_button(turn: Turn) -> Replies:
    return [answer_views.no_longer_there()]


def _topics(turn: Turn) -> Reply:
    shelves = turn.library.categories(turn.language)
    return answer_views.topics(shelves, turn.library.notice(turn.language))


ROUTES = (
    button_with(Rate, take_yes, lambda press: press.verdict == "yes"),
    button_with(Rate, take_no, lambda press: press.verdict == "no"),
    button_with(Rate, take_fault, lambda press: press.verdict in set(Fault)),
    button_with(ArticleMenu, open_menu),
    command("topics", show_topics),
    button_with(ShowTopic, show_topic),
    button_with(ShowArticle, show_article),
    any_button(refuse_old_button),
)
