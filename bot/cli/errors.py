"""How a command fails: one line on standard error, and an exit code."""

import sys
from enum import IntEnum

from bot.telemetry.plain_text import plain


class ExitCode(IntEnum):
    """Exit codes of `helpdesk`."""

    DONE = 0
    FAULTS = 1
    """The command ran and found faults, or failed."""
    USAGE = 2
    """Wrong usage or settings."""
    INTERRUPTED = 130
    """Stopped with Ctrl-C: 128 + SIGINT, the shells' convention."""


class CommandError(Exception):
    """Ends a command with this one-line message and exit code."""

    def __init__(self, message: str, code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(message)
        self.code = code


def print_error(message: str) -> None:
    """Print the message to standard error as one line, without control characters."""
    print(plain("helpdesk: " + " ".join(message.split())), file=sys.stderr)  # noqa: T201 - a command line prints


def innermost(error: BaseException) -> BaseException:
    """The first error inside nested exception groups; otherwise the error itself."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def sentence(error: BaseException) -> str:
    """First line of an unexpected error, with secrets masked.

    Later lines are dropped: database errors print statements and their values there.
    """
    from bot.telemetry.redaction import hide_secrets  # noqa: PLC0415 - slow to import, and seldom needed

    lines = str(error).strip().splitlines() or [type(error).__name__]
    return hide_secrets(lines[0])
