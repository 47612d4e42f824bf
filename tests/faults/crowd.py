"""Many units of work at once on a real database, dealt out as if to several processes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Table, func, select

from state.model.account import FreelancerId
from state.model.chat import ChatId
from state.model.verification import CallSession, Prompt, Round, SessionId, Verification
from state.ports import StaleStateError, Transact, UnitOfWork
from state.rules.call_events import CallEvent, KeyPressed, PickedUp, Placed
from state.rules.codes import derive_code
from state.store import tables
from state.store.database import Database
from state.store.repositories.verifications import SqlVerifications
from state.store.sql.transaction import Transaction
from state.store.unit_of_work import SqlUnitOfWork
from state.usecases.verification.run_call import HeardDigits
from tests.state.usecases.desk import PEPPERS, UseCases
from tests.support.builders import an_account
from tests.support.fakes import FakeClock, FixedDice
from tests.support.stored_rounds import stored_round

T = TypeVar("T")
Work: TypeAlias = Callable[[UseCases], Awaitable[T]]


@dataclass(slots=True, kw_only=True)
class Crowd:
    """Everybody acts through one of `transacts`; `onlooker` sees only what was committed."""

    transacts: Sequence[Transact]
    onlooker: Database
    clock: FakeClock = field(default_factory=FakeClock)
    dice: FixedDice = field(default_factory=FixedDice)
    arrived: int = 0

    async def at_once(self, works: Sequence[Work[T]]) -> list[T]:
        ways = [self.transacts[place % len(self.transacts)] for place in range(len(works))]
        running = [self._run(way, work) for way, work in zip(ways, works, strict=True)]
        return list(await asyncio.gather(*running))

    async def run(self, work: Work[T]) -> T:
        return await self._run(self.onlooker.transact, work)

    async def _run(self, transact: Transact, work: Work[T]) -> T:
        return await transact(lambda unit: work(UseCases(unit, self.clock, self.dice)))

    async def arrive(self) -> FreelancerId:
        """One more freelancer, with a number and a chat of their own."""
        number = self.arrived = self.arrived + 1
        freelancer = FreelancerId(f"f-{number}")
        await self.come_back(freelancer)
        return freelancer

    async def come_back(self, freelancer: FreelancerId) -> None:
        """The marketplace reports the account, and its chat is linked."""
        number = int(freelancer.removeprefix("f-"))
        account = an_account(id=freelancer, phone=f"+4479111234{number:02d}")
        await self.run(lambda do: do.take_snapshot(account))
        offered = await self.run(lambda do: do.offer_link(freelancer))
        await self.run(lambda do: do.link_chat(ChatId(700 + number), offered.token))

    async def called(self, freelancer: FreelancerId) -> SessionId:
        """A call of theirs that waits for the code."""
        await self.run(lambda do: do.request_call(freelancer))
        session_id = (await self.session(freelancer)).id
        await self.run(lambda do: do.claim_call(session_id))
        for event in (Placed(f"CA-{session_id}"), PickedUp(), KeyPressed("#")):
            await self.run(advancing(session_id, event))
        return session_id

    async def enter_at_once(self, session_id: SessionId, codes: Sequence[str]) -> list[Prompt]:
        heard = [HeardDigits(keyed=code) for code in codes]
        return await self.at_once([advancing(session_id, each) for each in heard])

    async def code(self, freelancer: FreelancerId) -> str:
        session = await self.session(freelancer)
        return derive_code(PEPPERS, session.pepper_id, session.seed, session.number)

    async def session(self, freelancer: FreelancerId) -> CallSession:
        found = (await self._verification(freelancer)).session
        assert found is not None
        return found

    async def round(self, freelancer: FreelancerId) -> Round:
        now = self.clock.now()
        return await self.onlooker.read(
            lambda unit: stored_round(unit, freelancer, peppers=PEPPERS, now=now)
        )

    async def _verification(self, freelancer: FreelancerId) -> Verification:
        return await self.onlooker.read(lambda unit: unit.verifications.load(freelancer))

    async def audited(self, kind: str, freelancer: FreelancerId) -> int:
        line = tables.audit_event.c
        return await self.rows(
            tables.audit_event, (line.kind == kind) & (line.subject == freelancer)
        )

    async def tasks(self, key: str) -> int:
        """Outbox rows whose key starts like that."""
        return await self.rows(tables.outbox, tables.outbox.c.key.startswith(key))

    async def rows(self, table: Table, which: ColumnElement[bool]) -> int:
        async with self.onlooker.connections.reading() as transaction:
            counted = select(func.count()).select_from(table).where(which)
            return int(await transaction.value(counted))


def advancing(session_id: SessionId, event: CallEvent | HeardDigits) -> Work[Prompt]:
    return lambda do: do.advance_call(session_id, event)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


class LastWriteWins(SqlVerifications):
    """What the store must not be: it saves over whatever version is there by now."""

    async def save(self, verification: Verification) -> None:
        while True:
            newest = await self.load(verification.freelancer_id)
            try:
                return await super().save(replace(verification, version=newest.version))
            except StaleStateError:
                continue


async def naive_transact(database: Database, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
    """Read, compare, write: holds no row and checks no version."""
    async with database.connections.engine.begin() as connection:
        transaction = Transaction(connection, writes=False)
        unit = SqlUnitOfWork(transaction)
        unit.verifications = LastWriteWins(transaction)
        return await work(unit)
