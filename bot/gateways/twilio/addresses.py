"""URLs of Twilio's webhooks, below the public URL."""

from collections.abc import Mapping
from dataclasses import dataclass

from state.model.verification import SessionId

_ROOT = "/hooks/twilio"
STATUS = "status"
PATHS = (
    *(
        f"{_ROOT}/{step}/{{session}}/{{turn:\\d{{1,3}}}}"
        for step in ("voice", "ack", "code", "fallback")
    ),
    f"{_ROOT}/{STATUS}/{{session}}",
)
_TRIED = "tried"
"""Query parameter: how often the response to this turn was postponed."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Builds webhook URLs for one public URL."""

    public_url: str

    def step(self, step: str, session_id: SessionId, turn: int) -> str:
        """URL that asks for the words of a step: `voice`, `ack`, `code` or `fallback`."""
        return f"{self.public_url}{_ROOT}/{step}/{session_id}/{turn}"

    def again(self, session_id: SessionId, turn: int, tried: int) -> str:
        """URL that asks for the same turn once more."""
        return f"{self.step('fallback', session_id, turn)}?{_TRIED}={tried}"

    def status(self, session_id: SessionId) -> str:
        """URL of status reports about the session's call."""
        return f"{self.public_url}{_ROOT}/{STATUS}/{session_id}"


def tried_of(query: Mapping[str, str]) -> int:
    """How often this turn was postponed, 0 to 3, from the query string."""
    text = query.get(_TRIED, "")
    return int(text) if text in {"1", "2", "3"} else 0
