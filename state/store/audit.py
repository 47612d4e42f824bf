"""The audit trail: lines are added and never changed."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from state.ports import AuditEvent
from state.store.tables import audit_event
from state.store.transaction import Transaction


class SqlAudit:
    """Fills the port `Audit`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, event: AuditEvent) -> None:
        await self._transaction.run(
            self._transaction.insert(audit_event).values(
                at=event.at,
                kind=event.kind,
                subject=event.subject,
                actor=event.actor,
                detail=event.detail,
            )
        )
        self._transaction.recorded.append(event)

    async def about(self, subject: str) -> Sequence[AuditEvent]:
        its = select(audit_event).where(audit_event.c.subject == subject)
        rows = await self._transaction.all(its.order_by(audit_event.c.id))
        return [
            AuditEvent(
                at=row.at, kind=row.kind, subject=row.subject, actor=row.actor, detail=row.detail
            )
            for row in rows
        ]

    async def erase(self, subject: str) -> None:
        await self._transaction.run(delete(audit_event).where(audit_event.c.subject == subject))
