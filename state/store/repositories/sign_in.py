"""Staff sign-in links and browser sessions, both found by a hash of their secret."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from state.model.sign_in import SignInLink, StaffSession, Way
from state.model.staff import StaffId
from state.ports import StaleStateError
from state.store.sql.transaction import AnyRow, Transaction
from state.store.sql.types import reading_row
from state.store.tables import sign_in_link as link
from state.store.tables import visit as v


class SqlSignInLinks:
    """Implements the port `SignInLinks`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, new: SignInLink) -> None:
        values = {
            "token_hash": new.token_hash,
            "staff_id": new.staff_id,
            "expires_at": new.expires_at,
            "used_at": new.used_at,
        }
        await self._transaction.run(self._transaction.insert(link).values(values))

    async def find(self, token_hash: str) -> SignInLink | None:
        row = await self._transaction.first(select(link).where(link.c.token_hash == token_hash))
        return None if row is None else _to_link(row)

    async def use(self, found: SignInLink, at: datetime) -> None:
        unused = (link.c.token_hash == found.token_hash) & link.c.used_at.is_(None)
        if not await self._transaction.changed(update(link).where(unused).values(used_at=at)):
            raise StaleStateError("the link was used meanwhile")


class SqlVisits:
    """Implements the port `Visits`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, new: StaffSession) -> None:
        values = {
            "secret_hash": new.secret_hash,
            "staff_id": new.staff_id,
            "way": new.way.value,
            "began_at": new.began_at,
            "seen_at": new.seen_at,
            "ended_at": new.ended_at,
        }
        await self._transaction.run(self._transaction.insert(v).values(values))

    async def get(self, secret_hash: str) -> StaffSession | None:
        row = await self._transaction.first(select(v).where(v.c.secret_hash == secret_hash))
        return None if row is None else _to_visit(row)

    async def touch(self, secret_hash: str, at: datetime) -> None:
        mine = update(v).where(v.c.secret_hash == secret_hash)
        await self._transaction.run(mine.values(seen_at=at))

    async def end(self, secret_hash: str, at: datetime) -> None:
        open_ = (v.c.secret_hash == secret_hash) & v.c.ended_at.is_(None)
        await self._transaction.run(update(v).where(open_).values(ended_at=at))

    async def end_all(self, staff_id: StaffId, at: datetime) -> None:
        open_ = (v.c.staff_id == staff_id) & v.c.ended_at.is_(None)
        await self._transaction.run(update(v).where(open_).values(ended_at=at))

    async def of(self, staff_id: StaffId) -> Sequence[StaffSession]:
        open_ = select(v).where(v.c.staff_id == staff_id, v.c.ended_at.is_(None))
        newest_first = open_.order_by(v.c.began_at.desc(), v.c.secret_hash)
        return [_to_visit(row) for row in await self._transaction.all(newest_first)]


def _to_link(row: AnyRow) -> SignInLink:
    return SignInLink(
        token_hash=row.token_hash,
        staff_id=StaffId(row.staff_id),
        expires_at=row.expires_at,
        used_at=row.used_at,
    )


def _to_visit(row: AnyRow) -> StaffSession:
    with reading_row("visit", row.secret_hash):
        return StaffSession(
            secret_hash=row.secret_hash,
            staff_id=StaffId(row.staff_id),
            way=Way(row.way),
            began_at=row.began_at,
            seen_at=row.seen_at,
            ended_at=row.ended_at,
        )
