"""How a command fails: one line on standard error, and an exit code."""

import sys
from enum import IntEnum

from bot.telemetry.plain_text import plain


class ExitCode(IntEnum):
    DONE = 0
    FAULTS = 1
    """The work found faults."""
    USAGE = 2
    """Wrong usage or settings."""
    INTERRUPTED = 130
    """Stopped with Ctrl-C, as shells say it."""


class CommandError(Exception):
    """Ends a command with one clear line."""

    def __init__(self, message: str, code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(message)
        self.code = code


def complain(message: str) -> None:
    """One line on standard error, whatever the message held."""
    print(plain("helpdesk: " + " ".join(message.split())), file=sys.stderr)  # noqa: T201 - a command line prints


def innermost(error: BaseException) -> BaseException:
    """What went wrong inside task groups, rather than that something did."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def sentence(error: BaseException) -> str:
    """The first line of an error nobody foresaw; later ones hold statements and their values."""
    from bot.telemetry.redaction import hide_secrets  # noqa: PLC0415 - slow to import, and seldom needed

    lines = str(error).strip().splitlines() or [type(error).__name__]
    return hide_secrets(lines[0])
