"""What is being worked on: named on every line of the log, and whose words no line may repeat."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class About:
    shown: Mapping[str, object] = field(default_factory=dict)
    """On each line, by name."""
    private: object = None
    """An update's JSON, or a task: what people wrote in it stays out of the log."""


ABOUT: ContextVar[About] = ContextVar("about", default=About())  # noqa: B039 - it is frozen
