"""A script: starts the bot again and again without importing it anew, which takes seconds.

First it tells its own id. Each line on standard input then starts `helpdesk run` in a process of
its own; its id is told, and when it has ended, how: the exit code, negative for a signal.
"""

import os
import sys
from typing import NoReturn

import bot.app  # noqa: F401 - what takes long
from bot.__main__ import main


def give_birth() -> int:
    child = os.fork()
    if child == 0:
        be_the_bot()
    return child


def be_the_bot() -> NoReturn:
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    main(["run"])


def tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    tell(os.getpid())
    for _ in sys.stdin:
        child = give_birth()
        tell(child)
        _, status = os.waitpid(child, 0)
        tell(os.waitstatus_to_exitcode(status))
