"""In-memory ledger of verification, and the numbers bound to accounts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from state.model.account import FreelancerId
from state.model.destination import Destination
from state.model.ledger import LedgerEntry, LedgerKind, Tally
from state.model.verification import NumberKey, PersonKey, SessionId
from tests.memory.tables import BindingRow, Tables


@dataclass(frozen=True, slots=True)
class MemoryLedger:
    tables: Tables

    async def add(self, entry: LedgerEntry) -> None:
        counter = self.tables.counters.get("ledger", 0) + 1
        self.tables.counters["ledger"] = counter
        self.tables.ledger[counter] = entry

    async def about(
        self, person: PersonKey, number: NumberKey | None, *, since: datetime
    ) -> Sequence[LedgerEntry]:
        return [
            one
            for one in self.tables.ledger.values()
            if (one.person == person or (number is not None and one.number == number))
            and (one.at > since or (one.locked_until is not None and one.locked_until > since))
        ]

    async def settle_ask(self, session_id: SessionId, kind: LedgerKind) -> None:
        for key, one in self.tables.ledger.items():
            if one.session_id == session_id and one.kind is LedgerKind.ASKED:
                self.tables.ledger[key] = replace(one, kind=kind)

    async def clear(self, person: PersonKey, number: NumberKey) -> None:
        for key, one in list(self.tables.ledger.items()):
            if one.kind is LedgerKind.WRONG_CODE and one.number == number:
                if one.person == person:
                    del self.tables.ledger[key]
                else:
                    self.tables.ledger[key] = replace(one, number=None)

    async def tally(self, to: Destination, *, since: datetime) -> Tally:
        recent = [one for one in self.tables.ledger.values() if one.at > since]
        rang = [one for one in recent if one.kind is LedgerKind.ASKED]
        refused = [one.at for one in recent if one.kind is LedgerKind.MISCONFIGURED]
        return Tally(
            **_tally("block", [one for one in rang if one.block == to.block]),
            **_tally("region", [one for one in rang if one.region == to.region]),
            **_tally("desk", rang),
            misconfigured_at=max(refused, default=None),
        )

    async def bind(self, number: NumberKey, person: PersonKey) -> None:
        self.tables.bindings[number] = BindingRow(person=person)

    async def bound_to(self, number: NumberKey, *, now: datetime) -> PersonKey | None:
        row = self.tables.bindings.get(number)
        if row is None or (row.until is not None and row.until <= now):
            return None
        return row.person

    async def release_later(self, freelancer_id: FreelancerId, until: datetime) -> None:
        for number, owner in self.tables.verified_numbers.items():
            if owner == freelancer_id and number in self.tables.bindings:
                row = self.tables.bindings[number]
                self.tables.bindings[number] = replace(row, until=until)

    async def release(self, number: NumberKey) -> bool:
        return self.tables.bindings.pop(number, None) is not None

    async def release_all(self, person: PersonKey) -> None:
        for number, row in list(self.tables.bindings.items()):
            if row.person == person:
                del self.tables.bindings[number]


def _tally(name: str, entries: list[LedgerEntry]) -> dict[str, Any]:
    oldest = min((one.at for one in entries), default=None)
    return {f"{name}_calls": len(entries), f"{name}_oldest": oldest}
