"""Logging to standard error, one line per event, with secrets and users' words redacted."""

import logging
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal, TextIO, TypeAlias

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor

from bot.telemetry.plain_text import plain
from bot.telemetry.redaction import hide_secrets, hide_words, hide_words_of_errors


@dataclass(frozen=True, slots=True)
class LogSubject:
    """Log context: what the current task works on."""

    shown: Mapping[str, object] = field(default_factory=dict)
    """Fields added to each line."""
    private: object = None
    """An update's JSON, or an outbox task, whose texts are redacted from the log."""


SUBJECT: ContextVar[LogSubject] = ContextVar("about", default=LogSubject())  # noqa: B039 - it is frozen


OURS: Final = ("bot", "knowledge", "state")
LogFormat: TypeAlias = Literal["console", "json"]
_TRACEBACK: Final = "traceback"
_JSON: Final = structlog.processors.JSONRenderer(ensure_ascii=False)


def _add_place(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Processor: add time, level and logger."""
    record: logging.LogRecord = event["_record"]
    at = datetime.fromtimestamp(record.created, UTC)
    return {
        "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname,
        "logger": record.name,
        "message": event.pop("event"),
        **event,
    }


def _add_subject(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Processor: add the update or outbox row in progress."""
    return {**event, **SUBJECT.get().shown}


def _rename_traceback(_logger: object, _method: str, event: EventDict) -> EventDict:
    if "exception" in event:
        event[_TRACEBACK] = event.pop("exception")
    return event


def _be_discreet(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Processor: redact secrets and users' words from message and traceback."""
    private = SUBJECT.get().private
    if _TRACEBACK in event:
        event[_TRACEBACK] = hide_words_of_errors(event[_TRACEBACK], private)
    event["message"] = hide_words(event["message"], private)
    for name in ("message", _TRACEBACK):
        if name in event:
            event[name] = hide_secrets(event[name])
    return event


def _for_people(_logger: object, _method: str, event: EventDict) -> str:
    """Renderer of the console format: UTC time, level, logger, message and fields."""
    time, level, logger, message = (
        event.pop(name) for name in ("at", "level", "logger", "message")
    )
    traceback = event.pop(_TRACEBACK, None)
    subject = "".join(f" {name}={value}" for name, value in event.items())
    line = plain(f"{time[11:19]} {level:<7} {logger}: {message}{subject}").replace("\n", "\\n")
    return f"{line}\n{plain(traceback)}" if traceback else line


def _as_json(logger: object, method: str, event: EventDict) -> str:
    return plain(str(_JSON(logger, method, event)))


def formatter(kind: LogFormat) -> logging.Formatter:
    """Formatter of the console or JSON format."""
    renderer: Processor = _as_json if kind == "json" else _for_people
    return ProcessorFormatter(
        processors=[
            _add_place,
            _add_subject,
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _rename_traceback,
            _be_discreet,
            renderer,
        ]
    )


def add_handler(level: str, kind: LogFormat, stream: TextIO | None = None) -> logging.Handler:
    """Add a handler to the root logger; returns it.

    Our own loggers log from `level` on, libraries from WARNING on. `stream` defaults to standard
    error.
    """
    _through_logging()
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter(kind))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    return handler


def _through_logging() -> None:
    """Hand what libraries log by structlog, which prints to standard output, to `logging`."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
