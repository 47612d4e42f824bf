"""Where Twilio asks what to say and tells how a call goes, below the public address."""

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
"""Query parameter: how often this turn was asked for in vain."""


@dataclass(frozen=True, slots=True)
class Addresses:
    public_url: str

    def step(self, step: str, session_id: SessionId, turn: int) -> str:
        return f"{self.public_url}{_ROOT}/{step}/{session_id}/{turn}"

    def again(self, session_id: SessionId, turn: int, tried: int) -> str:
        return f"{self.step('fallback', session_id, turn)}?{_TRIED}={tried}"

    def status(self, session_id: SessionId) -> str:
        return f"{self.public_url}{_ROOT}/{STATUS}/{session_id}"


def tried_of(query: Mapping[str, str]) -> int:
    text = query.get(_TRIED, "")
    return int(text) if text in {"1", "2", "3"} else 0
