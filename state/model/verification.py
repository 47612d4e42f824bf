"""Phone verification as values: a round holds the attempts, a call session holds one code.

Diagram and rulings: docs/verification.md. Change the diagram together with the code.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType, TypeAlias

from state.model.account import FreelancerId
from state.model.channel import AwaitingTyped, Channel

SessionId = NewType("SessionId", str)
"""32 hex digits; also the token in the provider's callback URLs."""
NumberKey = NewType("NumberKey", str)
"""HMAC of an E.164 number, stored where the number itself must not be."""
PersonKey = NewType("PersonKey", str)
"""HMAC of a freelancer's id: recognises an account that was erased and created again."""


@dataclass(frozen=True, slots=True)
class Open:
    """Round state: attempts are left. `wrong_at`: the wrong codes that count, oldest first."""

    wrong_at: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class LockedOut:
    """Round state: the person is locked out."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Verified:
    """Round state, and proof: a number is verified."""

    at: datetime
    number_key: NumberKey


Round: TypeAlias = Open | LockedOut | Verified
"""State of a person's attempts, computed from the proof stored and the ledger."""


@dataclass(frozen=True, slots=True)
class Queued:
    """Call phase: committed, not yet claimed by the worker that places calls."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Call phase: the request to the provider is being sent, exactly once."""

    since: datetime


@dataclass(frozen=True, slots=True)
class Dialing:
    """Call phase: the provider accepted the call; it rings."""


@dataclass(frozen=True, slots=True)
class AwaitingAck:
    """Call phase: picked up; waiting for the hash key that shows the call was expected."""

    silences: int = 0


@dataclass(frozen=True, slots=True)
class AwaitingCode:
    """Call phase: waiting for the code; `reprompts` counts unusable inputs."""

    reprompts: int = 0


@dataclass(frozen=True, slots=True)
class Closing:
    """Call phase: hung up; a code already on its way is accepted until `hang_up_grace` ends."""

    since: datetime


class Ending(StrEnum):
    """How a call session ended."""

    VERIFIED = "verified"
    LOCKED = "locked"
    DECLINED = "declined"
    """Key 9: "this wasn't me"."""
    ABANDONED = "abandoned"
    """Answered, but no usable input came."""
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    PROVIDER_FAILED = "provider_failed"
    MISCONFIGURED = "misconfigured"
    """The provider refuses the whole desk: its account, caller id or balance."""
    NUMBER_REJECTED = "number_rejected"
    NOT_SERVED = "not_served"
    """The provider may not call this country."""
    NOT_DELIVERED = "not_delivered"
    """The number has no Telegram account that could be reached."""
    NUMBER_IN_USE = "number_in_use"
    """The code was right, but the number is verified on another account."""
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Ended:
    """Call phase: ended."""

    how: Ending
    at: datetime


Phase: TypeAlias = (
    Queued | Placing | Dialing | AwaitingAck | AwaitingCode | AwaitingTyped | Closing | Ended
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSession:
    """One call or code message. The code is not stored: it is derived from `seed` and a pepper."""

    id: SessionId
    freelancer_id: FreelancerId
    person_key: PersonKey
    number: str
    """E.164."""
    number_key: NumberKey
    seed: bytes
    """128 random bits."""
    pepper_id: str
    opened_at: datetime
    expires_at: datetime
    phase: Phase
    channel: Channel = Channel.CALL
    region: str = ""
    """Region code of libphonenumber, which the limits count by."""
    provider_sid: str | None = None
    turn: int = 0
    """Next step of the call's dialogue; each step is answered once and replayed from storage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """One freelancer's verification: proof and latest call. Saved with a version check.

    Wrong codes and locks are in the ledger instead, which outlives it.
    """

    freelancer_id: FreelancerId
    proved: Verified | None = None
    """Reset to None as soon as another number is tried."""
    session: CallSession | None = None
    """The latest call session, ended or not."""
    version: int = 0
    """0: not stored yet."""


class Reason(StrEnum):
    """Which limit or lock makes a call wait."""

    LOCKED = "locked"
    NUMBER_LOCKED = "number_locked"
    DECLINED = "declined"
    TOO_SOON = "too_soon"
    CALLS_PER_NUMBER = "calls_per_number"
    CALLS_PER_FREELANCER = "calls_per_freelancer"
    ASKS_PER_FREELANCER = "asks_per_freelancer"
    """Too many calls and messages requested, whatever their outcome."""
    CALLS_PER_BLOCK = "calls_per_block"
    CALLS_PER_REGION = "calls_per_region"
    CALLS_OF_DESK = "calls_of_desk"
    NUMBER_BUSY = "number_busy"
    """Another account's call to this number is in progress."""
    PAUSED = "paused"
    """The provider refuses the whole desk, or the computer's clock cannot be trusted."""


@dataclass(frozen=True, slots=True)
class PlaceCall:
    """Decision: the call may be placed."""


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Decision: no call before `until`; `why` is the limit or lock that ends last."""

    until: datetime
    why: Reason


@dataclass(frozen=True, slots=True)
class Running:
    """Decision: no second call while this session is active."""

    session: CallSession


@dataclass(frozen=True, slots=True)
class AlreadyVerified:
    """Decision: no call, as the number is verified since `at`."""

    at: datetime


CallDecision: TypeAlias = PlaceCall | WaitUntil | Running | AlreadyVerified


@dataclass(frozen=True, slots=True)
class AskAck:
    """Call prompt: say who calls and ask for the hash key."""


@dataclass(frozen=True, slots=True)
class AskCode:
    """Call prompt: ask for the code shown in the chat. `misheard`: the last input was no code."""

    misheard: bool = False
    keypad_only: bool = False
    """Speech recognition failed before: the last try accepts keys only."""


@dataclass(frozen=True, slots=True)
class WrongCode:
    """Call prompt: say how many attempts are left and ask again, in the same call."""

    left: int


@dataclass(frozen=True, slots=True)
class Farewell:
    """Call prompt: say how the call ended and hang up."""

    how: Ending


@dataclass(frozen=True, slots=True)
class Silence:
    """Call prompt: hang up without a word, after a late or stray request."""


Prompt: TypeAlias = AskAck | AskCode | WrongCode | Farewell | Silence
