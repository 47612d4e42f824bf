"""Repositories of sign-in links and browser sessions of staff."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from state.model.sign_in import SignInLink, StaffSession
from state.model.staff import StaffId


class SignInLinksReader(Protocol):
    async def find(self, token_hash: str) -> SignInLink | None: ...


class SignInLinks(SignInLinksReader, Protocol):
    async def add(self, link: SignInLink) -> None: ...

    async def use(self, link: SignInLink, at: datetime) -> None:
        """Mark a link as used; StaleStateError if it was used meanwhile."""
        ...


class VisitsReader(Protocol):
    async def get(self, secret_hash: str) -> StaffSession | None: ...

    async def of(self, staff_id: StaffId) -> Sequence[StaffSession]:
        """The open browser sessions of a member of staff, newest first."""
        ...


class Visits(VisitsReader, Protocol):
    async def add(self, visit: StaffSession) -> None: ...

    async def touch(self, secret_hash: str, at: datetime) -> None: ...

    async def end(self, secret_hash: str, at: datetime) -> None: ...

    async def end_all(self, staff_id: StaffId, at: datetime) -> None:
        """End every browser session of a member of staff."""
        ...
