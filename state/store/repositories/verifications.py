"""Verifications and call sessions, saved with a version check."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update

from state.model.account import FreelancerId
from state.model.verification import (
    CallSession,
    NumberKey,
    SessionId,
    Verification,
)
from state.ports import StaleStateError
from state.store.repositories.verification_rows import (
    new_session_columns,
    proved_columns,
    session_columns,
    to_proved,
    to_session,
)
from state.store.sql.compiled import Prepared
from state.store.sql.transaction import AnyRow, Transaction
from state.store.tables import call_session, verification_round

_ROUND = Prepared(
    select(verification_round).where(verification_round.c.freelancer_id == bindparam("of"))
)
_ROUND_OF_SESSION = Prepared(
    select(verification_round).where(
        verification_round.c.freelancer_id
        == select(call_session.c.freelancer_id)
        .where(call_session.c.id == bindparam("session"))
        .scalar_subquery()
    )
)
_SESSION = Prepared(select(call_session).where(call_session.c.id == bindparam("session")))
_LATEST_SESSION = Prepared(
    select(call_session)
    .where(call_session.c.freelancer_id == bindparam("of"))
    .order_by(call_session.c.seq.desc())
    .limit(1)
)


class SqlVerifications:
    """Implements the port `Verifications`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def load(self, freelancer_id: FreelancerId) -> Verification:
        row = await self._round(_ROUND, of=freelancer_id)
        if row is None and self._transaction.takes_locks:  # a missing row cannot be locked
            await self._transaction.lock(f"verification:{freelancer_id}")
            row = await self._round(_ROUND, of=freelancer_id)
        if row is None:
            return Verification(freelancer_id=freelancer_id)
        latest = await self._transaction.first(_LATEST_SESSION, of=freelancer_id)
        return _to_verification(row, latest)

    async def of_session(self, session_id: SessionId) -> Verification | None:
        row = await self._round(_ROUND_OF_SESSION, session=session_id)
        if row is None:
            return None
        session = await self._transaction.first(_SESSION, session=session_id)
        return _to_verification(row, session)

    async def save(self, verification: Verification) -> None:
        await self._save_proved(verification)
        if verification.session is not None:
            await self._save_session(verification.session)

    async def with_active_call(self, key: NumberKey) -> Verification | None:
        active = (call_session.c.number_key == key) & call_session.c.ended_at.is_(None)
        session_id = await self._transaction.value(select(call_session.c.id).where(active))
        return None if session_id is None else await self.of_session(SessionId(session_id))

    async def busy_until(self, freelancer_id: FreelancerId, key: NumberKey) -> datetime | None:
        theirs = (call_session.c.number_key == key) & call_session.c.ended_at.is_(None)
        until: datetime | None = await self._transaction.value(
            select(func.max(call_session.c.expires_at)).where(
                theirs, call_session.c.freelancer_id != freelancer_id
            )
        )
        return until

    async def sessions(self, freelancer_id: FreelancerId) -> Sequence[CallSession]:
        mine = select(call_session).where(call_session.c.freelancer_id == freelancer_id)
        rows = await self._transaction.all(mine.order_by(call_session.c.seq))
        return [to_session(row) for row in rows]

    async def erase(self, freelancer_id: FreelancerId) -> None:
        mine = verification_round.c.freelancer_id == freelancer_id
        await self._transaction.run(delete(verification_round).where(mine))

    async def _round(self, which: Prepared, **values: str) -> AnyRow | None:
        """Read and lock the row, so that concurrent writers wait instead of failing their save.

        Correctness does not depend on it, as the version is checked; it saves them the reruns.
        """
        return await self._transaction.first_for_update(which, **values)

    async def _save_proved(self, verification: Verification) -> None:
        columns = proved_columns(verification.proved)
        seen = verification.version
        if seen == 0:
            insert = self._transaction.insert(verification_round).values(
                freelancer_id=verification.freelancer_id, version=1, **columns
            )
            saved = await self._transaction.changed(insert.on_conflict_do_nothing())
        else:
            mine = verification_round.c.freelancer_id == verification.freelancer_id
            same = mine & (verification_round.c.version == seen)
            change = update(verification_round).where(same).values(version=seen + 1, **columns)
            saved = await self._transaction.changed(change)
        if not saved:
            message = f"verification of {verification.freelancer_id} is past version {seen}"
            raise StaleStateError(message)

    async def _save_session(self, session: CallSession) -> None:
        mine = call_session.c.id == session.id
        change = update(call_session).where(mine).values(session_columns(session))
        if not await self._transaction.changed(change):
            await self._transaction.run(
                self._transaction.insert(call_session).values(new_session_columns(session))
            )


def _to_verification(row: AnyRow, session: AnyRow | None) -> Verification:
    return Verification(
        freelancer_id=FreelancerId(row.freelancer_id),
        proved=to_proved(row),
        session=None if session is None else to_session(session),
        version=row.version,
    )
