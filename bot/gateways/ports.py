"""The two ports to whoever brings a number and a code together, and what passes through them.

`CallProvider` places calls and speaks in them; `CodeChannel` sends codes as messages. Each is an
asynchronous context manager, opened once, and lives in a folder of its own beside this file.

ForgedRequestError    a request is not the provider's, or too old to be believed
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
    """Answered with 403; nothing is written."""


# ---------------------------------------------------------------- what came of asking


@dataclass(frozen=True, slots=True)
class Accepted:
    sid: str
    """The provider's own id of it."""


@dataclass(frozen=True, slots=True)
class NotPlaced:
    how: Ending
    detail: str
    """For the log and the operator; holds no number."""


@dataclass(frozen=True, slots=True)
class Throttled:
    """Nothing was created; the same request may be made later."""

    seconds: int | None = None
    """As the provider asked; None: it did not say."""


@dataclass(frozen=True, slots=True)
class NotKnown:
    """No answer: it may or may not have been created, so it is never asked for again."""


PlacementResult: TypeAlias = Accepted | NotPlaced | Throttled | NotKnown


# ---------------------------------------------------------------- calls


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedCall:
    """The call that a request says it is about; whether it is the session's is checked later."""

    session_id: SessionId
    sid: str
    number: str
    """In E.164."""
    own_account: bool = True
    """False: rightly signed, but in the name of another account. Refused, and audited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStep:
    """The call waits to be told what to say next."""

    call: ClaimedCall
    turn: int
    """Numbers the steps of a call from 0: the same turn is answered the same."""
    happened: Happened
    tried: int = 0
    """How often this turn was put off before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReport:
    """How the call goes; nobody waits for words."""

    call: ClaimedCall
    key: str
    """The same whenever the same report comes again."""
    ended: Ending | None


class CallProvider(AbstractAsyncContextManager[Any], Protocol):
    """Places calls from one number, and takes its provider's requests about them."""

    @property
    def name(self) -> str:
        """As `HELPDESK_VOICE` has it; keys of reports are unique within it."""
        ...

    @property
    def caller(self) -> str:
        """The number that calls come from, in E.164."""
        ...

    @property
    def paths(self) -> Collection[str]:
        """Where it posts to below `HELPDESK_PUBLIC_URL`, as patterns of aiohttp's router."""
        ...

    @property
    def content_type(self) -> str:
        """Of what `say` gives."""
        ...

    async def place(self, session_id: SessionId, number: str) -> PlacementResult:
        """Once, and never again by itself. Its requests are to name the session, from turn 0."""
        ...

    async def end(self, sid: str) -> bool:
        """Hang up; True if the provider knows the call to be over."""
        ...

    async def read(self, request: web.Request) -> CallStep | CallReport:
        """Of one of `paths`, with its body read. ForgedRequestError; HTTPBadRequest."""
        ...

    def say(self, speech: Speech, step: CallStep) -> str:
        """The answer to the step: says the words, and asks for turn + 1 if something is awaited.

        `Awaited.SAME_TURN` asks for the very turn of the step again, tried once more.
        """
        ...


CallProviders: TypeAlias = Mapping[str, Callable[[Settings], CallProvider]]
"""By their names. The settings' own are checked at once: SettingsError names what is missing."""


# ---------------------------------------------------------------- codes as messages


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReport:
    """How far a message came."""

    session_id: SessionId
    sid: str
    key: str
    """The same whenever the same report comes again."""
    happened: CallEvent | None
    """None: nothing that matters."""


class CodeChannel(AbstractAsyncContextManager[Any], Protocol):
    """Sends codes to the messenger account of a number, and takes reports on them."""

    @property
    def name(self) -> str:
        """Keys of reports are unique within it."""
        ...

    @property
    def path(self) -> str:
        """Where reports are posted to, below `HELPDESK_PUBLIC_URL`."""
        ...

    async def send(
        self, session_id: SessionId, number: str, code: str, *, seconds: int
    ) -> PlacementResult:
        """`seconds`: after so long a message that was not read is of no use."""
        ...

    async def count(self, sid: str, code: str) -> bool:
        """Let the provider know that its code was used; True if it heard so."""
        ...

    async def revoke(self, sid: str) -> bool:
        """Take the message back, if it was not read yet; True if the provider heard so."""
        ...

    async def read(self, request: web.Request, now: datetime) -> MessageReport | None:
        """Of `path`, with its body read; None: signed, but no report. ForgedRequestError."""
        ...
