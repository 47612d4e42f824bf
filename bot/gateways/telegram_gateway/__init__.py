"""Telegram Gateway: a code channel that sends verification codes as Telegram messages."""
