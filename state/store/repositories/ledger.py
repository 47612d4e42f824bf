"""The verification ledger, and the bindings of numbers to accounts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, func, or_, select, true, update

from state.model.account import FreelancerId
from state.model.destination import Destination
from state.model.ledger import BlockKey, LedgerEntry, LedgerKind, Tally
from state.model.verification import NumberKey, PersonKey, SessionId
from state.store.sql.compiled import Prepared
from state.store.sql.transaction import AnyRow, AnySelect, Transaction
from state.store.sql.types import reading_row
from state.store.tables import number_binding, phone_number
from state.store.tables import verification_ledger as t

_ABOUT: Final = Prepared(
    select(t)
    .where(
        or_(t.c.person_key == bindparam("person"), t.c.number_key == bindparam("number")),
        or_(t.c.at > bindparam("since"), t.c.locked_until > bindparam("since")),
    )
    .order_by(t.c.id)
)
_BOUND: Final = Prepared(
    select(number_binding.c.person_key).where(
        number_binding.c.number_key == bindparam("number"),
        or_(number_binding.c.until.is_(None), number_binding.c.until > bindparam("now")),
    )
)


class SqlLedger:
    """Implements the port `Ledger`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, entry: LedgerEntry) -> None:
        await self._transaction.run(
            self._transaction.insert(t).values(
                at=entry.at,
                kind=entry.kind.value,
                person_key=entry.person,
                number_key=entry.number,
                session_id=entry.session_id,
                block_key=entry.block,
                region=entry.region,
                locked_until=entry.locked_until,
            )
        )

    async def about(
        self, person: PersonKey, number: NumberKey | None, *, since: datetime
    ) -> Sequence[LedgerEntry]:
        rows = await self._transaction.all(_ABOUT, person=person, number=number, since=since)
        return [_to_entry(row) for row in rows]

    async def settle_ask(self, session_id: SessionId, kind: LedgerKind) -> None:
        asked = (t.c.session_id == session_id) & (t.c.kind == LedgerKind.ASKED.value)
        await self._transaction.run(update(t).where(asked).values(kind=kind.value))

    async def clear(self, person: PersonKey, number: NumberKey) -> None:
        wrong = (t.c.number_key == number) & (t.c.kind == LedgerKind.WRONG_CODE.value)
        await self._transaction.run(delete(t).where(wrong, t.c.person_key == person))
        await self._transaction.run(update(t).where(wrong).values(number_key=None))

    async def tally(self, to: Destination, *, since: datetime) -> Tally:
        """Locked until the transaction ends, so that no two calls use the last free place."""
        await self._transaction.lock("calls")
        row = (await self._transaction.all(_tally(to, since)))[0]
        return Tally(
            block_calls=row.block_calls,
            block_oldest=row.block_oldest,
            region_calls=row.region_calls,
            region_oldest=row.region_oldest,
            desk_calls=row.desk_calls,
            desk_oldest=row.desk_oldest,
            misconfigured_at=row.misconfigured_at,
        )

    async def bind(self, number: NumberKey, person: PersonKey) -> None:
        insert = self._transaction.insert(number_binding).values(
            number_key=number, person_key=person, until=None
        )
        await self._transaction.run(
            insert.on_conflict_do_update(
                index_elements=[number_binding.c.number_key],
                set_={"person_key": person, "until": None},
            )
        )

    async def bound_to(self, number: NumberKey, *, now: datetime) -> PersonKey | None:
        person: str | None = await self._transaction.value(_BOUND, number=number, now=now)
        return None if person is None else PersonKey(person)

    async def release_later(self, freelancer_id: FreelancerId, until: datetime) -> None:
        numbers = select(phone_number.c.number_key).where(
            phone_number.c.freelancer_id == freelancer_id,
            phone_number.c.verified_at.is_not(None),
        )
        theirs = number_binding.c.number_key.in_(numbers)
        await self._transaction.run(update(number_binding).where(theirs).values(until=until))

    async def release(self, number: NumberKey) -> bool:
        bound = number_binding.c.number_key == number
        return await self._transaction.changed(delete(number_binding).where(bound))

    async def release_all(self, person: PersonKey) -> None:
        theirs = number_binding.c.person_key == person
        await self._transaction.run(delete(number_binding).where(theirs))


def _tally(to: Destination, since: datetime) -> AnySelect:
    """Count and oldest moment of calls: in the block, in the region, in total."""
    rang = t.c.kind == LedgerKind.ASKED.value
    groups = {
        "block": t.c.block_key == to.block,
        "region": t.c.region == to.region,
        "desk": true(),
    }
    columns = [
        column
        for name, which in groups.items()
        for column in (
            func.count().filter(rang & which).label(f"{name}_calls"),
            func.min(t.c.at).filter(rang & which).label(f"{name}_oldest"),
        )
    ]
    refused = t.c.kind == LedgerKind.MISCONFIGURED.value
    columns.append(func.max(t.c.at).filter(refused).label("misconfigured_at"))
    return select(*columns).select_from(t).where(t.c.at > since)


def _to_entry(row: AnyRow) -> LedgerEntry:
    with reading_row("verification_ledger", row.id):
        kind = LedgerKind(row.kind)
    return LedgerEntry(
        at=row.at,
        kind=kind,
        person=PersonKey(row.person_key),
        number=None if row.number_key is None else NumberKey(row.number_key),
        session_id=SessionId(row.session_id),
        block=None if row.block_key is None else BlockKey(row.block_key),
        region=row.region,
        locked_until=row.locked_until,
    )
