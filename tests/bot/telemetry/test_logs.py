"""Logs: what is written, how, and what never is."""

import io
import json
import logging
import time
from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

import pytest
import structlog

from bot.telemetry.logs import OURS, SUBJECT, LogSubject, add_handler
from bot.telemetry.redaction import hide_secrets

SetUp: TypeAlias = Callable[[str, Literal["console", "json"]], io.StringIO]
TOKEN = "7000000001:AAFsecretsecretsecretsecretsecret"


@pytest.fixture
def listen() -> Iterator[SetUp]:
    """Sets logging up into a text, and takes it back at the end."""
    root, handlers = logging.getLogger(), list[logging.Handler]()
    before = {name: logging.getLogger(name).level for name in ("root", *OURS)}

    def listen(level: str, kind: Literal["console", "json"]) -> io.StringIO:
        written = io.StringIO()
        handlers.append(add_handler(level, kind, written))
        return written

    yield listen
    for handler in handlers:
        root.removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


def refuse() -> None:
    raise OSError(f"https://api.telegram.org/bot{TOKEN}/getMe")


def fail() -> None:
    try:
        refuse()
    except OSError:
        logging.getLogger("bot.x").exception("it %s", "failed")


def test_console_format_is_a_readable_line(listen: SetUp) -> None:
    written = listen("INFO", "console")

    logging.getLogger("bot.x").info("ready on %s", 8080)

    assert written.getvalue()[8:] == " INFO    bot.x: ready on 8080\n"


def test_json_format_is_one_object_a_line(listen: SetUp) -> None:
    written = listen("INFO", "json")

    logging.getLogger("state.x").warning("two\nlines")

    event = json.loads(written.getvalue())
    assert written.getvalue().count("\n") == 1
    assert event.pop("at").endswith("Z")
    assert event == {"level": "WARNING", "logger": "state.x", "message": "two\nlines"}


@pytest.mark.parametrize(
    ("logger", "level", "heard"),
    [
        ("bot.incoming.turn_loop", logging.INFO, True),
        ("bot.incoming.turn_loop", logging.DEBUG, False),
        ("aiogram.event", logging.INFO, False),
        ("aiogram.event", logging.WARNING, True),
        ("aiohttp.access", logging.INFO, False),
        ("sqlalchemy.engine", logging.INFO, False),
    ],
)
def test_libraries_log_only_warnings(listen: SetUp, logger: str, level: int, heard: bool) -> None:
    written = listen("INFO", "console")

    logging.getLogger(logger).log(level, "x")

    assert bool(written.getvalue()) is heard


def test_the_configured_level_applies_to_our_loggers(listen: SetUp) -> None:
    written = listen("ERROR", "console")

    logging.getLogger("bot").warning("x")

    assert written.getvalue() == ""


def test_structlog_lines_of_libraries_look_like_any_other(
    listen: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    written = listen("INFO", "json")

    structlog.get_logger("stamina").warning("retry scheduled", args=("x",), retry_num=1)
    structlog.get_logger("stamina").info("not heard")

    event = json.loads(written.getvalue())
    assert (event["level"], event["logger"]) == ("WARNING", "stamina")
    assert event["message"] == "event='retry scheduled' args=('x',) retry_num=1"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("kind", ["console", "json"])
def test_a_traceback_is_logged_without_the_token_in_it(
    listen: SetUp, kind: Literal["console", "json"]
) -> None:
    written = listen("INFO", kind)

    fail()

    assert "Traceback" in written.getvalue()
    assert "it failed" in written.getvalue()
    assert "secret" not in written.getvalue()


UPDATE = json.dumps(
    {
        "update_id": 9001,
        "message": {
            "text": "my mother's name is Wilhelmina\nand I live in Łódź",
            "from": {"id": 5552368123, "first_name": "Adelheid", "username": "ada_l"},
            "contact": {"phone_number": "0151 2345678"},
        },
    }
)


@pytest.fixture
def during_a_turn() -> Iterator[None]:
    token = SUBJECT.set(LogSubject({"update": 9001}, UPDATE))
    yield
    SUBJECT.reset(token)


@pytest.mark.usefixtures("during_a_turn")
def test_a_line_names_the_update_it_concerns(listen: SetUp) -> None:
    for_people, for_machines = listen("INFO", "console"), listen("INFO", "json")

    logging.getLogger("aiohttp").warning("slow")

    assert for_people.getvalue().endswith("aiohttp: slow update=9001\n")
    assert json.loads(for_machines.getvalue())["update"] == 9001


def refuse_to_read(words: str) -> None:
    raise ValueError(words)


def misread(words: str) -> None:
    try:
        refuse_to_read(words)
    except ValueError as error:
        raise KeyError(words) from error


@pytest.mark.usefixtures("during_a_turn")
@pytest.mark.parametrize("kind", ["console", "json"])
@pytest.mark.parametrize(
    "quoted",
    [
        "my mother's name is Wilhelmina",
        repr("my mother's name is Wilhelmina\nand I live in Łódź"),
        "invalid literal: 'Wilhelmina'",
        "Adelheid (@ada_l) of Łódź",
        "0151 2345678 rang",
        "user 5552368123",
        "the code is 123456",
        "the code is 123 456.",
    ],
)
def test_messages_of_people_appear_in_no_line_and_no_traceback(
    listen: SetUp, kind: Literal["console", "json"], quoted: str
) -> None:
    written = listen("INFO", kind)

    try:
        misread(quoted)
    except KeyError:
        logging.getLogger("bot.x").exception("it failed")

    secrets = ("mother", "Wilhelmina", "Adelheid", "ada_l", "Łódź", "2345678", "5552368123")
    shown = written.getvalue()
    assert [one for one in (*secrets, "\\u0141", "123456", "123 456") if one in shown] == []
    assert "misread(quoted)" in shown
    assert "update" in shown


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
        ("postgresql+asyncpg://me:a@b/c'\"@db/desk", "postgresql+asyncpg://me:PASSWORD@db/desk"),
        (
            "[SQL: SELECT ?]\n[parameters: ('Ada', 7)]\nmore",
            "[SQL: SELECT ?]\n[parameters: HIDDEN]\nmore",
        ),
        (
            "[type=x, input_value='Ada', input_type=str]",
            "[type=x, input_value=HIDDEN, input_type=str]",
        ),
        ("calling +447911123456 now", "calling NUMBER now"),
        ("calling 447911123456 now", "calling NUMBER now"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer SECRET"),
        ("secret whsec_c2VjcmV0", "secret whsec_SECRET"),
        ("DETAIL:  Key (phone)=(x) already exists.", "DETAIL: HIDDEN"),
        ("code 482913, or 482 913", "code CODE, or CODE"),
        ("code:482913, code=482913, (482913)", "code:CODE, code=CODE, (CODE)"),
        ("48 29 13, 48-29-13, 4 8 2 9 1 3", "CODE, CODE, CODE"),
        ("482\u2013913 and 4-8-2-9-1-3", "CODE and CODE"),
        ("202-555-0123, (202) 555-0123", "NUMBER, NUMBER"),
        ("to 202 555 0123 or tel:+12025550123", "to NUMBER or tel:NUMBER"),
        (
            "flood:700123:2026-11-30T08:16:00 at 12:34:56",
            "flood:700123:2026-11-30T08:16:00 at 12:34:56",
        ),
        ("2026-11-30 08:16, at 08:16:45", "2026-11-30 08:16, at 08:16:45"),
        ("at 09:30:00.123456, port 65535, line 120", "at 09:30:00.123456, port 65535, line 120"),
        ("2026-11-23 09:30:00+00:00 took 12:34", "2026-11-23 09:30:00+00:00 took 12:34"),
        ("update 9001 failed", "update 9001 failed"),
    ],
)
def test_secrets_and_personal_data_are_hidden_and_the_rest_is_not(text: str, shown: str) -> None:
    assert hide_secrets(text) == shown


HOSTILE = "\x1b]0;owned\x07\x9b31m\u202e\r\nERROR bot: forged"


@pytest.mark.parametrize("kind", ["console", "json"])
def test_control_characters_are_escaped(listen: SetUp, kind: Literal["console", "json"]) -> None:
    written = listen("INFO", kind)

    logging.getLogger("bot.x").warning("refused: %s", HOSTILE)

    [line] = written.getvalue().splitlines()
    assert [one for one in line if not one.isprintable()] == []
    assert "forged" in line


@pytest.mark.parametrize("piece", ["1", "1 ", "1-", "(1", "1 (", "+1", " ", "a", "1:", "٤"])
def test_redaction_takes_linear_time(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    began = time.process_time()

    hide_secrets(text)

    assert time.process_time() - began < 1
