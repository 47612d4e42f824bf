"""A domain value in, a Reply out: which words and buttons, never how they are sent."""

from bot.views import (
    account,
    answers,
    call,
    desk,
    group,
    nudges,
    phone,
    privacy,
    progress,
    staff_door,
    talk,
    what_if,
)

__all__ = [
    "account",
    "answers",
    "call",
    "desk",
    "group",
    "nudges",
    "phone",
    "privacy",
    "progress",
    "staff_door",
    "talk",
    "what_if",
]
