"""Interfaces of the fakes that contract tests use for call providers and code channels."""

from collections.abc import Awaitable, Callable
from enum import Enum, auto
from typing import Protocol

from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.gateways.ports import CallProviders

Door = TestClient[web.Request, web.Application]


class Outcome(Enum):
    """What the fake provider does with the next request."""

    NUMBER_REFUSED = auto()
    REGION_REFUSED = auto()
    LOGIN_REFUSED = auto()
    NO_ROOM = auto()
    BROKEN = auto()


class Said(Protocol):
    """One response of the desk, as the phone presents it."""

    @property
    def words(self) -> str: ...

    @property
    def goes_on(self) -> bool:
        """Whether input is awaited; otherwise the call is hung up."""
        ...


class Telephone(Protocol):
    """The newest call: each action sends one request to the desk."""

    sid: str
    """The provider's id of the call."""

    async def pick_up(self) -> Said: ...

    async def key(self, digits: str) -> Said: ...

    async def speak(self, words: str, *, confidence: float = 0.9) -> Said: ...

    async def wait_a_moment(self) -> Said:
        """Request the same turn again, as the last response asked."""
        ...

    async def report(self, status: str) -> int:
        """Report `busy`, `no-answer` or `completed`; returns the HTTP status."""
        ...

    async def repeat(self) -> tuple[bytes, bytes]:
        """The last response, and the response to the same request sent again."""
        ...

    async def forge(self) -> int:
        """Send `pick_up` with a wrong signature; returns the HTTP status."""
        ...


class Wire(Protocol):
    """A fake call provider: receives call requests and makes phones ring."""

    providers: CallProviders
    """The registered providers, including the one for this fake."""
    voice: str
    """Name of that provider."""
    hung_up: list[str]

    def application(self) -> web.Application: ...

    def settings(self, address: str) -> dict[str, object]:
        """Settings of a desk whose provider runs at this address."""
        ...

    def will_be(self, outcome: Outcome) -> None: ...

    def phone(self, door: Door, settle: Callable[[], Awaitable[None]]) -> Telephone: ...


class CodeWire(Protocol):
    """A fake code channel: receives code messages and reports on them."""

    @property
    def brought(self) -> list[tuple[str, str]]:
        """Pairs of number and code delivered to it."""
        ...

    @property
    def counted(self) -> list[tuple[str, str]]:
        """Ids of messages with the codes reported as used."""
        ...

    @property
    def revoked(self) -> list[str]: ...

    def application(self) -> web.Application: ...

    def settings(self, address: str) -> dict[str, object]: ...

    def will_be(self, outcome: Outcome) -> None: ...

    async def post_report(
        self, door: Door, path: str, status: str, *, at: float, forged: bool
    ) -> int:
        """Post a report on the newest message, dated `at` (Unix time); returns the HTTP status."""
        ...
