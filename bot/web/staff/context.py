"""What every page of the staff shares."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.articles.catalogue import Catalogue
from bot.web.staff.pages import Pages
from state.policy import Policy
from state.ports import Clock
from state.rules.office_hours import Office
from state.usecases.registry import Queries, Records, UseCases

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffContext:
    records: Records
    committed: Callable[[], None]
    clock: Clock
    policy: Policy
    office: Office | None
    """None: no hours are promised."""
    pages: Pages
    content: Callable[[], Catalogue]
    """The articles as they are now."""
    address: str
    """Where staff's browsers reach the pages, without a path."""

    async def do(self, work: Callable[[UseCases], Awaitable[T]]) -> T:
        result = await self.records.use(work)
        self.committed()
        return result

    async def read(self, work: Callable[[Queries], Awaitable[T]]) -> T:
        return await self.records.ask(work)
