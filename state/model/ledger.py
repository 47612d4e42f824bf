"""The verification ledger: the entries that call limits and locks are counted from.

It holds a person and a number as keyed hashes only, so it can outlive both: erasure, unlinking
and corrections by staff leave it unchanged; the retention sweep removes entries that expired.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from state.model.verification import NumberKey, PersonKey, SessionId

BlockKey = NewType("BlockKey", str)
"""HMAC of the prefix shared by all numbers of one block."""


class LedgerKind(StrEnum):
    """What a ledger entry counts as."""

    ASKED = "asked"
    """A call or message was requested; it rang, or still may."""
    UNREACHED = "unreached"
    """Requested, but refused by the provider or never delivered."""
    MISCONFIGURED = "misconfigured"
    """The provider refused the whole desk: its account, caller id or balance."""
    DECLINED = "declined"
    """Key 9: "this wasn't me"."""
    WRONG_CODE = "wrong_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One event that counts towards a limit or lock, with the moment it happened."""

    at: datetime
    kind: LedgerKind
    person: PersonKey
    number: NumberKey | None
    """None: a wrong code cleared for the number, which still counts for the person."""
    session_id: SessionId
    block: BlockKey | None = None
    """Key of the block of the requested number; set together with `region`."""
    region: str = ""
    locked_until: datetime | None = None
    """Set on the wrong code that used up the attempts: end of the lock on person and number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """Wrong codes within the lock window for one person and one number, and the locks they set."""

    of_person: tuple[datetime, ...] = ()
    """Moments of the person's wrong codes at any number, oldest first."""
    at_number: tuple[datetime, ...] = ()
    """Moments of wrong codes at this number by any person, oldest first."""
    person_locked_until: datetime | None = None
    number_locked_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Calls by anybody that rang within the window: count and oldest, per block, region, desk."""

    block_calls: int = 0
    block_oldest: datetime | None = None
    region_calls: int = 0
    region_oldest: datetime | None = None
    desk_calls: int = 0
    desk_oldest: datetime | None = None
    misconfigured_at: datetime | None = None
    """When the provider last refused the whole desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHistory:
    """Everything that the call limits are checked against, for one person and one number."""

    attempts: Attempts = Attempts()
    last_call_at: datetime | None = None
    """Latest call requested by this person, or rung at this number."""
    number_calls_at: tuple[datetime, ...] = ()
    """Calls to this number that rang, oldest first."""
    freelancer_calls_at: tuple[datetime, ...] = ()
    """Calls of this freelancer that rang."""
    freelancer_asks_at: tuple[datetime, ...] = ()
    """All calls and messages requested by this freelancer, whatever their outcome."""
    block_calls: int = 0
    block_window_ends_at: datetime | None = None
    region_calls: int = 0
    region_window_ends_at: datetime | None = None
    desk_calls: int = 0
    desk_window_ends_at: datetime | None = None
    misconfigured_at: datetime | None = None
    declined_at: datetime | None = None
    """Latest key 9 ("this wasn't me") for this pair of person and number."""
    number_busy_until: datetime | None = None
    """When another account's running call to this number ends; None if there is none."""
