"""What is to be done outside, added by the same commit as its cause, and how it went."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from state.model.work import OutboxRow, Task, queue_of
from state.store.tables import outbox as t
from state.store.tables.work import WorkState
from state.store.tasks import kind_of, to_payload
from state.store.transaction import Transaction


class SqlOutbox:
    """Fills the port `Outbox`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(
        self, task: Task, *, lane: str, key: str, due_at: datetime, replace: bool = False
    ) -> None:
        """What is replaced loses its row and id, so a worker that has it cannot finish the new."""
        if replace:
            await self.drop(key)
        insert = self._transaction.insert(t).values(
            queue=queue_of(task).value,
            lane=lane,
            key=key,
            kind=kind_of(task),
            payload=to_payload(task),
            due_at=due_at,
            state=WorkState.PENDING.value,
            tries=0,
        )
        await self._transaction.run(insert.on_conflict_do_nothing(index_elements=[t.c.key]))

    async def drop(self, key: str) -> None:
        held = (t.c.key == key) & t.c.done_at.is_(None)
        await self._transaction.run(delete(t).where(held))

    async def finish(self, row: OutboxRow, at: datetime) -> None:
        await self._change(row, state=WorkState.DONE.value, done_at=at, payload=None)

    async def retry(self, row: OutboxRow, *, not_before: datetime, reason: str) -> None:
        await self._change(row, tries=row.tries + 1, not_before=not_before, reason=reason)

    async def give_up(self, row: OutboxRow, *, at: datetime, reason: str) -> None:
        state = WorkState.GIVEN_UP.value
        await self._change(row, state=state, done_at=at, payload=None, reason=reason)

    async def _change(self, row: OutboxRow, **values: Any) -> None:
        pending = (t.c.id == row.id) & t.c.done_at.is_(None)
        await self._transaction.run(update(t).where(pending).values(values))
