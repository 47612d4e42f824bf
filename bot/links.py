"""The address that opens the bot with a payload."""


def deep_link(username: str, token: str) -> str:
    return f"https://t.me/{username}?start={token}"
