"""A domain value in, a Reply out: which words and buttons, never how they are sent."""

from bot.views import account, answers, call, nudges, phone, privacy, progress, what_if

__all__ = ["account", "answers", "call", "nudges", "phone", "privacy", "progress", "what_if"]
