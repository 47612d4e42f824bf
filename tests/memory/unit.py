"""The in-memory database: units of work that copy, and transactions that can lose a race."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from state.ports import InboxQueue, OutboxQueue, StaleStateError, Transact, UnitOfWork
from tests.memory.bulk_accounts import MemoryBulkAccounts
from tests.memory.calls import MemoryVerifications
from tests.memory.change_tokens import MemoryChangeTokens
from tests.memory.figures import MemoryFigures
from tests.memory.ledger import MemoryLedger
from tests.memory.questions import MemoryMissedGroups, MemoryQuestions
from tests.memory.queues import MemoryInbox, MemoryInboxDoor, MemoryOutbox, MemoryOutboxDoor
from tests.memory.records import (
    MemoryAccounts,
    MemoryAudit,
    MemoryChats,
    MemoryGuesses,
    MemoryLinks,
    MemoryLivingMessages,
    MemoryNumbers,
    MemoryProviderReplies,
)
from tests.memory.retention import MemoryRetention
from tests.memory.sign_in import MemorySignInLinks, MemoryVisits
from tests.memory.tables import Tables
from tests.memory.tickets import (
    MemoryBans,
    MemoryHandOvers,
    MemoryStaffList,
    MemoryTalks,
    MemoryTickets,
    MemoryTopics,
)

T = TypeVar("T")
MOST_TRIES = 200


@dataclass(frozen=True, slots=True)
class InMemoryUnit:
    """Every port over one set of rows. Used on its own, what it writes is there at once."""

    tables: Tables = field(default_factory=Tables)

    @property
    def accounts(self) -> MemoryAccounts:
        return MemoryAccounts(self.tables)

    @property
    def chats(self) -> MemoryChats:
        return MemoryChats(self.tables)

    @property
    def bulk_accounts(self) -> MemoryBulkAccounts:
        return MemoryBulkAccounts(self.tables)

    @property
    def links(self) -> MemoryLinks:
        return MemoryLinks(self.tables)

    @property
    def guesses(self) -> MemoryGuesses:
        return MemoryGuesses(self.tables)

    @property
    def hand_overs(self) -> MemoryHandOvers:
        return MemoryHandOvers(self.tables)

    @property
    def numbers(self) -> MemoryNumbers:
        return MemoryNumbers(self.tables)

    @property
    def verifications(self) -> MemoryVerifications:
        return MemoryVerifications(self.tables)

    @property
    def ledger(self) -> MemoryLedger:
        return MemoryLedger(self.tables)

    @property
    def provider_replies(self) -> MemoryProviderReplies:
        return MemoryProviderReplies(self.tables)

    @property
    def living_messages(self) -> MemoryLivingMessages:
        return MemoryLivingMessages(self.tables)

    @property
    def questions(self) -> MemoryQuestions:
        return MemoryQuestions(self.tables)

    @property
    def tickets(self) -> MemoryTickets:
        return MemoryTickets(self.tables)

    @property
    def talks(self) -> MemoryTalks:
        return MemoryTalks(self.tables)

    @property
    def topics(self) -> MemoryTopics:
        return MemoryTopics(self.tables)

    @property
    def staff(self) -> MemoryStaffList:
        return MemoryStaffList(self.tables)

    @property
    def bans(self) -> MemoryBans:
        return MemoryBans(self.tables)

    @property
    def audit(self) -> MemoryAudit:
        return MemoryAudit(self.tables)

    @property
    def outbox(self) -> MemoryOutbox:
        return MemoryOutbox(self.tables)

    @property
    def inbox(self) -> MemoryInbox:
        return MemoryInbox(self.tables)

    @property
    def sign_in_links(self) -> MemorySignInLinks:
        return MemorySignInLinks(self.tables)

    @property
    def visits(self) -> MemoryVisits:
        return MemoryVisits(self.tables)

    @property
    def change_tokens(self) -> MemoryChangeTokens:
        return MemoryChangeTokens(self.tables)

    @property
    def missed_groups(self) -> MemoryMissedGroups:
        return MemoryMissedGroups(self.tables)

    @property
    def figures(self) -> MemoryFigures:
        return MemoryFigures(self.tables)

    @property
    def retention(self) -> MemoryRetention:
        return MemoryRetention(self.tables)


@dataclass(slots=True)
class InMemoryDatabase:
    """What is committed. Whoever began before the last commit has lost, and runs again."""

    tables: Tables = field(default_factory=Tables)

    @property
    def transact(self) -> "InMemoryTransact":
        return InMemoryTransact(self)

    @property
    def inbox_queue(self) -> MemoryInboxDoor:
        return MemoryInboxDoor(self)

    @property
    def outbox_queue(self) -> MemoryOutboxDoor:
        return MemoryOutboxDoor(self)

    def look(self) -> InMemoryUnit:
        """See only what was committed."""
        return InMemoryUnit(self.tables.copy())


@dataclass(frozen=True, slots=True)
class InMemoryTransact:
    database: InMemoryDatabase = field(default_factory=InMemoryDatabase)

    async def __call__(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        for _ in range(MOST_TRIES):
            seen = self.database.tables
            unit = InMemoryUnit(seen.copy())
            try:
                outcome = await work(unit)
            except StaleStateError:
                continue
            await asyncio.sleep(0)  # whoever else has begun may commit first
            if self.database.tables is seen:
                self.database.tables = unit.tables
                return outcome
        raise StaleStateError(f"lost {MOST_TRIES} races")


def _fits(database: InMemoryDatabase) -> tuple[UnitOfWork, Transact, InboxQueue, OutboxQueue]:
    """Never called: mypy compares the fakes with the Protocols here."""
    return (database.look(), database.transact, database.inbox_queue, database.outbox_queue)
