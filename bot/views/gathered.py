"""All views under one name, for those who show many; the terminal takes the one it needs."""

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
