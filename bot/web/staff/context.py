"""Dependencies that all staff pages share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from yarl import URL

from bot.articles.catalogue import Catalogue
from bot.web.staff.pages import Pages
from state.policy import Policy
from state.ports import Clock
from state.rules.office_hours import Office
from state.usecases.registry import Queries, Records, UseCases

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffContext:
    """Dependencies that all staff pages share."""

    records: Records
    wake_outbox: Callable[[], None]
    clock: Clock
    policy: Policy
    office: Office | None
    """None: no office hours are set."""
    pages: Pages
    content: Callable[[], Catalogue]
    """The article catalogue as currently loaded."""
    address: str
    """Base URL of the staff pages, perhaps with a path in front of theirs."""

    @property
    def origin(self) -> str:
        """The `Origin` that browsers send with forms of these pages."""
        return str(URL(self.address).origin())

    @property
    def prefix(self) -> str:
        """Path in front of `/staff`; empty if there is none."""
        return URL(self.address).path.rstrip("/")

    async def run(self, work: Callable[[UseCases], Awaitable[T]]) -> T:
        """Run a use case in a transaction, then wake the outbox."""
        result = await self.records.use(work)
        self.wake_outbox()
        return result

    async def read(self, work: Callable[[Queries], Awaitable[T]]) -> T:
        """Run a read-only use case."""
        return await self.records.ask(work)
