"""Builds the outgoing part of the bot: outbox workers and deliveries."""

from dataclasses import dataclass
from functools import partial

from bot.articles.catalogue import ArticleReloader
from bot.context import Desk
from bot.gateways.marketplace.webhooks import WebhookSender
from bot.gateways.ports import CallProvider, CodeChannel
from bot.gateways.telegram.call_middlewares import PrivateTopicCalls, RetryAfterCalls
from bot.gateways.telegram.client import BotApiCalls, Messenger
from bot.gateways.telegram.forum import GroupCalls, StaffGroup
from bot.gateways.telegram.send_rate import SendRateLimiter, limits_of
from bot.gateways.telegram_login import TelegramLogin
from bot.outgoing.apologies import Apologies
from bot.outgoing.calls import CallDeliveries
from bot.outgoing.deliveries import Deliveries, TalkDeliveries
from bot.outgoing.forum_topics import ForumTopics
from bot.outgoing.marketplace import MarketplaceDeliveries
from bot.outgoing.personal_data import PersonalDeliveries
from bot.outgoing.staff_group import StaffGroupDeliveries
from bot.outgoing.to_freelancer import FreelancerDeliveries
from bot.outgoing.worker import OutboxWorkers
from bot.presentation.renderer import Presenter
from bot.telemetry.monitor import Monitor
from state.model.channel import Channel
from state.model.chat import ChatId
from state.ports import Marketplace
from state.usecases.lanes import chat_lane


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalClients:
    """Clients of other systems; None for those that are not configured."""

    api: BotApiCalls
    username: str
    """The bot's username at Telegram."""
    calls: CallProvider | None = None
    codes: CodeChannel | None = None
    marketplace: Marketplace | None = None
    webhooks: WebhookSender | None = None
    login: TelegramLogin | None = None

    @property
    def channels(self) -> frozenset[Channel]:
        """Configured channels for verification codes."""
        ways = {Channel.CALL: self.calls, Channel.GATEWAY: self.codes}
        return frozenset(channel for channel, way in ways.items() if way is not None)


def send_rate_of(desk: Desk) -> SendRateLimiter:
    """The outgoing rate limiter, with the limits of the settings."""
    its = desk.settings
    limits = limits_of(desk=its.send_rate, chat=its.send_rate_chat, group=its.send_rate_group)
    return SendRateLimiter(desk.clock, limits)


def outbox_of(
    desk: Desk,
    clients: ExternalClients,
    present: Presenter,
    send_rate: SendRateLimiter,
    reloader: ArticleReloader,
    monitor: Monitor,
) -> OutboxWorkers:
    """The outbox workers with everything that they deliver to."""
    calls, staff_chat = _calls(desk, clients, send_rate), staff_chat_of(desk)
    messenger = Messenger(calls)
    deliveries = Deliveries(
        messenger=messenger,
        present=present,
        records=desk.records,
        heavy_records=desk.heavy_records,
        policy=desk.policy,
        clock=desk.clock,
        calls=_call_deliveries(desk, clients),
        marketplace=_marketplace(desk, clients),
        personal=_personal(desk, clients, messenger, present),
        talks=_talks(desk, clients, present, reloader, calls),
        staff_chat=staff_chat,
    )
    # Where sends are limited, so few wait for a mark that each is written at once.
    may_wait = not desk.settings.send_rate
    return OutboxWorkers(
        outbox=desk.database.outbox_queue,
        claims=desk.database.claims,
        transact=partial(desk.database.transact, may_wait=may_wait),
        finish=partial(desk.database.outbox_queue.finish, may_wait=may_wait),
        deliver=deliveries,
        clock=desk.clock,
        send_rate=send_rate,
        group=None if staff_chat is None else chat_lane(staff_chat),
        after_errors=Apologies(present=present, clock=desk.clock),
        monitor=monitor,
    )


def _calls(desk: Desk, clients: ExternalClients, send_rate: SendRateLimiter) -> BotApiCalls:
    """The Bot API with what concerns waits, topics of private chats, and the staff group."""
    calls, staff_chat = (
        PrivateTopicCalls(RetryAfterCalls(clients.api, send_rate)),
        staff_chat_of(desk),
    )
    return calls if staff_chat is None else GroupCalls(calls, staff_chat)


def _call_deliveries(desk: Desk, clients: ExternalClients) -> CallDeliveries:
    return CallDeliveries(
        records=desk.records,
        clock=desk.clock,
        calls=clients.calls,
        codes=clients.codes,
    )


def _marketplace(desk: Desk, clients: ExternalClients) -> MarketplaceDeliveries:
    return MarketplaceDeliveries(
        records=desk.records,
        policy=desk.policy,
        webhooks=clients.webhooks,
        marketplace=clients.marketplace,
    )


def _personal(
    desk: Desk, clients: ExternalClients, messenger: Messenger, present: Presenter
) -> PersonalDeliveries:
    return PersonalDeliveries(
        messenger=messenger,
        present=present,
        records=desk.heavy_records,
        policy=desk.policy,
        channels=clients.channels,
        truncate_wal=desk.database.truncate_wal,
    )


def _talks(
    desk: Desk,
    clients: ExternalClients,
    present: Presenter,
    reloader: ArticleReloader,
    calls: BotApiCalls,
) -> TalkDeliveries:
    staff_chat = staff_chat_of(desk)
    to_caller = FreelancerDeliveries(
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
        group=StaffGroup(calls, staff_chat, cosmetic=clients.api),
        library=lambda: reloader.content.library,
        records=desk.records,
        present=present,
        policy=desk.policy,
    )
    return TalkDeliveries(
        to_caller=to_caller,
        to_group=StaffGroupDeliveries(
            topics=topics,
            due_in=desk.database.outbox_queue.due_in,
            clock=desk.clock,
            records=desk.records,
        ),
    )


def staff_chat_of(desk: Desk) -> ChatId | None:
    """Chat id of the staff group, if configured."""
    chat_id = desk.settings.staff_chat_id
    return None if chat_id is None else ChatId(chat_id)
