"""Linking a chat to an account, and unlinking it."""
