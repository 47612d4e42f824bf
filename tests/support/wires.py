"""What the contract tests ask of the other side of a call provider's wire, whatever the wire."""

from collections.abc import Awaitable, Callable
from enum import Enum, auto
from typing import Protocol

from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.gateways.ports import CallProviders

Door = TestClient[web.Request, web.Application]


class Outcome(Enum):
    """What the provider's side makes of the next order, or of the next wish to end a call."""

    NUMBER_REFUSED = auto()
    REGION_REFUSED = auto()
    LOGIN_REFUSED = auto()
    NO_ROOM = auto()
    BROKEN = auto()


class Said(Protocol):
    """One answer of the desk, as the telephone hears it."""

    @property
    def words(self) -> str: ...

    @property
    def goes_on(self) -> bool:
        """Something is awaited; else the call is hung up."""
        ...


class Telephone(Protocol):
    """The newest call: each thing done to it is one request to the desk."""

    sid: str
    """The provider's own id of it."""

    async def pick_up(self) -> Said: ...

    async def key(self, digits: str) -> Said: ...

    async def speak(self, words: str, *, confidence: float = 0.9) -> Said: ...

    async def wait_a_moment(self) -> Said:
        """As the last answer asked for it: the same turn again."""
        ...

    async def report(self, status: str) -> int:
        """`busy`, `no-answer` or `completed`; the HTTP status that answers it."""
        ...

    async def repeat(self) -> tuple[bytes, bytes]:
        """The last answer, and the one to the very same request once more."""
        ...

    async def forge(self) -> int:
        """As `pick_up`, wrongly signed; the HTTP status that answers it."""
        ...


class Wire(Protocol):
    """Takes orders for calls, and makes telephones ring."""

    providers: CallProviders
    """With the one that speaks this wire."""
    voice: str
    """Its name there."""
    hung_up: list[str]

    def application(self) -> web.Application: ...

    def settings(self, address: str) -> dict[str, object]:
        """How the desk comes to the application at this address."""
        ...

    def will_be(self, outcome: Outcome) -> None: ...

    def phone(self, door: Door, settle: Callable[[], Awaitable[None]]) -> Telephone: ...


class CodeWire(Protocol):
    """Takes messages with codes, and reports on them."""

    @property
    def brought(self) -> list[tuple[str, str]]:
        """Numbers and the codes that came to them."""
        ...

    @property
    def counted(self) -> list[tuple[str, str]]:
        """Messages, by the provider's own id, and the codes that were used."""
        ...

    @property
    def revoked(self) -> list[str]: ...

    def application(self) -> web.Application: ...

    def settings(self, address: str) -> dict[str, object]: ...

    def will_be(self, outcome: Outcome) -> None: ...

    async def post_report(
        self, door: Door, path: str, status: str, *, at: float, forged: bool
    ) -> int:
        """On the newest message, made at this Unix time; the HTTP status that answers it."""
        ...
