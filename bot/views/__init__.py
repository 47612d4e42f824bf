"""A domain value in, a Reply out: which words and buttons, never how they are sent."""

from bot.views import account, answers, phone, progress

__all__ = ["account", "answers", "phone", "progress"]
