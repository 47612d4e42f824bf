"""Statistics over questions, aggregated in the database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, case, false, func, select, true, type_coerce

from state.model.figures import DayCount, Rating, ResolutionFigures
from state.model.question import Outcome, Sequel
from state.store.sql.transaction import Transaction
from state.store.sql.types import EPOCH
from state.store.tables import question as t

_DAY = timedelta(days=1) // timedelta(milliseconds=1)


class SqlFigures:
    """Implements the port `Figures`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def outcomes(self, since: datetime) -> Sequence[DayCount]:
        day = (type_coerce(t.c.asked_at, BigInteger) // _DAY).label("day")
        counted = (
            select(day, t.c.outcome, func.count().label("number"))
            .where(t.c.asked_at >= since, t.c.outcome != Outcome.OPENED.value)
            .group_by(day, t.c.outcome)
            .order_by(day, t.c.outcome)
        )
        return [
            DayCount(
                day=(EPOCH + timedelta(days=row.day)).astimezone(UTC).date(),
                outcome=Outcome(row.outcome),
                count=row.number,
            )
            for row in await self._transaction.all(counted)
        ]

    async def ratings(self, since: datetime) -> Sequence[Rating]:
        helpful = func.sum(case((t.c.helpful.is_(true()), 1), else_=0)).label("helpful")
        unhelpful = func.sum(case((t.c.helpful.is_(false()), 1), else_=0)).label("unhelpful")
        counted = (
            select(t.c.slug, helpful, unhelpful)
            .where(t.c.asked_at >= since, t.c.slug.is_not(None), t.c.helpful.is_not(None))
            .group_by(t.c.slug)
            .order_by(func.count().desc(), t.c.slug)
        )
        return [
            Rating(slug=row.slug, helpful=row.helpful, unhelpful=row.unhelpful)
            for row in await self._transaction.all(counted)
        ]

    async def resolution(self, since: datetime) -> ResolutionFigures:
        helped = t.c.helpful.is_(true())
        other = t.c.helpful.is_(None) | t.c.helpful.is_(false())
        counts = {
            "helped": helped,
            "by_step": other & (t.c.led_to == Sequel.STEP.value),
            "to_person": other & (t.c.led_to == Sequel.PERSON.value),
        }
        summed = [
            func.coalesce(func.sum(case((which, 1), else_=0)), 0).label(name)
            for name, which in counts.items()
        ]
        asked = (t.c.asked_at >= since) & (t.c.outcome != Outcome.OPENED.value)
        row = await self._transaction.first(
            select(func.count().label("asked"), *summed).where(asked)
        )
        found = row._mapping if row is not None else {}  # noqa: SLF001 - SQLAlchemy's public name
        return ResolutionFigures(**{name: int(found.get(name, 0)) for name in ("asked", *counts)})
