"""Build the parts of the bot and connect them; `bot.app` runs them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.articles.catalogue import ArticleReloader, articles_folder
from bot.articles.lint import lint_of_edits
from bot.articles.marketplace import load_templating
from bot.articles.reader_facts import anybody_at
from bot.context import Desk
from bot.gateways.ports import CallProvider, CallProviders, CodeChannel
from bot.gateways.telegram.callback_answers import CallbackAnswerer
from bot.gateways.telegram.client import BotApiCalls
from bot.gateways.telegram.send_rate import SendRateLimiter
from bot.gateways.telegram_gateway.client import telegram_gateway
from bot.gateways.twilio.client import TwilioCalls
from bot.incoming import handlers
from bot.incoming.flood_guard import FloodGuard, FloodNotices
from bot.incoming.fragments import Postponing
from bot.incoming.inbox import Intake, Lanes, OverdueLanes
from bot.incoming.inline_query import InlineAnswers
from bot.incoming.read_ahead import QuestionPrefetcher
from bot.incoming.routing import Dispatcher
from bot.incoming.turn import HandlerConfig
from bot.incoming.turn_loop import TurnLoop
from bot.outgoing.build import ExternalClients, outbox_of, send_rate_of, staff_chat_of
from bot.outgoing.worker import OutboxWorkers
from bot.presentation.renderer import Presenter
from bot.presentation.templates import Templating
from bot.settings import NO_CALLS, Settings, SettingsError
from bot.telemetry.monitor import Monitor
from bot.web.routes import WebRoutes

CALL_PROVIDERS: CallProviders = {
    "twilio": TwilioCalls,
}
"""Factories of call providers, by their name in `HELPDESK_VOICE`."""
CODE_CHANNELS: Sequence[Callable[[Settings], CodeChannel | None]] = (telegram_gateway,)
"""Factories of code channels; the first one that is configured is used."""


def call_provider(
    settings: Settings, providers: CallProviders = CALL_PROVIDERS
) -> CallProvider | None:
    """The configured call provider, not opened yet; None if calls are switched off.

    SettingsError for an unknown name, or if a setting of the provider is missing.
    """
    if settings.voice == NO_CALLS:
        return None
    if settings.voice not in providers:
        names = " or ".join((NO_CALLS, *providers))
        raise SettingsError(f"HELPDESK_VOICE is wrong: it should be {names}.")
    return providers[settings.voice](settings)


def code_channel(settings: Settings) -> CodeChannel | None:
    """The first configured channel for code messages, not opened yet; None if there is none."""
    found = (channel(settings) for channel in CODE_CHANNELS)
    return next((channel for channel in found if channel is not None), None)


def handler_config(desk: Desk, clients: ExternalClients) -> HandlerConfig:
    """The settings and services that every handler gets."""
    return HandlerConfig(
        policy=desk.policy,
        clock=desk.clock,
        reply_delay=timedelta(seconds=desk.settings.reply_delay),
        username=clients.username,
        channels=clients.channels,
        contact_links=desk.settings.contact_links,
        languages=desk.settings.languages,
        staff_chat=staff_chat_of(desk),
        staff_address=desk.settings.staff_address,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BotComponents:
    """The parts of the bot that run concurrently, built by `assemble`."""

    desk: Desk
    turns: TurnLoop
    api: BotApiCalls
    templating: Templating
    lanes: Lanes
    overdue_lanes: OverdueLanes
    intake: Intake
    outbox: OutboxWorkers
    prefetcher: QuestionPrefetcher
    send_rate: SendRateLimiter
    callback_answers: CallbackAnswerer
    flood_notices: FloodNotices
    inline_answers: InlineAnswers
    web_routes: WebRoutes
    reloader: ArticleReloader
    monitor: Monitor


def assemble(desk: Desk, clients: ExternalClients, monitor: Monitor) -> BotComponents:
    """Build all parts of the bot, without starting any of them."""
    desk.database.on_commit = monitor.count_records
    desk = _without_own_number(desk, clients)
    templating = load_templating(desk.settings, desk.policy)
    present = Presenter(templating)
    callback_answers, send_rate = CallbackAnswerer(clients.api), send_rate_of(desk)
    reloader = _reloader(desk, clients, templating)
    outbox = outbox_of(desk, clients, present, send_rate, reloader, monitor)
    inline = InlineAnswers(
        calls=clients.api,
        engine=lambda: reloader.content.engine,
        present=present,
        anybody=reloader.content.anybody,
    )
    prefetcher = QuestionPrefetcher(lambda: reloader.content.engine)
    turns = _turns(desk, clients, present, reloader, callback_answers, outbox, monitor, prefetcher)
    lanes, guard = _lanes(desk, turns), _guard(desk)
    intake = _intake(desk, lanes, inline, guard)
    return BotComponents(
        desk=desk,
        turns=turns,
        api=clients.api,
        templating=templating,
        lanes=lanes,
        overdue_lanes=OverdueLanes(desk.database.inbox_queue, lanes, desk.clock),
        intake=intake,
        outbox=outbox,
        prefetcher=prefetcher,
        send_rate=send_rate,
        callback_answers=callback_answers,
        flood_notices=_notices(desk, guard, present, outbox),
        inline_answers=inline,
        reloader=reloader,
        monitor=monitor,
        web_routes=_web_routes(desk, clients, intake, templating, reloader, outbox),
    )


def _web_routes(
    desk: Desk,
    clients: ExternalClients,
    intake: Intake,
    templating: Templating,
    reloader: ArticleReloader,
    outbox: OutboxWorkers,
) -> WebRoutes:
    return WebRoutes(
        desk=desk,
        username=clients.username,
        take=intake.take,
        calls=clients.calls,
        codes=clients.codes,
        templating=templating,
        reloader=reloader,
        login=clients.login,
        wake_outbox=outbox.wake,
    )


def _without_own_number(desk: Desk, clients: ExternalClients) -> Desk:
    """Add the call provider's caller number to the numbers that may not be called."""
    if clients.calls is None:
        return desk
    own_numbers = desk.callable_numbers.own_numbers | {clients.calls.caller}
    return replace(desk, callable_numbers=replace(desk.callable_numbers, own_numbers=own_numbers))


def _reloader(desk: Desk, clients: ExternalClients, templating: Templating) -> ArticleReloader:
    lint = lint_of_edits(articles_folder(desk.settings), desk.policy, templating)
    return ArticleReloader(desk.settings, lint, anybody_at(clients.channels))


def _lanes(desk: Desk, turns: TurnLoop) -> Lanes:
    return Lanes(turns.run, workers=desk.database.concurrency)


def _turns(
    desk: Desk,
    clients: ExternalClients,
    present: Presenter,
    reloader: ArticleReloader,
    callback_answers: CallbackAnswerer,
    outbox: OutboxWorkers,
    monitor: Monitor,
    prefetcher: QuestionPrefetcher,
) -> TurnLoop:
    return TurnLoop(
        dispatch=Dispatcher(handlers.ROUTES),
        config=handler_config(desk, clients),
        transact=desk.database.transact,
        make_use_cases=desk.use_cases,
        catalogue=lambda: reloader.content,
        present=present,
        answer_press=callback_answers.answer,
        forwarder=outbox,
        wake_outbox=outbox.wake,
        monitor=monitor,
        is_read=prefetcher.is_read,
        postponing=Postponing(is_ranked=prefetcher.is_ranked, wake_later=prefetcher.wake_later),
    )


def _intake(desk: Desk, lanes: Lanes, inline: InlineAnswers, guard: FloodGuard) -> Intake:
    return Intake(
        desk.database.inbox_queue,
        lanes,
        desk.clock,
        intercept=lambda update: inline.take(update) or guard.take(update),
    )


def _notices(
    desk: Desk, guard: FloodGuard, present: Presenter, outbox: OutboxWorkers
) -> FloodNotices:
    return FloodNotices(
        guard,
        transact=desk.database.transact,
        present=present,
        clock=desk.clock,
        wake_outbox=outbox.wake,
    )


def _guard(desk: Desk) -> FloodGuard:
    settings = desk.settings
    return FloodGuard(
        desk.clock,
        person=settings.read_rate_person,
        desk=settings.read_rate,
        unlimited_chat=settings.staff_chat_id,
    )


def token_of(settings: Settings) -> str:
    """The bot token in plain text; empty if none is set."""
    return settings.token.get_secret_value() if settings.token else ""
