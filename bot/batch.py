"""Turns of several lanes that are one commit, and what is done with their replies."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from aiogram.types import Update

from bot.watch import TurnSeen
from state.model.work import Incoming, OutboxRow


@dataclass(slots=True)
class Batch:
    """Turns of several lanes that are committed together; made anew when run again."""

    rows: list[Incoming] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    seen: list[TurnSeen] = field(default_factory=list)
    more: frozenset[str] = frozenset()
    """Lanes that have another update."""
    replies: Sequence[OutboxRow] = ()
    earlier: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """What else is to be delivered first, by lane."""
    waits: bool = False
    """More than replies was added."""

    def take(
        self, heads: Sequence[Incoming], is_ready: Callable[[Incoming], bool]
    ) -> Sequence[Incoming]:
        """The oldest of each lane, unless that one has to wait, and its lane with it."""
        firsts: dict[str, Incoming] = {}
        for row in heads:
            firsts.setdefault(row.lane, row)
        self.rows = [row for row in firsts.values() if is_ready(row)]
        ready = {row.lane for row in self.rows}
        self.more = frozenset(
            row.lane for row in heads if firsts[row.lane] is not row and row.lane in ready
        )
        return self.rows


class Handover(Protocol):
    """Takes replies straight on to their delivery, past a look into the outbox."""

    async def reserve(self, lanes: Collection[str]) -> frozenset[str]:
        """Those of the lanes in which nobody but this process delivers until they are released."""
        ...

    async def hand_over(
        self,
        rows: Sequence[OutboxRow],
        earlier: Mapping[str, frozenset[int]],
        reserved: Collection[str],
    ) -> None:
        """These were committed. Releases what was reserved, now or when it is delivered."""
        ...
