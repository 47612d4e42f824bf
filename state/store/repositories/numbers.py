"""Phone numbers: one current per freelancer; each is verified on at most one account."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from state.model.account import FreelancerId
from state.model.verification import NumberKey
from state.ports import NumberRecord, StaleStateError
from state.store.sql.compiled import Prepared
from state.store.sql.transaction import Transaction
from state.store.tables import phone_number as t

_CURRENT = Prepared(
    select(t.c.number).where(t.c.freelancer_id == bindparam("of"), t.c.replaced_at.is_(None))
)


class SqlNumbers:
    """Implements the port `Numbers`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def current(self, freelancer_id: FreelancerId) -> str | None:
        number: str | None = await self._transaction.value(_CURRENT, of=freelancer_id)
        return number

    async def set_current(
        self, freelancer_id: FreelancerId, number: str, key: NumberKey | None, at: datetime
    ) -> None:
        """Replace the current number; a number used before is restored with its verification."""
        mine = (t.c.freelancer_id == freelancer_id) & t.c.replaced_at.is_(None)
        await self._transaction.run(update(t).where(mine).values(replaced_at=at))
        insert = self._transaction.insert(t).values(
            freelancer_id=freelancer_id, number=number, number_key=key, set_at=at
        )
        await self._transaction.run(
            insert.on_conflict_do_update(
                index_elements=[t.c.freelancer_id, t.c.number_key],
                set_={"number": number, "set_at": at, "replaced_at": None},
            )
        )

    async def mark_verified(
        self, freelancer_id: FreelancerId, key: NumberKey, at: datetime
    ) -> None:
        mine = (t.c.freelancer_id == freelancer_id) & (t.c.number_key == key)
        if not await self._transaction.changed(update(t).where(mine).values(verified_at=at)):
            message = f"{freelancer_id} has no such number any more"
            raise StaleStateError(message)

    async def verified_by(self, key: NumberKey) -> FreelancerId | None:
        verified = (t.c.number_key == key) & t.c.verified_at.is_not(None)
        owner: str | None = await self._transaction.value(
            select(t.c.freelancer_id).where(verified)
        )
        return None if owner is None else FreelancerId(owner)

    async def clear_verified(self, freelancer_id: FreelancerId) -> None:
        mine = t.c.freelancer_id == freelancer_id
        await self._transaction.run(update(t).where(mine).values(verified_at=None))

    async def all(self, freelancer_id: FreelancerId) -> Sequence[NumberRecord]:
        mine = select(t).where(t.c.freelancer_id == freelancer_id).order_by(t.c.id)
        return [
            NumberRecord(
                number=row.number,
                set_at=row.set_at,
                replaced_at=row.replaced_at,
                verified_at=row.verified_at,
            )
            for row in await self._transaction.all(mine)
        ]

    async def erase(self, freelancer_id: FreelancerId) -> None:
        await self._transaction.run(delete(t).where(t.c.freelancer_id == freelancer_id))
