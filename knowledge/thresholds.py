"""Where one kind of answer ends and the next begins."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Scores run from 0 to 1."""

    answer: float
    """From here on the best article is shown."""
    offer: float
    """From here on up to three titles are offered; below, the desk says that it doesn't know."""
    margin: float
    """The best article is only shown outright when it leads the next by this much."""


@cache
def shipped() -> Thresholds:
    """Chosen by `helpdesk eval --calibrate`; the file says on what, and with what result."""
    chosen = tomllib.loads((files("knowledge") / "calibration.toml").read_text(encoding="utf-8"))
    return Thresholds(**chosen["thresholds"])
