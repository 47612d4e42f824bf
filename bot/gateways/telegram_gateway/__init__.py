"""Telegram Gateway: verification codes sent as messages."""
