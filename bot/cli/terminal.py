"""What a command prints: words of people among it, who may have put in more than words."""

from bot.telemetry.plain_text import plain


def say(text: object) -> None:
    print(plain(str(text)))  # noqa: T201 - a command line prints, and here alone
