"""Telegram's Bot API, as a client."""
