"""Fair queueing for the staff group, which takes few messages a minute.

A new request for a person goes first. All else takes turns by chat (round robin), so that a chat
with a hundred messages delays only itself.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Final

from state.model.work import GroupNews, OutboxRow, ShowPacket, TellGroup

FIRSTS_IN_A_ROW: Final = 3
"""New requests in a row before another message, so that many don't block conversations."""
_REMEMBERED: Final = 5_000
"""Chats whose last turn is remembered; a forgotten one counts as never served."""


class FairShare:
    """Chooses the next rows for the group; `lane` is the group's lane in the rate limiter."""

    def __init__(self, lane: str) -> None:
        self.lane = lane
        self._turns: OrderedDict[str, int] = OrderedDict()
        """By chat lane: number of its last turn, least recent first."""
        self._served = 0
        self._firsts = 0
        """New requests served in a row."""

    def choose(self, heads: Sequence[OutboxRow], most: int) -> Sequence[OutboxRow]:
        """The next rows in delivery order, at most `most`, of the first row of each lane."""
        firsts = iter([row for row in heads if is_first(row)])
        rest = [row for row in heads if not is_first(row)]
        rest.sort(key=lambda row: (self._turns.get(row.lane, 0), row.id))
        return [row for row, _ in zip(self._mixed(firsts, iter(rest)), range(most), strict=False)]

    def served(self, row: OutboxRow) -> None:
        """Record that this row was delivered."""
        self._served += 1
        self._firsts = self._firsts + 1 if is_first(row) else 0
        self._turns[row.lane] = self._served
        self._turns.move_to_end(row.lane)
        if len(self._turns) > _REMEMBERED:
            self._turns.popitem(last=False)

    def _mixed(
        self, firsts: Iterator[OutboxRow], rest: Iterator[OutboxRow]
    ) -> Iterator[OutboxRow]:
        in_a_row = self._firsts
        while True:
            sources = (firsts, rest) if in_a_row < FIRSTS_IN_A_ROW else (rest, firsts)
            row = next(sources[0], None) or next(sources[1], None)
            if row is None:
                return
            in_a_row = in_a_row + 1 if is_first(row) else 0
            yield row


def is_first(row: OutboxRow) -> bool:
    """Whether the row shows staff a new or reopened request."""
    task = row.task
    if isinstance(task, TellGroup):
        return task.news == GroupNews.REOPENED
    return isinstance(task, ShowPacket) and task.anew
