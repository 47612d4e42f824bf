"""What every page of the staff shares."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.articles.catalogue import Catalogue
from bot.web.staff.pages import Pages
from state.policy import Policy
from state.ports import Clock, Transact, UnitOfWork
from state.rules.office_hours import Office
from state.usecases.registry import Provide, UseCases

T = TypeVar("T")


class Look(Protocol):
    """Runs work that only reads."""

    async def __call__(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffContext:
    transact: Transact
    look: Look
    provide: Provide
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
        async def in_unit(unit: UnitOfWork) -> T:
            return await work(self.provide(unit))

        result = await self.transact(in_unit)
        self.committed()
        return result

    async def read(self, work: Callable[[UseCases], Awaitable[T]]) -> T:
        async def in_unit(unit: UnitOfWork) -> T:
            return await work(self.provide(unit))

        return await self.look(in_unit)
