"""A turn: one update with its sender and its unit of work, as handlers get it."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from functools import cached_property

from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update

from bot.articles.answers import Answering, answering_of
from bot.articles.catalogue import Catalogue
from bot.gateways.telegram.messages import question_text, text_of
from bot.incoming.chat_context import ChatContext
from knowledge.model import Library
from state.model.channel import Channel
from state.model.chat import Chat, ChatId
from state.model.ticket import Ticket
from state.policy import Policy
from state.ports import Clock, UnitOfWork
from state.usecases.registry import UseCases

_COMMAND = re.compile(r"/(?P<name>\w+)(?:@(?P<bot>\w+))?(?:\s(?P<arguments>.*))?\Z", re.DOTALL)
"""Bot API: `/name`, or `/name@bot` where several bots listen; arguments after white space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerConfig:
    """What all turns share: policy, clock, and settings that handlers depend on."""

    policy: Policy
    clock: Clock
    username: str
    """The bot's username, without `@`."""
    reply_delay: timedelta = timedelta(0)
    """How long to wait for the rest of a question that comes in several short messages."""
    channels: frozenset[Channel]
    """Configured channels for verification codes."""
    contact_links: bool
    """Whether sharing one's contact may link a chat."""
    languages: tuple[str, ...]
    """The languages that messages are offered in."""
    staff_chat: ChatId | None
    """The staff group, if configured."""
    staff_address: str | None
    """Base URL of the staff pages, if configured."""


@dataclass(frozen=True, slots=True)
class SaidCommand:
    """A command addressed to this bot, parsed."""

    name: str
    """In small letters, whatever was typed: phone keyboards begin with a capital."""
    arguments: str = ""


class UpdateKind(Enum):
    """Kind of update, as far as routing distinguishes them."""

    MESSAGE = auto()
    BUTTON = auto()
    MEMBERSHIP = auto()


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One update in one unit of work; built anew if the transaction is retried."""

    unit: UnitOfWork
    use: UseCases
    catalogue: Catalogue
    config: HandlerConfig
    context: ChatContext
    event: Message | CallbackQuery | ChatMemberUpdated

    @property
    def chat(self) -> Chat:
        return self.context.chat

    @property
    def language(self) -> str:
        """The person's choice, or else their Telegram client's language."""
        return self.context.language

    @property
    def ticket(self) -> Ticket | None:
        """The open conversation with staff in this chat, if any."""
        return self.context.ticket

    @property
    def policy(self) -> Policy:
        return self.config.policy

    @property
    def library(self) -> Library:
        return self.catalogue.library

    @cached_property
    def answering(self) -> Answering:
        return answering_of(self.use, self.catalogue)

    @property
    def kind(self) -> UpdateKind:
        if isinstance(self.event, Message):
            return UpdateKind.MESSAGE
        pressed = isinstance(self.event, CallbackQuery)
        return UpdateKind.BUTTON if pressed else UpdateKind.MEMBERSHIP

    @property
    def message(self) -> Message | None:
        return self.event if isinstance(self.event, Message) else None

    @property
    def message_id(self) -> int:
        """Bot API `message_id`; 0 if the update is no message."""
        return 0 if self.message is None else self.message.message_id

    @property
    def thread_id(self) -> int | None:
        """Bot API `message_thread_id`: the topic that the message is in, if any."""
        return None if self.message is None else self.message.message_thread_id

    @property
    def is_edited(self) -> bool:
        return self.message is not None and self.message.edit_date is not None

    @cached_property
    def text(self) -> str:
        """The message text or caption, cut to the length that is read."""
        return "" if self.message is None else question_text(self.message)

    @property
    def data(self) -> str:
        """Bot API `callback_data` of the pressed button; empty for other updates."""
        return (self.event.data or "") if isinstance(self.event, CallbackQuery) else ""

    @cached_property
    def command(self) -> SaidCommand | None:
        """The command of a message or caption; None if there is none, or it names another bot."""
        message = self.message
        said = "" if message is None else text_of(message)
        found = _COMMAND.match(said.lstrip())
        ours = self.config.username
        if found is None or (found["bot"] or ours).lower() != ours.lower():
            return None
        return SaidCommand(found["name"].lower(), (found["arguments"] or "").strip())

    @cached_property
    def sign(self) -> str:
        """Routing key: a command with its slash, or the family of a pressed button."""
        if isinstance(self.event, CallbackQuery):
            return self.data.partition(":")[0]
        return f"/{self.command.name}" if self.command else ""


def event_of(update: Update) -> Message | CallbackQuery | ChatMemberUpdated | None:
    """The event in an update; None for kinds that are not handled."""
    return update.message or update.callback_query or update.my_chat_member
