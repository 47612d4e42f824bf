"""Build the parts of the bot and connect them; `bot.app` runs them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.articles.catalogue import ArticleReloader, articles_folder, load_templating
from bot.articles.lint import lint_of_edits
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
from bot.incoming.inbox import Intake, Lanes, OverdueLanes
from bot.incoming.inline_query import InlineAnswers
from bot.incoming.read_ahead import QuestionPrefetcher
from bot.incoming.routing import Dispatcher
from bot.incoming.turn import HandlerConfig
from bot.incoming.turn_loop import TurnLoop
from bot.outgoing.build import ExternalClients, outbox_of, pace_of, staff_chat_of
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


def handler_config(desk: Desk, outside: ExternalClients) -> HandlerConfig:
    """The settings and services that every handler gets."""
    return HandlerConfig(
        policy=desk.policy,
        clock=desk.clock,
        username=outside.username,
        channels=outside.channels,
        contact_links=desk.settings.contact_links,
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
    rescue: OverdueLanes
    intake: Intake
    outbox: OutboxWorkers
    ahead: QuestionPrefetcher
    pace: SendRateLimiter
    courtesy: CallbackAnswerer
    notices: FloodNotices
    inline: InlineAnswers
    doors: WebRoutes
    shelf: ArticleReloader
    watch: Monitor


def assemble(desk: Desk, outside: ExternalClients, watch: Monitor) -> BotComponents:
    """Build all parts of the bot, without starting any of them."""
    desk.database.heard = watch.recorded
    desk = _not_calling_itself(desk, outside)
    templating = load_templating(desk.settings)
    present = Presenter(templating)
    courtesy, pace = CallbackAnswerer(outside.api), pace_of(desk)
    shelf = _shelf(desk, outside, templating)
    outbox = outbox_of(desk, outside, present, pace, shelf, watch)
    inline = InlineAnswers(
        calls=outside.api,
        engine=lambda: shelf.content.engine,
        present=present,
        anybody=shelf.content.anybody,
    )
    ahead = QuestionPrefetcher(lambda: shelf.content.engine)
    turns = _turns(desk, outside, present, shelf, courtesy, outbox, watch, ahead)
    lanes, guard = _lanes(desk, turns), _guard(desk)
    intake = _intake(desk, lanes, inline, guard)
    return BotComponents(
        desk=desk,
        turns=turns,
        api=outside.api,
        templating=templating,
        lanes=lanes,
        rescue=OverdueLanes(desk.database.inbox_queue, lanes, desk.clock),
        intake=intake,
        outbox=outbox,
        ahead=ahead,
        pace=pace,
        courtesy=courtesy,
        notices=_notices(desk, guard, present, outbox),
        inline=inline,
        shelf=shelf,
        watch=watch,
        doors=_doors(desk, outside, intake, templating, shelf, outbox),
    )


def _doors(
    desk: Desk,
    outside: ExternalClients,
    intake: Intake,
    templating: Templating,
    shelf: ArticleReloader,
    outbox: OutboxWorkers,
) -> WebRoutes:
    return WebRoutes(
        desk=desk,
        username=outside.username,
        take=intake.take,
        calls=outside.calls,
        codes=outside.codes,
        templating=templating,
        shelf=shelf,
        login=outside.login,
        committed=outbox.wake,
    )


def _not_calling_itself(desk: Desk, outside: ExternalClients) -> Desk:
    """Add the call provider's caller number to the numbers that may not be called."""
    if outside.calls is None:
        return desk
    own_numbers = desk.reach.own_numbers | {outside.calls.caller}
    return replace(desk, reach=replace(desk.reach, own_numbers=own_numbers))


def _shelf(desk: Desk, outside: ExternalClients, templating: Templating) -> ArticleReloader:
    lint = lint_of_edits(articles_folder(desk.settings), desk.policy, templating)
    return ArticleReloader(desk.settings, lint, anybody_at(outside.channels))


def _lanes(desk: Desk, turns: TurnLoop) -> Lanes:
    return Lanes(turns.run, width=desk.database.width)


def _turns(
    desk: Desk,
    outside: ExternalClients,
    present: Presenter,
    shelf: ArticleReloader,
    courtesy: CallbackAnswerer,
    outbox: OutboxWorkers,
    watch: Monitor,
    ahead: QuestionPrefetcher,
) -> TurnLoop:
    return TurnLoop(
        dispatch=Dispatcher(handlers.ROUTES),
        config=handler_config(desk, outside),
        transact=desk.database.transact,
        provide=desk.use_cases,
        catalogue=lambda: shelf.content,
        present=present,
        courtesy=courtesy.answer,
        handover=outbox,
        committed=outbox.wake,
        watch=watch,
        is_read=ahead.is_read,
    )


def _intake(desk: Desk, lanes: Lanes, inline: InlineAnswers, guard: FloodGuard) -> Intake:
    return Intake(
        desk.database.inbox_queue,
        lanes,
        desk.clock,
        aside=lambda update: inline.take(update) or guard.take(update),
    )


def _notices(
    desk: Desk, guard: FloodGuard, present: Presenter, outbox: OutboxWorkers
) -> FloodNotices:
    return FloodNotices(
        guard,
        transact=desk.database.transact,
        present=present,
        clock=desk.clock,
        committed=outbox.wake,
    )


def _guard(desk: Desk) -> FloodGuard:
    settings = desk.settings
    return FloodGuard(
        desk.clock,
        person=settings.read_rate_person,
        desk=settings.read_rate,
        spared=settings.staff_chat_id,
    )


def token_of(settings: Settings) -> str:
    """The bot token in plain text; empty if none is set."""
    return settings.token.get_secret_value() if settings.token else ""
