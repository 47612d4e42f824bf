"""In-memory links into the staff pages, and visits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from state.model.sign_in import SignInLink, StaffSession
from state.model.staff import StaffId
from state.ports import StaleStateError
from tests.memory.tables import Tables


@dataclass(frozen=True, slots=True)
class MemorySignInLinks:
    tables: Tables

    async def add(self, link: SignInLink) -> None:
        self.tables.sign_in_links[link.token_hash] = link

    async def find(self, token_hash: str) -> SignInLink | None:
        return self.tables.sign_in_links.get(token_hash)

    async def use(self, link: SignInLink, at: datetime) -> None:
        if self.tables.sign_in_links[link.token_hash].used_at is not None:
            raise StaleStateError("the link was used meanwhile")
        self.tables.sign_in_links[link.token_hash] = replace(link, used_at=at)


@dataclass(frozen=True, slots=True)
class MemoryVisits:
    tables: Tables

    async def add(self, visit: StaffSession) -> None:
        self.tables.visits[visit.secret_hash] = visit

    async def get(self, secret_hash: str) -> StaffSession | None:
        return self.tables.visits.get(secret_hash)

    async def touch(self, secret_hash: str, at: datetime) -> None:
        visit = self.tables.visits[secret_hash]
        self.tables.visits[secret_hash] = replace(visit, seen_at=at)

    async def end(self, secret_hash: str, at: datetime) -> None:
        visit = self.tables.visits.get(secret_hash)
        if visit is not None and visit.ended_at is None:
            self.tables.visits[secret_hash] = replace(visit, ended_at=at)

    async def end_all(self, staff_id: StaffId, at: datetime) -> None:
        for visit in await self.of(staff_id):
            await self.end(visit.secret_hash, at)

    async def of(self, staff_id: StaffId) -> Sequence[StaffSession]:
        mine = [
            one
            for one in self.tables.visits.values()
            if one.staff_id == staff_id and one.ended_at is None
        ]
        return sorted(mine, key=lambda one: (-one.began_at.timestamp(), one.secret_hash))
