"""Puts the parts of the bot together, once; who runs them is `bot.app`."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiogram import Dispatcher

from bot import handlers
from bot.answering import Answering
from bot.config import Settings
from bot.content import Content, Shelf, articles_folder, load_templating
from bot.deliveries import Deliveries
from bot.desk import Desk
from bot.dialling import Dialling, Line, Post
from bot.doors import Doors
from bot.errands import Errands
from bot.gateways.courtesy import Courtesy
from bot.gateways.event_post import EventPost
from bot.gateways.openid import TelegramLogin
from bot.gateways.own_name import NamedBot
from bot.gateways.politeness import PoliteCalls
from bot.gateways.telegram import Calls, Messenger
from bot.gateways.telegram_gateway import TelegramGateway
from bot.gateways.twilio import TwilioCalls
from bot.inbox import Intake, Lanes, Rescue, RunNext
from bot.inline import InlineAnswers
from bot.linting import lint_of_edits
from bot.middlewares.reader import ReaderMiddleware
from bot.pace import Pace, limits_of
from bot.personal import Personal
from bot.presenter import Presenter
from bot.queues import Outbox
from bot.talks import Talks
from bot.templating import Templating
from bot.turn import Turns
from bot.use_cases import UseCases
from bot.watch import Watch
from bot.web.twiml import Dialogue, dialogue_of
from state.model.chat import ChatId
from state.ports import Marketplace


def build_dispatcher(desk: Desk) -> Dispatcher:
    """Fresh each time; what handlers may ask for is here, in the turn and in the middleware."""
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.update.outer_middleware(ReaderMiddleware())
    dispatcher.include_routers(*handlers.routers())
    dispatcher.workflow_data.update(
        policy=desk.policy,
        clock=desk.clock,
        channels=desk.settings.channels,
        contact_links=desk.settings.contact_links,
    )
    return dispatcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts that run side by side."""

    desk: Desk
    run_next: RunNext
    api: Calls
    templating: Templating
    lanes: Lanes
    rescue: Rescue
    intake: Intake
    outbox: Outbox
    pace: Pace
    courtesy: Courtesy
    inline: InlineAnswers
    doors: Doors
    shelf: Shelf
    watch: Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Whom the bot speaks with; None where the settings name nobody."""

    api: Calls
    username: str
    """The bot's own, as Telegram knows it."""
    calls: TwilioCalls | None = None
    gateway: TelegramGateway | None = None
    marketplace: Marketplace | None = None
    post: EventPost | None = None
    login: TelegramLogin | None = None


def assemble(desk: Desk, outside: Outside, watch: Watch) -> Parts:
    desk.database.heard = watch.recorded
    templating = load_templating(desk.settings)
    present = Presenter(templating)
    dialogue = dialogue_of(desk.settings, templating)
    courtesy = Courtesy(outside.api)
    pace = _pace(desk)
    outbox = _outbox(desk, outside, present, dialogue, pace, watch)
    articles = articles_folder(desk.settings)
    shelf = Shelf(desk.settings, lint_of_edits(articles, desk.policy, templating))
    inline = InlineAnswers(calls=outside.api, engine=lambda: shelf.content.engine, present=present)
    turns = _turns(desk, outside, present, shelf, courtesy, outbox, watch)
    lanes = Lanes(turns.run_next, width=desk.database.width)
    intake = Intake(desk.database.inbox_door, lanes, desk.clock, aside=inline.take)
    return Parts(
        desk=desk,
        run_next=turns.run_next,
        api=outside.api,
        templating=templating,
        lanes=lanes,
        rescue=Rescue(desk.database.inbox_door, lanes, desk.clock),
        intake=intake,
        outbox=outbox,
        pace=pace,
        courtesy=courtesy,
        inline=inline,
        shelf=shelf,
        watch=watch,
        doors=Doors(
            desk=desk,
            username=outside.username,
            take=intake.take,
            dialogue=dialogue,
            templating=templating,
            shelf=shelf,
            login=outside.login,
            committed=outbox.wake,
        ),
    )


def _turns(
    desk: Desk,
    outside: Outside,
    present: Presenter,
    shelf: Shelf,
    courtesy: Courtesy,
    outbox: Outbox,
    watch: Watch,
) -> Turns:
    return Turns(
        dispatcher=build_dispatcher(desk),
        bot=NamedBot(token_of(desk.settings), outside.username),
        transact=desk.database.transact,
        provide=lambda unit: _provided(desk.use_cases(unit), shelf.content),
        present=present,
        clock=desk.clock,
        courtesy=courtesy.answer,
        committed=outbox.wake,
        watch=watch,
    )


def _pace(desk: Desk) -> Pace:
    its = desk.settings
    limits = limits_of(desk=its.send_rate, chat=its.send_rate_chat, group=its.send_rate_group)
    return Pace(desk.clock, limits)


def _outbox(
    desk: Desk,
    outside: Outside,
    present: Presenter,
    dialogue: Dialogue,
    pace: Pace,
    watch: Watch,
) -> Outbox:
    staff_chat = desk.settings.staff_chat_id
    messenger = Messenger(PoliteCalls(outside.api, pace))
    deliveries = Deliveries(
        messenger=messenger,
        present=present,
        transact=desk.database.transact,
        look=desk.database.look,
        provide=desk.use_cases,
        policy=desk.policy,
        clock=desk.clock,
        dialling=_dialling(desk, outside, dialogue),
        errands=_errands(desk, outside),
        personal=_personal(desk, messenger, present),
        talks=Talks(),
        staff_chat=None if staff_chat is None else ChatId(staff_chat),
    )
    return Outbox(
        door=desk.database.outbox_door,
        claims=desk.database.claims,
        transact=desk.database.transact,
        deliver=deliveries,
        clock=desk.clock,
        pace=pace,
        watch=watch,
    )


def _dialling(desk: Desk, outside: Outside, dialogue: Dialogue) -> Dialling:
    calls, gateway, public_url = outside.calls, outside.gateway, desk.settings.public_url
    return Dialling(
        transact=desk.database.transact,
        look=desk.database.look,
        provide=desk.use_cases,
        clock=desk.clock,
        line=Line(calls=calls, dialogue=dialogue) if calls else None,
        post=Post(gateway=gateway, public_url=public_url) if gateway else None,
    )


def _errands(desk: Desk, outside: Outside) -> Errands:
    return Errands(
        transact=desk.database.transact,
        look=desk.database.look,
        provide=desk.use_cases,
        policy=desk.policy,
        post=outside.post,
        marketplace=outside.marketplace,
    )


def _personal(desk: Desk, messenger: Messenger, present: Presenter) -> Personal:
    return Personal(
        messenger=messenger,
        present=present,
        transact=desk.database.transact,
        look=desk.database.look,
        provide=desk.use_cases,
        policy=desk.policy,
        channels=desk.settings.channels,
        scrub=desk.database.scrub,
    )


def token_of(settings: Settings) -> str:
    return settings.token.get_secret_value() if settings.token else ""


def _provided(use_cases: UseCases, content: Content) -> Mapping[str, object]:
    """What handlers may ask for, besides what the dispatcher holds."""
    answering = Answering(
        library=content.library,
        engine=content.engine,
        note_answers=use_cases.note_answers,
        open_article=use_cases.open_article,
        rate_answer=use_cases.rate_answer,
        read_progress=use_cases.read_progress,
        read_verification=use_cases.read_verification,
        recall_article=use_cases.recall_article,
    )
    return {**use_cases.by_name(), "library": content.library, "answering": answering}
