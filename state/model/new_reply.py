"""A reply between the turn that gives it and the outbox that keeps it."""

from dataclasses import dataclass
from datetime import datetime

from state.model.work import SendReply


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReply:
    """What a turn says, before it has its place in the outbox."""

    lane: str
    key: str
    task: SendReply
    due_at: datetime
