"""The audit trail, append-only."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from state.ports import AuditEvent, AuditFilter, AuditLine
from state.store.sql.transaction import AnyRow, AnySelect, Transaction
from state.store.tables import audit_event


class SqlAudit:
    """Implements the port `Audit`."""

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
        return [_to_event(row) for row in rows]

    async def newest(
        self, wanted_filter: AuditFilter, *, before: int | None = None, limit: int
    ) -> Sequence[AuditLine]:
        lines = _wanted(wanted_filter).order_by(audit_event.c.id.desc()).limit(limit)
        if before is not None:
            lines = lines.where(audit_event.c.id < before)
        rows = await self._transaction.all(lines)
        return [AuditLine(number=row.id, event=_to_event(row)) for row in rows]

    async def subject_counts(self, kinds: Collection[str], since: datetime) -> Mapping[str, int]:
        line = audit_event.c
        counted = (
            select(line.kind, func.count(line.subject.distinct()).label("people"))
            .where(line.at >= since, line.kind.in_(kinds))
            .group_by(line.kind)
        )
        return {row.kind: row.people for row in await self._transaction.all(counted)}

    async def erase(self, subject: str) -> None:
        await self._transaction.run(delete(audit_event).where(audit_event.c.subject == subject))


def _wanted(wanted_filter: AuditFilter) -> AnySelect:
    lines = select(audit_event)
    if wanted_filter.kind:
        lines = lines.where(audit_event.c.kind.startswith(wanted_filter.kind, autoescape=True))
    if wanted_filter.subject:
        lines = lines.where(audit_event.c.subject == wanted_filter.subject)
    if wanted_filter.actor:
        lines = lines.where(audit_event.c.actor == wanted_filter.actor)
    return lines


def _to_event(row: AnyRow) -> AuditEvent:
    return AuditEvent(
        at=row.at, kind=row.kind, subject=row.subject, actor=row.actor, detail=row.detail
    )
