"""The desk's own jobs, asked for in words or by an article's button: as their commands do them."""

from collections.abc import Mapping
from typing import Final

from bot.incoming.handlers import (
    account,
    articles,
    nudges,
    privacy,
    progress,
    talk,
    verification,
)
from bot.incoming.routing import Handler, button_with, linked
from bot.incoming.turn import Turn
from bot.presentation.buttons import DoJob
from bot.presentation.reply import Replies
from bot.presentation.views import answers as answer_views
from bot.presentation.views import jobs as job_views
from bot.presentation.views import verification as verification_views
from bot.presentation.views.handover_button import PERSON
from knowledge.model import Job
from state.model.chat import Awaiting

MENU = (answer_views.TOPICS, PERSON)


async def carry_out(turn: Turn, job: Job) -> Replies:
    return await _HANDLERS[job](turn)


async def take_button(turn: Turn, press: DoJob) -> Replies:
    if press.job is None:
        return [answer_views.no_longer_there()]
    return await carry_out(turn, press.job)


async def show_languages(turn: Turn) -> Replies:
    return [job_views.languages(turn.config.languages, turn.library.categories_by_language)]


async def show_about(turn: Turn) -> Replies:
    """Show the article about the bot; without one, a few words."""
    known = turn.library.articles(turn.language)
    about = next((one for one in known if one.action is Job.ABOUT), None)
    shown = about and await turn.answering.open(turn.chat, turn.language, about.slug)
    return [answer_views.article(shown) if shown else job_views.about(MENU)]


async def show_standing(turn: Turn) -> Replies:
    awaited: Replies = []
    if turn.chat.freelancer_id is not None:
        view = await turn.use.read_verification(turn.chat.freelancer_id)
        awaited = verification_views.awaited_input(view, turn.chat.awaiting)
    slug = await turn.use.recall_article(turn.chat.id, besides=turn.message_id)
    last = turn.library.article(slug, turn.language) if slug else None
    return awaited or [job_views.standing(last, MENU)]


async def go_back(turn: Turn) -> Replies:
    if turn.chat.awaiting is Awaiting.NUMBER:
        return await verification.cancel(turn)
    return await articles.show_topics(turn)


async def start_over(turn: Turn) -> Replies:
    stopped = await verification.stop_all(turn)
    cancelled = [verification_views.cancelled(was_running=True)] if stopped else []
    return cancelled + await account.start(turn)


_HANDLERS: Final[Mapping[Job, Handler]] = {
    Job.PROGRESS: linked(progress.show),
    Job.VERIFY: verification.begin,
    Job.LINK: account.show_how_to_link,
    Job.UNLINK: linked(account.unlink),
    Job.PRIVACY: privacy.show_privacy,
    Job.EXPORT: privacy.export,
    Job.FORGET: privacy.ask_to_erase,
    Job.REMINDERS: linked(nudges.ask),
    Job.REMINDERS_ON: linked(nudges.begin),
    Job.REMINDERS_OFF: nudges.stop,
    Job.LANGUAGE: show_languages,
    Job.PERSON: talk.ask_for_person,
    Job.CANCEL: verification.cancel,
    Job.STOP: verification.cancel,
    Job.BACK: go_back,
    Job.RESTART: start_over,
    Job.STANDING: show_standing,
    Job.ABOUT: show_about,
}

ROUTES = (button_with(DoJob, take_button),)
