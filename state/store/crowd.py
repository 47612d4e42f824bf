"""Many accounts at once, in a handful of statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from state.model.account import Account, Completion, FreelancerId
from state.ports.crowd import Known, NumberInUse
from state.store.accounts import account_row, completion_row, done_for_good, newest
from state.store.tables import account, chat, completion, phone_number
from state.store.transaction import Transaction


class SqlCrowd:
    """Fills the port `Crowd`."""

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
