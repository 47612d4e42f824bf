"""Ports for delivering a code to a phone number, and the values they exchange.

`CallProvider` places calls and speaks in them; `CodeChannel` sends codes as messages. Each is an
asynchronous context manager, opened once, and lives in a folder of its own beside this file.
ForgedRequestError    a request is not signed by the provider, or is too old
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from aiohttp import web

from bot.presentation.speech import Speech
from bot.settings import Settings
from state.model.verification import Ending, SessionId
from state.rules.call_events import CallEvent
from state.usecases.verification.run_call import Happened


class ForgedRequestError(Exception):
    """A request has no valid signature, or is too old. Answered with 403; nothing is stored."""


# ---------------------------------------------------------------- results of a request


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider created the call or message."""

    sid: str
    """The provider's id of the call or message."""


@dataclass(frozen=True, slots=True)
class NotPlaced:
    """The provider refused; a repeated request would be refused too."""

    how: Ending
    detail: str
    """Reason for the log and the operator; holds no phone number."""


@dataclass(frozen=True, slots=True)
class Throttled:
    """Rate limited: nothing was created, and the same request may be repeated later."""

    seconds: int | None = None
    """Wait that the provider asked for; None if it named none."""


@dataclass(frozen=True, slots=True)
class NotKnown:
    """No response: the call or message may exist, so the request is never repeated."""


PlacementResult: TypeAlias = Accepted | NotPlaced | Throttled | NotKnown


# ---------------------------------------------------------------- calls


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedCall:
    """The call that a request names; the caller checks that it belongs to the session."""

    session_id: SessionId
    sid: str
    number: str
    """E.164."""
    own_account: bool = True
    """False: validly signed, but for another account of the provider. Refused, and audited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStep:
    """A request for the next words of a call; the provider waits for the response."""

    call: ClaimedCall
    turn: int
    """Number of the step in the call, from 0; a repeated turn gets the same response."""
    happened: Happened
    tried: int = 0
    """How often the response to this turn was postponed before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReport:
    """A status report about a call; the response has no content."""

    call: ClaimedCall
    key: str
    """Idempotency key: equal for repeats of the same report."""
    ended: Ending | None


class CallProvider(AbstractAsyncContextManager[Any], Protocol):
    """Port of a call provider: places calls from one number, handles the provider's webhooks."""

    @property
    def name(self) -> str:
        """Name in `HELPDESK_VOICE`; report keys are unique within it."""
        ...

    @property
    def caller(self) -> str:
        """Caller number, in E.164."""
        ...

    @property
    def paths(self) -> Collection[str]:
        """Webhook paths below `HELPDESK_PUBLIC_URL`, as patterns of aiohttp's router."""
        ...

    @property
    def content_type(self) -> str:
        """MIME type of what `say` returns."""
        ...

    async def place(self, session_id: SessionId, number: str) -> PlacementResult:
        """Request a call once, without retries.

        The provider's requests about the call must name the session, and count turns from 0.
        """
        ...

    async def end(self, sid: str) -> bool:
        """Hang up; True if the provider confirms that the call is over."""
        ...

    async def read(self, request: web.Request) -> CallStep | CallReport:
        """Verify and parse a webhook to one of `paths`, whose body is already read.

        ForgedRequestError for a bad signature, HTTPBadRequest for a malformed form.
        """
        ...

    def say(self, speech: Speech, step: CallStep) -> str:
        """Response body for a step: speak the words and, if input is awaited, request turn + 1.

        `Awaited.SAME_TURN` requests the same turn again, with `tried` increased by one.
        """
        ...


CallProviders: TypeAlias = Mapping[str, Callable[[Settings], CallProvider]]
"""Factories by provider name; SettingsError at once if a setting of the provider is missing."""


# ---------------------------------------------------------------- codes as messages


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReport:
    """A delivery report about a code message."""

    session_id: SessionId
    sid: str
    key: str
    """Idempotency key: equal for repeats of the same report."""
    happened: CallEvent | None
    """None if the status changes nothing."""


class CodeChannel(AbstractAsyncContextManager[Any], Protocol):
    """Port of a code channel: sends codes to the messenger account of a phone number."""

    @property
    def name(self) -> str:
        """Name of the channel; report keys are unique within it."""
        ...

    @property
    def path(self) -> str:
        """Webhook path of delivery reports, below `HELPDESK_PUBLIC_URL`."""
        ...

    async def send(
        self, session_id: SessionId, number: str, code: str, *, seconds: int
    ) -> PlacementResult:
        """Send a code once; `number` in E.164.

        `seconds`: lifetime; a message not read by then is withdrawn or expires.
        """
        ...

    async def count(self, sid: str, code: str) -> bool:
        """Report to the provider that its code was used; True if it received the report."""
        ...

    async def revoke(self, sid: str) -> bool:
        """Withdraw an unread message; True if the provider received the request."""
        ...

    async def read(self, request: web.Request, now: datetime) -> MessageReport | None:
        """Verify and parse a webhook to `path`, whose body is already read.

        None for a signed request that is no delivery report. ForgedRequestError for a bad
        signature.
        """
        ...
