"""Records of who is signed in to the staff pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from state.model.sign_in import SignInLink, Visit
from state.model.staff import StaffId


class SignInLinksReader(Protocol):
    async def find(self, token_hash: str) -> SignInLink | None: ...


class SignInLinks(SignInLinksReader, Protocol):
    async def add(self, link: SignInLink) -> None: ...

    async def use(self, link: SignInLink, at: datetime) -> None:
        """Mark as used; StaleStateError if somebody used it first."""
        ...


class VisitsReader(Protocol):
    async def get(self, secret_hash: str) -> Visit | None: ...

    async def of(self, staff_id: StaffId) -> Sequence[Visit]:
        """Those that were not ended, newest first."""
        ...


class Visits(VisitsReader, Protocol):
    async def add(self, visit: Visit) -> None: ...

    async def seen(self, secret_hash: str, at: datetime) -> None: ...

    async def end(self, secret_hash: str, at: datetime) -> None: ...

    async def end_all(self, staff_id: StaffId, at: datetime) -> None:
        """In every browser."""
        ...
