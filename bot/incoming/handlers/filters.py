"""Filters of our own: async, because aiogram runs plain ones in a thread each."""

import re
from datetime import timedelta

from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from bot.gateways.telegram.messages import said_of, written
from bot.incoming.chat_context import Reader
from bot.presentation.buttons import Payload, Theirs
from knowledge.answering.handoff_intent import wants_person
from state.model.channel import Channel
from state.model.chat import Awaiting, ChatId
from state.model.staff import Staff, StaffId
from state.model.ticket import Said, TalkMessage, Ticket
from state.ports import Clock, UnitOfWork
from state.usecases.staff.members import RecogniseStaff

_CODE = re.compile(r"\d{3}[\s-]?\d{3}")
_FIVE_DIGITS = re.compile(r"\d{5}")
_LOGIN_CODE = re.compile(r"\blogin\s++code\b", re.IGNORECASE)
_LINK_CODES = (
    r"(?=.{0,10}[A-Za-z])(?=.{0,10}[0-9])([A-Za-z0-9]{4})(?:\s?[-\u2010-\u2015]\s?)?([A-Za-z0-9]{4})",
    r"([A-Z]{4})-([A-Z]{4})",
    r"(?=.{0,8}[2-9])([A-HJKMNP-Za-hjkmnp-z2-9]{4})\s([A-HJKMNP-Za-hjkmnp-z2-9]{4})",
)
"""As a phone's keyboard makes them: any dash, none, or a space, where only signs of real codes
count, lest "form 1099" be one. Two plain words, like "part-time", are a question."""
_LINK_CODE = re.compile("|".join(_LINK_CODES))
_STOP = re.compile(
    r"(please,?\s)?(stop|unsubscribe|no(\smore)?(?=\sreminders?))"
    r"(\s(it|this|that|them|please|sending|the|these|your|my|reminders?))*[\s.!]*",
    re.IGNORECASE,
)
_LEAST_DIGITS = 7
"""Fewer make no number anywhere; five or six are somebody's code."""
_RECENT = timedelta(minutes=10)
_MOST_LETTERS = 4
"""As in "tel:" or "ext"; more of them, and it is a question that holds a number."""


class Pressed(Filter):
    """A button of this family; hands its payload to the handler as `press`.

    Further arguments are values that the payload's fields must have.
    """

    def __init__(self, family: type[Payload], **values: str) -> None:
        self.sign = family.family
        self._family = family
        self._values = values

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Payload]:
        payload = self._family.unpack(query.data or "")
        if payload is None:
            return False
        fits = all(getattr(payload, name) == value for name, value in self._values.items())
        return {"press": payload} if fits else False


class InGroup(Filter):
    """Not a private chat: nothing about an account is said there."""

    async def __call__(self, event: Message | CallbackQuery, reader: Reader) -> bool:
        return not reader.is_private


class HasText(Filter):
    async def __call__(self, message: Message) -> bool:
        return bool(written(message))


class WasEdited(Filter):
    async def __call__(self, message: Message) -> bool:
        return message.edit_date is not None


class IsCommand(Filter):
    async def __call__(self, message: Message) -> bool:
        return written(message).startswith("/")


class IsLinkCode(Filter):
    """The short code of a link; hands it on as `code`."""

    async def __call__(self, message: Message) -> bool | dict[str, str]:
        found = _LINK_CODE.fullmatch(written(message).strip().removesuffix("."))
        return {"code": "-".join(filter(None, found.groups())).upper()} if found else False


class WantsPerson(Filter):
    """Somebody asks for a person in words, and for nothing else."""

    async def __call__(self, message: Message) -> bool:
        return wants_person(written(message))


class LooksLikeNumber(Filter):
    """A phone number, in a chat that was asked for one."""

    async def __call__(self, message: Message, reader: Reader) -> bool:
        text = written(message)
        digits = sum(sign.isdigit() for sign in text)
        letters = sum(sign.isalpha() for sign in text)
        expected = reader.chat.awaiting is Awaiting.NUMBER
        return expected and digits >= _LEAST_DIGITS and letters <= _MOST_LETTERS


class IsCode(Filter):
    """Six digits: what a call asks for, not this chat."""

    async def __call__(self, message: Message, reader: Reader) -> bool:
        linked = reader.chat.freelancer_id is not None
        return linked and _CODE.fullmatch(written(message).strip()) is not None


class IsTelegramCode(Filter):
    """A login code of Telegram, which is five digits and nobody's business."""

    async def __call__(self, message: Message) -> bool:
        text = written(message).strip()
        named = _LOGIN_CODE.search(text)
        return _FIVE_DIGITS.fullmatch(text) is not None or (
            named is not None and _FIVE_DIGITS.search(text, named.end()) is not None
        )


class HasOwnContact(Filter):
    """The sender's own contact, not forwarded; hands its number on as `number`."""

    async def __call__(self, message: Message) -> bool | dict[str, str]:
        contact, sender = message.contact, message.from_user
        if contact is None or sender is None or message.forward_origin is not None:
            return False
        if contact.user_id != sender.id:
            return False
        return {"number": "+" + contact.phone_number.removeprefix("+")}


class AreOff(Filter):
    """The settings offer none of these ways to verify a number."""

    def __init__(self, *channels: Channel) -> None:
        self._channels = channels

    async def __call__(self, event: Message | CallbackQuery, channels: frozenset[Channel]) -> bool:
        return channels.isdisjoint(self._channels)


class SaysStop(Filter):
    """To reminders that this chat gets; anywhere else it is a word like others."""

    async def __call__(self, message: Message, reader: Reader) -> bool:
        said = _STOP.fullmatch(written(message).strip()) is not None
        return said and reader.chat.nudge_at is not None


class Recently(Filter):
    """The button was shown minutes ago, so it is still about the account that it names."""

    async def __call__(self, query: CallbackQuery, press: Theirs, clock: Clock) -> bool:
        if not press.asked_at.isdecimal():
            return False
        age = clock.now().timestamp() - int(press.asked_at)
        return age < _RECENT.total_seconds()


class ContactMayLink(Filter):
    """The settings allow it, and this chat knows no account yet."""

    async def __call__(self, message: Message, reader: Reader, contact_links: bool) -> bool:  # noqa: FBT001 - given by name
        return contact_links and reader.chat.freelancer_id is None


class HasContact(Filter):
    async def __call__(self, message: Message) -> bool:
        return message.contact is not None


class InTalk(Filter):
    """A talk with a person is going on here, taken by one or waiting for one."""

    async def __call__(self, message: Message, reader: Reader) -> bool:
        return reader.ticket is not None


class IsSaid(Filter):
    """Hands on what the message says, as `said`; pins and the like say nothing."""

    async def __call__(self, message: Message) -> bool | dict[str, Said]:
        said = said_of(message)
        return {"said": said} if said else False


class SaidInTalk(Filter):
    """By the freelancer, whether the talk is still going on or not."""

    async def __call__(self, message: Message, reader: Reader, unit: UnitOfWork) -> bool:
        return await unit.talks.in_chat(reader.chat.id, message.message_id) is not None


class InStaffGroup(Filter):
    """Where staff answer, if the settings name such a group."""

    async def __call__(
        self, message: Message, reader: Reader, staff_chat: ChatId | None = None
    ) -> bool:
        return reader.chat.id == staff_chat


class ByStaff(Filter):
    """Somebody who may answer here; hands them on as `staff`."""

    async def __call__(
        self, message: Message, recognise_staff: RecogniseStaff
    ) -> bool | dict[str, Staff]:
        sender = message.from_user
        if sender is None:
            return False
        staff = await recognise_staff(StaffId(sender.id), sender.full_name)
        return {"staff": staff} if staff else False


class InTopic(Filter):
    """In the topic of a chat; hands on its newest talk as `ticket`."""

    async def __call__(self, message: Message, unit: UnitOfWork) -> bool | dict[str, Ticket]:
        if not message.is_topic_message or message.message_thread_id is None:
            return False
        topic = await unit.topics.in_group(message.message_thread_id)
        ticket = None if topic is None else await unit.tickets.last(topic.chat_id)
        return {"ticket": ticket} if ticket else False


class Answers(Filter):
    """Hands on the message of a talk that is replied to, if it is one, as `answered`."""

    async def __call__(self, message: Message, unit: UnitOfWork) -> dict[str, TalkMessage | None]:
        before = message.reply_to_message
        found = None if before is None else await unit.talks.in_group(before.message_id)
        return {"answered": found}
