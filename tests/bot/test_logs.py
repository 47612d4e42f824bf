"""Logs: what is written, how, and what never is."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

import pytest

from bot.logs import OURS, hide_secrets, set_up

SetUp: TypeAlias = Callable[[str, Literal["console", "json"]], io.StringIO]
TOKEN = "7000000001:AAFsecretsecretsecretsecretsecret"


@pytest.fixture
def listen() -> Iterator[SetUp]:
    """Sets logging up into a text, and takes it back at the end."""
    root, handlers = logging.getLogger(), list[logging.Handler]()
    before = {name: logging.getLogger(name).level for name in ("root", *OURS)}

    def listen(level: str, kind: Literal["console", "json"]) -> io.StringIO:
        written = io.StringIO()
        handlers.append(set_up(level, kind, written))
        return written

    yield listen
    for handler in handlers:
        root.removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def refuse() -> None:
    raise OSError(f"https://api.telegram.org/bot{TOKEN}/getMe")


def fail() -> None:
    try:
        refuse()
    except OSError:
        logging.getLogger("bot.x").exception("it %s", "failed")


def test_a_line_for_people(listen: SetUp) -> None:
    written = listen("INFO", "console")

    logging.getLogger("bot.x").info("ready on %s", 8080)

    assert written.getvalue()[8:] == " INFO    bot.x: ready on 8080\n"


def test_a_line_for_machines(listen: SetUp) -> None:
    written = listen("INFO", "json")

    logging.getLogger("state.x").warning("two\nlines")

    event = json.loads(written.getvalue())
    assert written.getvalue().count("\n") == 1
    assert event.pop("at").endswith("Z")
    assert event == {"level": "WARNING", "logger": "state.x", "message": "two\nlines"}


@pytest.mark.parametrize(
    ("logger", "level", "heard"),
    [
        ("bot.turn", logging.INFO, True),
        ("bot.turn", logging.DEBUG, False),
        ("aiogram.event", logging.INFO, False),
        ("aiogram.event", logging.WARNING, True),
        ("aiohttp.access", logging.INFO, False),
        ("sqlalchemy.engine", logging.INFO, False),
    ],
)
def test_libraries_are_quieter_than_the_desk(
    listen: SetUp, logger: str, level: int, heard: bool
) -> None:
    written = listen("INFO", "console")

    logging.getLogger(logger).log(level, "x")

    assert bool(written.getvalue()) is heard


def test_the_level_is_the_desks_own(listen: SetUp) -> None:
    written = listen("ERROR", "console")

    logging.getLogger("bot").warning("x")

    assert written.getvalue() == ""


@pytest.mark.parametrize("kind", ["console", "json"])
def test_a_traceback_is_kept_and_the_token_in_it_is_not(
    listen: SetUp, kind: Literal["console", "json"]
) -> None:
    written = listen("INFO", kind)

    fail()

    assert "Traceback" in written.getvalue()
    assert "it failed" in written.getvalue()
    assert "secret" not in written.getvalue()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            f"url=https://api.telegram.org/bot{TOKEN}/getMe",
            "url=https://api.telegram.org/botTOKEN/getMe",
        ),
        (
            "http://127.0.0.1/telegram/bot42:test/sendMessage",
            "http://127.0.0.1/telegram/botTOKEN/sendMessage",
        ),
        (f"token {TOKEN}.", "token TOKEN."),
        ("postgresql+asyncpg://me:hunter2@db/desk", "postgresql+asyncpg://me:PASSWORD@db/desk"),
        (
            "[SQL: SELECT ?]\n[parameters: ('Ada', 7)]\nmore",
            "[SQL: SELECT ?]\n[parameters: HIDDEN]\nmore",
        ),
        (
            "[type=x, input_value='Ada', input_type=str]",
            "[type=x, input_value=HIDDEN, input_type=str]",
        ),
        ("calling +447911123456 now", "calling NUMBER now"),
        ("2026-11-23 09:30:00+00:00 took 12:34", "2026-11-23 09:30:00+00:00 took 12:34"),
        ("update 9001 failed", "update 9001 failed"),
    ],
)
def test_secrets_and_personal_data_are_hidden_and_the_rest_is_not(text: str, shown: str) -> None:
    assert hide_secrets(text) == shown
