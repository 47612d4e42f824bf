"""A script: starts the bot again and again without importing it anew, which takes seconds.

Each line on standard input starts `helpdesk run` in a process of its own; its id is printed, and
when it has ended, how: the exit code, negative for a signal.
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


if __name__ == "__main__":
    print("ready", flush=True)
    for _ in sys.stdin:
        child = give_birth()
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
