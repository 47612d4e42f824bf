"""URLs that carry a token: deep links into the bot, sign-in links to the staff pages."""


def deep_link(username: str, token: str) -> str:
    """Telegram deep link that sends the bot `/start <token>`."""
    return f"https://t.me/{username}?start={token}"


def sign_in_link(address: str, token: str) -> str:
    """Sign-in link to the staff pages; `address` is their base URL."""
    return f"{address}/staff/sign-in/{token}"
