"""Groups of unanswered questions, stored after the questions themselves are deleted."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from state.model.question import MissedGroup
from state.store.sql.transaction import AnyRow, Transaction
from state.store.sql.types import reading_row
from state.store.tables import missed_group as t

_LARGEST_FIRST = (t.c.count.desc(), t.c.last_at.desc(), t.c.key)


class SqlMissedGroups:
    """Implements the port `MissedGroups`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(self, keys: Collection[str]) -> Mapping[str, MissedGroup]:
        rows = await self._transaction.all(select(t).where(t.c.key.in_(keys)))
        return {row.key: _to_group(row) for row in rows}

    async def put(self, groups: Iterable[MissedGroup]) -> None:
        for group in groups:
            new = self._transaction.insert(t).values(
                key=group.key,
                language=group.language,
                words=group.words,
                how=dict(group.how),
                count=group.count,
                first_at=group.first_at,
                last_at=group.last_at,
            )
            changes = {
                name: new.excluded[name] for name in ("how", "count", "first_at", "last_at")
            }
            await self._transaction.run(
                new.on_conflict_do_update(index_elements=[t.c.key], set_=changes)
            )

    async def since(self, moment: datetime, *, limit: int) -> Sequence[MissedGroup]:
        recent = select(t).where(t.c.last_at >= moment).order_by(*_LARGEST_FIRST).limit(limit)
        return [_to_group(row) for row in await self._transaction.all(recent)]

    async def keep_largest(self, number: int) -> None:
        kept = select(t.c.key).order_by(*_LARGEST_FIRST).limit(number)
        await self._transaction.run(delete(t).where(t.c.key.not_in(kept)))


def _to_group(row: AnyRow) -> MissedGroup:
    with reading_row("missed_group", row.key):
        return MissedGroup(
            key=row.key,
            language=row.language,
            words=row.words,
            how={str(how): int(count) for how, count in row.how.items()},
            first_at=row.first_at,
            last_at=row.last_at,
        )
