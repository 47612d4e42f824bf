"""The audit trail: lines are added and never changed."""

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
