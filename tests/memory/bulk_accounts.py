"""In-memory accounts, many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from state.model.account import Account, Completion, FreelancerId
from state.ports import Known, NumberInUse
from tests.memory.records import MemoryAccounts, MemoryNumbers
from tests.memory.tables import Tables


@dataclass(frozen=True, slots=True)
class MemoryBulkAccounts:
    tables: Tables

    async def known(self, ids: Sequence[FreelancerId]) -> Mapping[FreelancerId, Known]:
        found = {one: self._known(one) for one in ids}
        return {one: known for one, known in found.items() if known != Known()}

    def _known(self, freelancer_id: FreelancerId) -> Known:
        held = self.tables.accounts.get(freelancer_id)
        chats = self.tables.chats.values()
        return Known(
            as_of=held.as_of if held else None,
            phone=held.phone if held else None,
            linked=any(chat.freelancer_id == freelancer_id for chat in chats),
            numbered=freelancer_id in self.tables.current_numbers,
        )

    async def put(self, accounts: Sequence[Account]) -> None:
        for one in accounts:
            await MemoryAccounts(self.tables).put(one)

    async def complete(self, done: Sequence[tuple[FreelancerId, Completion]]) -> None:
        for freelancer_id, one in done:
            await MemoryAccounts(self.tables).complete(freelancer_id, one)

    async def use_numbers(self, numbers: Sequence[NumberInUse], at: datetime) -> None:
        for one in numbers:
            await MemoryNumbers(self.tables).set_current(
                one.freelancer_id, one.number, one.key, at
            )
