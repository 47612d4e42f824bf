"""What a message is taken for: conditions of a route, and what is found in a message."""

import re
from collections.abc import Callable
from datetime import timedelta

from bot.gateways.telegram.messages import said_of
from bot.incoming.turn import Turn
from bot.presentation.buttons import Theirs
from knowledge.answering.handoff_intent import wants_person
from state.model.channel import Channel
from state.model.chat import Awaiting
from state.model.staff import Staff, StaffId
from state.model.ticket import Said, TalkMessage, Ticket

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


def in_group(turn: Turn) -> bool:
    """Not a private chat: nothing about an account is said there."""
    return not turn.context.is_private


def has_text(turn: Turn) -> bool:
    return bool(turn.text)


def is_edited(turn: Turn) -> bool:
    return turn.is_edited


def is_new(turn: Turn) -> bool:
    return not turn.is_edited


def is_command(turn: Turn) -> bool:
    return turn.text.startswith("/")


def link_code(turn: Turn) -> str | None:
    """The short code of a link, as it was given out."""
    found = _LINK_CODE.fullmatch(turn.text.strip().removesuffix("."))
    return "-".join(filter(None, found.groups())).upper() if found else None


def asks_for_person(turn: Turn) -> bool:
    """In words, and for nothing else; not where a conversation with one is going on."""
    return turn.ticket is None and wants_person(turn.text)


def is_number(turn: Turn) -> bool:
    """A phone number, in a chat that was asked for one."""
    digits = sum(sign.isdigit() for sign in turn.text)
    letters = sum(sign.isalpha() for sign in turn.text)
    expected = turn.chat.awaiting is Awaiting.NUMBER
    return expected and digits >= _LEAST_DIGITS and letters <= _MOST_LETTERS


def is_code(turn: Turn) -> bool:
    """Six digits: what a call asks for, not this chat."""
    linked = turn.chat.freelancer_id is not None
    return linked and _CODE.fullmatch(turn.text.strip()) is not None


def is_telegram_code(turn: Turn) -> bool:
    """A login code of Telegram, which is five digits and nobody's business."""
    text = turn.text.strip()
    named = _LOGIN_CODE.search(text)
    return _FIVE_DIGITS.fullmatch(text) is not None or (
        named is not None and _FIVE_DIGITS.search(text, named.end()) is not None
    )


def has_contact(turn: Turn) -> bool:
    return turn.message is not None and turn.message.contact is not None


def own_contact(turn: Turn) -> str | None:
    """The number of the sender's own contact, if it is not forwarded."""
    message = turn.message
    if message is None or message.contact is None or message.from_user is None:
        return None
    if message.forward_origin is not None or message.contact.user_id != message.from_user.id:
        return None
    return "+" + message.contact.phone_number.removeprefix("+")


def contact_may_link(turn: Turn) -> bool:
    """The settings allow it, and this chat knows no account yet."""
    return turn.config.contact_links and turn.chat.freelancer_id is None


def are_off(*channels: Channel) -> Callable[[Turn], bool]:
    """The settings offer none of these ways to verify a number."""

    def holds(turn: Turn) -> bool:
        return turn.config.channels.isdisjoint(channels)

    return holds


def says_stop(turn: Turn) -> bool:
    """To reminders that this chat gets; anywhere else it is a word like others."""
    return turn.chat.nudge_at is not None and _STOP.fullmatch(turn.text.strip()) is not None


def is_recent(turn: Turn, press: Theirs) -> bool:
    """The button was shown minutes ago, so it is still about the account that it names."""
    if not press.asked_at.isdecimal():
        return False
    age = turn.config.clock.now().timestamp() - int(press.asked_at)
    return age < _RECENT.total_seconds()


def is_in_talk(turn: Turn) -> bool:
    """Said to a person, in a conversation that is going on: no command, no code of a link."""
    return turn.ticket is not None and not is_command(turn) and link_code(turn) is None


def said(turn: Turn) -> Said | None:
    """What the message says; pins and the like say nothing."""
    return None if turn.message is None else said_of(turn.message)


def in_staff_group(turn: Turn) -> bool:
    """Where staff answer, if the settings name such a group."""
    return turn.chat.id == turn.config.staff_chat


async def staff_of(turn: Turn) -> Staff | None:
    """Who writes, if they may answer here."""
    sender = None if turn.message is None else turn.message.from_user
    if sender is None:
        return None
    return await turn.use.recognise_staff(StaffId(sender.id), sender.full_name)


async def ticket_of_topic(turn: Turn) -> Ticket | None:
    """The newest conversation of the chat whose topic this is."""
    message = turn.message
    if message is None or not message.is_topic_message or message.message_thread_id is None:
        return None
    topic = await turn.unit.topics.in_group(message.message_thread_id)
    return None if topic is None else await turn.unit.tickets.last(topic.chat_id)


async def talk_message_answered(turn: Turn) -> TalkMessage | None:
    """The message of a conversation that is replied to, if it is one."""
    before = None if turn.message is None else turn.message.reply_to_message
    return None if before is None else await turn.unit.talks.in_group(before.message_id)
