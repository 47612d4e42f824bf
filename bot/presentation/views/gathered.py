"""All views under one name, for those who show many; the terminal takes the one it needs."""

from bot.presentation.views import account, answers, call, nudges, privacy, progress, talk, what_if
from bot.presentation.views import account as desk
from bot.presentation.views import account as staff_door
from bot.presentation.views import staff_group as group
from bot.presentation.views import verification as phone

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
