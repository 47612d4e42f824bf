"""Puts together what leaves the desk: the outbox, and everything that carries out its rows."""

from dataclasses import dataclass
from functools import partial

from bot.articles.catalogue import Shelf
from bot.context import Desk
from bot.gateways.marketplace.webhooks import EventPost
from bot.gateways.telegram.call_middlewares import PoliteCalls
from bot.gateways.telegram.client import Calls, Messenger
from bot.gateways.telegram.forum import StaffGroup
from bot.gateways.telegram.send_rate import Pace, limits_of
from bot.gateways.telegram_gateway.client import TelegramGateway
from bot.gateways.telegram_login import TelegramLogin
from bot.gateways.twilio.client import TwilioCalls
from bot.gateways.twilio.twiml import TwimlRenderer
from bot.outgoing.apologies import Apologies
from bot.outgoing.calls import Dialling, Line, Post
from bot.outgoing.deliveries import Deliveries, TalkDeliveries
from bot.outgoing.marketplace import Errands
from bot.outgoing.personal_data import Personal
from bot.outgoing.staff_group import ForumTopics, ToGroup
from bot.outgoing.to_freelancer import ToCaller
from bot.outgoing.worker import OutboxWorkers
from bot.presentation.renderer import Presenter
from bot.telemetry.monitor import Watch
from state.model.chat import ChatId
from state.ports import Marketplace
from state.usecases.lanes import chat_lane


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


def pace_of(desk: Desk) -> Pace:
    its = desk.settings
    limits = limits_of(desk=its.send_rate, chat=its.send_rate_chat, group=its.send_rate_group)
    return Pace(desk.clock, limits)


def outbox_of(
    desk: Desk,
    outside: Outside,
    present: Presenter,
    dialogue: TwimlRenderer,
    pace: Pace,
    shelf: Shelf,
    watch: Watch,
) -> OutboxWorkers:
    messenger, staff_chat = Messenger(PoliteCalls(outside.api, pace)), staff_chat_of(desk)
    deliveries = Deliveries(
        messenger=messenger,
        present=present,
        records=desk.records,
        policy=desk.policy,
        clock=desk.clock,
        dialling=_dialling(desk, outside, dialogue),
        errands=_errands(desk, outside),
        personal=_personal(desk, messenger, present),
        talks=_talks(desk, outside, present, shelf, pace),
        staff_chat=staff_chat,
    )
    return OutboxWorkers(
        door=desk.database.outbox_door,
        claims=desk.database.claims,
        transact=partial(desk.database.transact, may_wait=True),
        deliver=deliveries,
        clock=desk.clock,
        pace=pace,
        group=None if staff_chat is None else chat_lane(staff_chat),
        after_errors=Apologies(present=present, clock=desk.clock),
        watch=watch,
    )


def _dialling(desk: Desk, outside: Outside, dialogue: TwimlRenderer) -> Dialling:
    calls, gateway, public_url = outside.calls, outside.gateway, desk.settings.public_url
    return Dialling(
        records=desk.records,
        clock=desk.clock,
        line=Line(calls=calls, dialogue=dialogue) if calls else None,
        post=Post(gateway=gateway, public_url=public_url) if gateway else None,
    )


def _errands(desk: Desk, outside: Outside) -> Errands:
    return Errands(
        records=desk.records,
        policy=desk.policy,
        post=outside.post,
        marketplace=outside.marketplace,
    )


def _personal(desk: Desk, messenger: Messenger, present: Presenter) -> Personal:
    return Personal(
        messenger=messenger,
        present=present,
        records=desk.records,
        policy=desk.policy,
        channels=desk.settings.channels,
        scrub=desk.database.scrub,
    )


def _talks(
    desk: Desk, outside: Outside, present: Presenter, shelf: Shelf, pace: Pace
) -> TalkDeliveries:
    calls, staff_chat = PoliteCalls(outside.api, pace), staff_chat_of(desk)
    to_caller = ToCaller(
        calls=calls,
        messenger=Messenger(calls),
        clock=desk.clock,
        staff_chat=staff_chat,
        records=desk.records,
        present=present,
        policy=desk.policy,
    )
    if staff_chat is None:
        return TalkDeliveries(to_caller=to_caller, to_group=None)
    topics = ForumTopics(
        group=StaffGroup(calls, staff_chat, cosmetic=outside.api),
        library=lambda: shelf.content.library,
        records=desk.records,
        present=present,
        policy=desk.policy,
    )
    return TalkDeliveries(
        to_caller=to_caller,
        to_group=ToGroup(
            topics=topics,
            waiting=desk.database.outbox_door.due_in,
            clock=desk.clock,
            records=desk.records,
        ),
    )


def staff_chat_of(desk: Desk) -> ChatId | None:
    chat_id = desk.settings.staff_chat_id
    return None if chat_id is None else ChatId(chat_id)
