"""Logs: one line an event, on standard error, without secrets and personal data."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Final, Literal, TextIO

OURS: Final = ("bot", "knowledge", "state")

_HIDDEN: Final = (
    (re.compile(r"\b\d{3,}:[A-Za-z0-9_-]{20,}"), "TOKEN"),
    (re.compile(r"\bbot\d+:[A-Za-z0-9_-]+"), "botTOKEN"),
    (re.compile(r"(\w://[^\s:/@]*):[^\s/@]+@"), r"\1:PASSWORD@"),
    (re.compile(r"\[parameters: .*?\](?=\n|$)", re.DOTALL), "[parameters: HIDDEN]"),
    (re.compile(r"input_value=.*?, input_type=", re.DOTALL), "input_value=HIDDEN, input_type="),
    (re.compile(r"\+\d[\d ().-]{5,}\d"), "NUMBER"),
)
"""Errors of libraries may quote an address with the token in it, a statement's values, a phone
number. Our own messages name none of these; this is the net below them."""


def hide_secrets(text: str) -> str:
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text


class ConsoleFormatter(logging.Formatter):
    """For people: time in UTC, level, logger, message."""

    def format(self, record: logging.LogRecord) -> str:
        text = f"{_moment(record):%H:%M:%S} {record.levelname:<7} {record.name}: "
        text += record.getMessage()
        if record.exc_info:
            text += f"\n{self.formatException(record.exc_info)}"
        return hide_secrets(text)


class JsonFormatter(logging.Formatter):
    """For machines: one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "at": _moment(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": hide_secrets(record.getMessage()),
        }
        if record.exc_info:
            event["traceback"] = hide_secrets(self.formatException(record.exc_info))
        return json.dumps(event, ensure_ascii=False)


def _moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def set_up(
    level: str, kind: Literal["console", "json"], stream: TextIO | None = None
) -> logging.Handler:
    """Our own events from `level` on, those of libraries from WARNING on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if kind == "json" else ConsoleFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    return handler
