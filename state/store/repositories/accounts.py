"""Accounts (the newest snapshot only), completed steps, and bulk imports of both."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select

from state.model.account import READING, Account, Completion, FreelancerId, PlanId, StepId
from state.ports.bulk_accounts import Known, NumberInUse
from state.store.sql.compiled import Prepared, Upsert
from state.store.sql.transaction import AnyRow, Transaction
from state.store.sql.types import reading_row
from state.store.tables import account, chat, completion, phone_number
from state.store.tables import account as t

_GET = Prepared(select(t).where(t.c.freelancer_id == bindparam("of")))
_THEIRS = completion.c.freelancer_id == bindparam("of")
_DONE = Prepared(
    select(completion)
    .where(_THEIRS, completion.c.struck_at.is_(None))
    .order_by(completion.c.done_at, completion.c.step)
)
_REVOKED = Prepared(select(completion).where(_THEIRS, completion.c.struck_at.is_not(None)))


class SqlAccounts:
    """Implements the port `Accounts`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, freelancer_id: FreelancerId) -> Account | None:
        row = await self._transaction.first(_GET, of=freelancer_id)
        return None if row is None else _to_account(row)

    async def put(self, account: Account) -> bool:
        insert = self._transaction.insert(t).values(account_row(account))
        return await self._transaction.changed(newest(insert))

    async def completions(self, freelancer_id: FreelancerId) -> tuple[Completion, ...]:
        rows = await self._transaction.all(_DONE, of=freelancer_id)
        return tuple(
            Completion(step=StepId(row.step), done_at=row.done_at, proof=row.proof) for row in rows
        )

    async def complete(self, freelancer_id: FreelancerId, done: Completion) -> bool:
        insert = self._transaction.insert(completion).values(completion_row(freelancer_id, done))
        return await self._transaction.changed(done_for_good(insert))

    async def revoke(self, freelancer_id: FreelancerId, step: StepId, at: datetime) -> None:
        insert = self._transaction.insert(completion).values(
            freelancer_id=freelancer_id, step=step, done_at=at, proof="", struck_at=at
        )
        await self._transaction.run(
            insert.on_conflict_do_update(
                index_elements=[completion.c.freelancer_id, completion.c.step],
                set_={"struck_at": at},
            )
        )

    async def revoked(self, freelancer_id: FreelancerId) -> Mapping[StepId, datetime]:
        rows = await self._transaction.all(_REVOKED, of=freelancer_id)
        return {StepId(row.step): row.struck_at for row in rows}

    async def with_number(self, number: str) -> Sequence[Account]:
        theirs = select(phone_number.c.freelancer_id).where(phone_number.c.number == number)
        found = select(t).where(t.c.freelancer_id.in_(theirs), t.c.phone.is_not(None))
        return [_to_account(row) for row in await self._transaction.all(found)]

    async def erase(self, freelancer_id: FreelancerId) -> None:
        for table in (t, completion):
            its = table.c.freelancer_id == freelancer_id
            await self._transaction.run(delete(table).where(its))


def newest(insert: Upsert) -> Upsert:
    """Upsert of a snapshot: it replaces only an older one."""
    return insert.on_conflict_do_update(
        index_elements=[t.c.freelancer_id],
        set_={name: insert.excluded[name] for name in t.c.keys() if name != "freelancer_id"},  # noqa: SIM118 - not a dict
        where=t.c.as_of < insert.excluded.as_of,
    )


def done_for_good(insert: Upsert) -> Upsert:
    """Upsert of a completion. It replaces a revoked one only if its proof is no older than that.

    A snapshot is as old as its reading; any other proof is made now, so it always counts.
    """
    own = insert.excluded.proof.not_like(f"{READING}%")
    return insert.on_conflict_do_update(
        index_elements=[completion.c.freelancer_id, completion.c.step],
        set_={
            "done_at": insert.excluded.done_at,
            "proof": insert.excluded.proof,
            "struck_at": None,
        },
        where=completion.c.struck_at.is_not(None)
        & (own | (completion.c.struck_at <= insert.excluded.done_at)),
    )


def completion_row(freelancer_id: FreelancerId, done: Completion) -> dict[str, Any]:
    return {
        "freelancer_id": freelancer_id,
        "step": done.step,
        "done_at": done.done_at,
        "proof": done.proof,
    }


def account_row(account: Account) -> dict[str, Any]:
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


class SqlBulkAccounts:
    """Implements the port `BulkAccounts`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def known(self, ids: Sequence[FreelancerId]) -> Mapping[FreelancerId, Known]:
        found: dict[FreelancerId, dict[str, Any]] = defaultdict(dict)
        held = select(account.c.freelancer_id, account.c.as_of, account.c.phone)
        for row in await self._transaction.all(held.where(account.c.freelancer_id.in_(ids))):
            found[row.freelancer_id] |= {"as_of": row.as_of, "phone": row.phone}
        for name, table in (("linked", chat), ("numbered", phone_number)):
            theirs = select(table.c.freelancer_id).where(table.c.freelancer_id.in_(ids))
            for row in await self._transaction.all(theirs):
                found[row.freelancer_id][name] = True
        return {one: Known(**values) for one, values in found.items()}

    async def put(self, accounts: Sequence[Account]) -> None:
        await self._transaction.run(
            newest(self._transaction.insert(account)), [account_row(one) for one in accounts]
        )

    async def complete(self, done: Sequence[tuple[FreelancerId, Completion]]) -> None:
        await self._transaction.run(
            done_for_good(self._transaction.insert(completion)),
            [completion_row(freelancer_id, one) for freelancer_id, one in done],
        )

    async def use_numbers(self, numbers: Sequence[NumberInUse], at: datetime) -> None:
        rows = [
            {
                "freelancer_id": one.freelancer_id,
                "number": one.number,
                "number_key": one.key,
                "set_at": at,
            }
            for one in numbers
        ]
        await self._transaction.run(self._transaction.insert(phone_number), rows)
