"""Phone verification as values: a round owns the attempts, a call session owns one code.

Picture and rulings: docs/verification.md. Change the picture with the code.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType, TypeAlias

from state.model.account import FreelancerId
from state.model.channel import AwaitingTyped, Channel

SessionId = NewType("SessionId", str)
"""32 hex digits; also the token in the provider's callback addresses."""
NumberKey = NewType("NumberKey", str)
"""HMAC of an E.164 number: what may be kept when the number itself may not."""
PersonKey = NewType("PersonKey", str)
"""HMAC of a freelancer's id: recognises an account that was erased and came back."""


@dataclass(frozen=True, slots=True)
class Open:
    """Attempts are left. `wrong_at`: the wrong codes that count, oldest first."""

    wrong_at: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class LockedOut:
    until: datetime


@dataclass(frozen=True, slots=True)
class Verified:
    at: datetime
    number_key: NumberKey


Round: TypeAlias = Open | LockedOut | Verified
"""Where a person stands now, from what they proved and what the ledger counts."""


@dataclass(frozen=True, slots=True)
class Queued:
    """Committed, not yet claimed by the worker that places calls."""


@dataclass(frozen=True, slots=True)
class Placing:
    """The provider is being asked, exactly once."""

    since: datetime


@dataclass(frozen=True, slots=True)
class Dialing:
    """The provider took the call; it rings."""


@dataclass(frozen=True, slots=True)
class AwaitingAck:
    """Picked up; waiting for the hash key that shows the call was expected."""

    silences: int = 0


@dataclass(frozen=True, slots=True)
class AwaitingCode:
    reprompts: int = 0


@dataclass(frozen=True, slots=True)
class Closing:
    """The line is closed, but a code on its way is still evaluated, for a moment."""

    since: datetime


class Ending(StrEnum):
    VERIFIED = "verified"
    LOCKED = "locked"
    DECLINED = "declined"
    """Key 9: "this wasn't me"."""
    ABANDONED = "abandoned"
    """Answered, but nothing usable came."""
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    PROVIDER_FAILED = "provider_failed"
    MISCONFIGURED = "misconfigured"
    """The provider refuses us altogether: our account, our caller id, our balance."""
    NUMBER_REJECTED = "number_rejected"
    NOT_SERVED = "not_served"
    """The provider may not call that country."""
    NOT_DELIVERED = "not_delivered"
    """No Telegram account of that number could be reached."""
    NUMBER_IN_USE = "number_in_use"
    """Possession was proved, but the number is verified on another account."""
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Ended:
    how: Ending
    at: datetime


Phase: TypeAlias = (
    Queued | Placing | Dialing | AwaitingAck | AwaitingCode | AwaitingTyped | Closing | Ended
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSession:
    """One call and its code. The code is stored nowhere: `seed` and a pepper give it."""

    id: SessionId
    freelancer_id: FreelancerId
    person_key: PersonKey
    number: str
    """E.164."""
    number_key: NumberKey
    seed: bytes
    """128 random bits of this session."""
    pepper_id: str
    opened_at: datetime
    expires_at: datetime
    phase: Phase
    channel: Channel = Channel.CALL
    region: str = ""
    """libphonenumber's, for the limits."""
    provider_sid: str | None = None
    turn: int = 0
    """The next step of the call's dialogue; each is answered once and replayed from storage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What is contested about one freelancer's verification; saved with a version check.

    Wrong codes and locks are not here: they stand in the ledger, which outlives it.
    """

    freelancer_id: FreelancerId
    proved: Verified | None = None
    """None again as soon as another number is tried."""
    session: CallSession | None = None
    """The latest call session, ended or not."""
    version: int = 0
    """0: nothing stored yet."""


class Reason(StrEnum):
    """Why a call must wait."""

    LOCKED = "locked"
    NUMBER_LOCKED = "number_locked"
    DECLINED = "declined"
    TOO_SOON = "too_soon"
    CALLS_PER_NUMBER = "calls_per_number"
    CALLS_PER_FREELANCER = "calls_per_freelancer"
    ASKS_PER_FREELANCER = "asks_per_freelancer"
    """Too many calls and messages asked for, whatever became of them."""
    CALLS_PER_BLOCK = "calls_per_block"
    CALLS_PER_REGION = "calls_per_region"
    CALLS_OF_DESK = "calls_of_desk"
    NUMBER_BUSY = "number_busy"
    """Another account's call to this number is in course."""
    PAUSED = "paused"
    """The provider refuses us, or the computer's clock cannot be trusted."""


@dataclass(frozen=True, slots=True)
class PlaceCall:
    """Go ahead."""


@dataclass(frozen=True, slots=True)
class WaitUntil:
    until: datetime
    why: Reason


@dataclass(frozen=True, slots=True)
class Running:
    session: CallSession


@dataclass(frozen=True, slots=True)
class AlreadyVerified:
    at: datetime


CallDecision: TypeAlias = PlaceCall | WaitUntil | Running | AlreadyVerified


@dataclass(frozen=True, slots=True)
class AskAck:
    """Explain who calls and ask for the hash key."""


@dataclass(frozen=True, slots=True)
class AskCode:
    """Ask for the digits in the chat. `misheard`: the last answer was not six digits."""

    misheard: bool = False
    keypad_only: bool = False
    """Speech failed before: the last chance takes keys alone."""


@dataclass(frozen=True, slots=True)
class WrongCode:
    """Say how many tries are left and ask again, in the same call."""

    left: int


@dataclass(frozen=True, slots=True)
class Farewell:
    """Say how it ended, and hang up."""

    how: Ending


@dataclass(frozen=True, slots=True)
class Silence:
    """Hang up without a word: a late or stray request."""


Prompt: TypeAlias = AskAck | AskCode | WrongCode | Farewell | Silence
