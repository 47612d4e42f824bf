"""Snapshots of accounts, of which only the newest is kept, and steps done for good."""

from typing import Any

from sqlalchemy import select

from state.model.account import Account, Completion, FreelancerId, PlanId, StepId
from state.store.rows import reading_row
from state.store.tables import account as t
from state.store.tables import completion
from state.store.transaction import AnyRow, Transaction


class SqlAccounts:
    """Fills the port `Accounts`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, freelancer_id: FreelancerId) -> Account | None:
        row = await self._transaction.first(select(t).where(t.c.freelancer_id == freelancer_id))
        return None if row is None else _to_account(row)

    async def put(self, account: Account) -> bool:
        insert = self._transaction.insert(t).values(_to_row(account))
        newer = insert.on_conflict_do_update(
            index_elements=[t.c.freelancer_id],
            set_={name: insert.excluded[name] for name in t.c.keys() if name != "freelancer_id"},  # noqa: SIM118 - not a dict
            where=t.c.as_of < insert.excluded.as_of,
        )
        return await self._transaction.changed(newer)

    async def completions(self, freelancer_id: FreelancerId) -> tuple[Completion, ...]:
        mine = select(completion).where(completion.c.freelancer_id == freelancer_id)
        rows = await self._transaction.all(mine.order_by(completion.c.done_at, completion.c.step))
        return tuple(
            Completion(step=StepId(row.step), done_at=row.done_at, proof=row.proof) for row in rows
        )

    async def complete(self, freelancer_id: FreelancerId, done: Completion) -> bool:
        insert = self._transaction.insert(completion).values(
            freelancer_id=freelancer_id, step=done.step, done_at=done.done_at, proof=done.proof
        )
        return await self._transaction.changed(insert.on_conflict_do_nothing())


def _to_row(account: Account) -> dict[str, Any]:
    return {
        "freelancer_id": account.id,
        "as_of": account.as_of,
        "plan": account.plan,
        "display_name": account.display_name,
        "language": account.language,
        "plan_allowance": account.plan_allowance,
        "connects_balance": account.connects_balance,
        "profile": dict(account.profile),
        "completeness": account.completeness,
        "quick_actions": dict(account.quick_actions),
        "phone": account.phone,
        "phone_verified": account.phone_verified,
        "extra": dict(account.extra),
    }


def _to_account(row: AnyRow) -> Account:
    with reading_row("account", row.freelancer_id):
        return Account(
            id=FreelancerId(row.freelancer_id),
            as_of=row.as_of,
            plan=PlanId(row.plan),
            display_name=row.display_name,
            language=row.language,
            plan_allowance=row.plan_allowance,
            connects_balance=row.connects_balance,
            profile=dict(row.profile),
            completeness=row.completeness,
            quick_actions=dict(row.quick_actions),
            phone=row.phone,
            phone_verified=row.phone_verified,
            extra=dict(row.extra),
        )
