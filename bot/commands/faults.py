"""How a command fails: one line on standard error, and an exit code."""

import sys
from enum import IntEnum


class ExitCode(IntEnum):
    DONE = 0
    FAULTS = 1
    """The work found faults."""
    USAGE = 2
    """Wrong usage or settings."""


class CommandError(Exception):
    """Ends a command with one clear line."""

    def __init__(self, message: str, code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(message)
        self.code = code


def complain(message: str) -> None:
    """One line on standard error, whatever the message held."""
    print("helpdesk: " + " ".join(message.split()), file=sys.stderr)  # noqa: T201 - a command line prints
