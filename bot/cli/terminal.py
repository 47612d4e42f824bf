"""Output to the terminal, without control characters that a user's text may hold."""

from bot.telemetry.plain_text import plain


def print_line(text: object) -> None:
    """Print the text to standard output, without control characters."""
    print(plain(str(text)))  # noqa: T201 - a command line prints, and here alone
