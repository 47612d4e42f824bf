"""Addresses that carry a token: into the bot, and into the staff's pages."""


def deep_link(username: str, token: str) -> str:
    return f"https://t.me/{username}?start={token}"


def sign_in_link(address: str, token: str) -> str:
    """Into the staff's pages."""
    return f"{address}/staff/sign-in/{token}"
