"""Conditions of routes, and extractors that find a value in a message."""

import re
from collections.abc import Callable
from datetime import timedelta

from aiogram.types import Message

from bot.gateways.telegram.messages import content_of, is_from_person
from bot.gateways.telegram.parsing import invalid_fields
from bot.incoming.turn import Turn
from bot.presentation.buttons import PersonalDataButton
from knowledge.model import Job
from state.model.channel import Channel
from state.model.chat import Awaiting
from state.model.staff import Staff, StaffId
from state.model.ticket import MessageContent, TalkMessage, Ticket
from state.rules.phone_number import LABEL

_CODE = re.compile(r"\d+(?:[\s-]\d+)?")
"""Digits, perhaps in two groups."""
_FIVE_DIGITS = re.compile(r"\d{5}")
_LOGIN_CODE = re.compile(r"\blogin\s++code\b", re.IGNORECASE)
_LINK_CODES = (
    r"(?=.{0,10}[A-Za-z])(?=.{0,10}[0-9])([A-Za-z0-9]{4})(?:\s?[-\u2010-\u2015]\s?)?([A-Za-z0-9]{4})",
    r"([A-Z]{4})-([A-Z]{4})",
    r"(?=.{0,8}[2-9])([A-HJKMNP-Za-hjkmnp-z2-9]{4})\s([A-HJKMNP-Za-hjkmnp-z2-9]{4})",
)
"""Link codes as phone keyboards alter them: any dash, none, or a space instead.

After a space, only characters of real codes count, so that "form 1099" is none. Two plain words,
like "part-time", are a question.
"""
_LINK_CODE = re.compile("|".join(_LINK_CODES))
_LEAST_DIGITS = 7
"""Fewest digits of a phone number, unless that is the length of a code."""
_RECENT = timedelta(minutes=10)
_CLOCK_SKEW = timedelta(minutes=1)
_MOST_LETTERS = 4
"""Most letters in a phone number, besides its label; with more, the text is a question."""


def in_group(turn: Turn) -> bool:
    """Whether the chat is a group, where nothing about an account may be said."""
    return not turn.context.is_private


def has_text(turn: Turn) -> bool:
    return bool(turn.text)


def has_content(turn: Turn) -> bool:
    """Whether a person sent it; service messages, like that of a pin, are nobody's words."""
    return turn.message is not None and is_from_person(turn.message)


def is_edited(turn: Turn) -> bool:
    return turn.is_edited


def is_new(turn: Turn) -> bool:
    return not turn.is_edited


def is_command(turn: Turn) -> bool:
    return turn.text.startswith("/")


def is_plain_question(turn: Turn) -> bool:
    """Whether the message is text to be answered from the articles, and nothing else is due.

    Not a command or code, in no conversation with staff, and while no number is asked for.
    """
    if not turn.context.is_private or turn.message is None or not turn.message.text:
        return False
    is_taken = turn.ticket is not None or turn.chat.awaiting is not Awaiting.NOTHING
    others = (is_edited, is_command, is_own_result, is_code, is_telegram_code, says_stop)
    return not is_taken and link_code(turn) is None and not any(one(turn) for one in others)


def link_code(turn: Turn) -> str | None:
    """The link code that the whole message consists of, in normal form; None otherwise."""
    found = _LINK_CODE.fullmatch(turn.text.strip().removesuffix("."))
    return "-".join(filter(None, found.groups())).upper() if found else None


def is_number(turn: Turn) -> bool:
    """Whether the text is a phone number, in a chat that was asked for one."""
    digits = sum(sign.isdigit() for sign in turn.text)
    letters = sum(sign.isalpha() for sign in LABEL.sub("", turn.text))
    expected = turn.chat.awaiting is Awaiting.NUMBER
    return expected and digits >= _LEAST_DIGITS and letters <= _MOST_LETTERS


def is_code(turn: Turn) -> bool:
    """Whether the text is a verification code, by its length, in a linked chat."""
    linked, text = turn.chat.freelancer_id is not None, turn.text.strip()
    digits = sum(sign.isdigit() for sign in text)
    is_long_enough = digits == turn.policy.verification.code_digits
    return linked and is_long_enough and _CODE.fullmatch(text) is not None


def is_telegram_code(turn: Turn) -> bool:
    """Whether the text holds a five-digit Telegram login code, which must not be shared."""
    text = turn.text.strip()
    named = _LOGIN_CODE.search(text)
    return _FIVE_DIGITS.fullmatch(text) is not None or (
        named is not None and _FIVE_DIGITS.search(text, named.end()) is not None
    )


def has_contact(turn: Turn) -> bool:
    return turn.message is not None and turn.message.contact is not None


def others_contact_outside_talk(turn: Turn) -> bool:
    """Whether a contact is of no use here; in a conversation, staff get it."""
    return has_contact(turn) and turn.ticket is None


def is_own_result(turn: Turn) -> bool:
    """Whether the message is an article of this bot's, sent from its inline mode."""
    via = None if turn.message is None else turn.message.via_bot
    return via is not None and (via.username or "").lower() == turn.config.username.lower()


def own_contact(turn: Turn) -> str | None:
    """Phone number of the sender's own contact, not forwarded; None otherwise."""
    message = turn.message
    if message is None or message.contact is None or message.from_user is None:
        return None
    if _is_forwarded(message) or message.contact.user_id != message.from_user.id:
        return None
    return "+" + message.contact.phone_number.removeprefix("+")


def _is_forwarded(message: Message) -> bool:
    """Whether it is a forward, also one whose origin this version can't read."""
    return message.forward_origin is not None or "forward_origin" in invalid_fields(message)


def contact_may_link(turn: Turn) -> bool:
    """Whether sharing a contact may link this chat: allowed, and not linked yet."""
    return turn.config.contact_links and turn.chat.freelancer_id is None


def are_off(*channels: Channel) -> Callable[[Turn], bool]:
    """Condition: the settings offer none of these channels for verification codes."""

    def holds(turn: Turn) -> bool:
        return turn.config.channels.isdisjoint(channels)

    return holds


def says_stop(turn: Turn) -> bool:
    """Whether the text asks to stop, in a chat that gets reminders."""
    said = {Job.STOP, Job.REMINDERS_OFF}
    return turn.chat.nudge_at is not None and turn.catalogue.engine.job(turn.text) in said


def calls_for_job(turn: Turn) -> bool:
    """Whether the text mentions this bot, and asks for one of its jobs."""
    mention = f"@{turn.config.username}"
    said = turn.text.replace(mention, "")
    return said != turn.text and turn.catalogue.engine.job(said) is not None


def is_recent(turn: Turn, press: PersonalDataButton) -> bool:
    """Whether the button is at most 10 minutes old, so that it still concerns the same account.

    One from the future, by more than clocks may differ, is not.
    """
    if not press.asked_at.isdecimal():
        return False
    age = turn.config.clock.now().timestamp() - int(press.asked_at)
    return -_CLOCK_SKEW.total_seconds() < age < _RECENT.total_seconds()


def is_in_talk(turn: Turn) -> bool:
    """Whether the message belongs to an open conversation with staff.

    Commands and link codes do not.
    """
    return turn.ticket is not None and not is_command(turn) and link_code(turn) is None


def said(turn: Turn) -> MessageContent | None:
    """The message's content; None for service messages."""
    return None if turn.message is None else content_of(turn.message)


def in_staff_group(turn: Turn) -> bool:
    """Whether the chat is the configured staff group."""
    return turn.chat.id == turn.config.staff_chat


async def staff_of(turn: Turn) -> Staff | None:
    """The sender as a staff member; None if they are not staff."""
    sender = None if turn.message is None else turn.message.from_user
    if sender is None:
        return None
    return await turn.use.recognise_staff(StaffId(sender.id), sender.full_name)


async def ticket_of_topic(turn: Turn) -> Ticket | None:
    """Newest ticket of the chat that this forum topic belongs to; None outside of topics."""
    message = turn.message
    if message is None or not message.is_topic_message or message.message_thread_id is None:
        return None
    topic = await turn.unit.topics.in_group(message.message_thread_id)
    return None if topic is None else await turn.unit.tickets.last(topic.chat_id)


async def talk_message_answered(turn: Turn) -> TalkMessage | None:
    """The conversation message that this one is a reply to, if any."""
    before = None if turn.message is None else turn.message.reply_to_message
    return None if before is None else await turn.unit.talks.in_group(before.message_id)
