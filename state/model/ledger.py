"""The ledger of verification: what its limits and locks are counted from.

It knows a person and a number by keyed hashes alone, so it can outlive both: erasure, unlinking
and corrections by staff leave it as it is, and the sweep removes what no longer counts.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from state.model.verification import NumberKey, PersonKey, SessionId

BlockKey = NewType("BlockKey", str)
"""HMAC of what all numbers of one block begin with."""


class LedgerKind(StrEnum):
    ASKED = "asked"
    """A call or message was asked for; it rang, or may still."""
    UNREACHED = "unreached"
    """Asked for, but refused by the provider or never delivered."""
    MISCONFIGURED = "misconfigured"
    """The provider refused this desk altogether."""
    DECLINED = "declined"
    """Key 9: "this wasn't me"."""
    WRONG_CODE = "wrong_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One thing that counts, at the moment it happened."""

    at: datetime
    kind: LedgerKind
    person: PersonKey
    number: NumberKey | None
    """None: a wrong code that was cleared for the number, and still counts for the person."""
    session_id: SessionId
    block: BlockKey | None = None
    """With `region`, of what was asked for."""
    region: str = ""
    locked_until: datetime | None = None
    """Of the wrong code that was one too many: the end of the lock for person and number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """The wrong codes that count now for one person at one number; moments, oldest first."""

    of_person: tuple[datetime, ...] = ()
    """At whatever number."""
    at_number: tuple[datetime, ...] = ()
    """By whomever."""
    person_locked_until: datetime | None = None
    number_locked_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was asked for and rang within a window, by everybody."""

    block_calls: int = 0
    block_oldest: datetime | None = None
    region_calls: int = 0
    region_oldest: datetime | None = None
    desk_calls: int = 0
    desk_oldest: datetime | None = None
    misconfigured_at: datetime | None = None
    """When the provider last refused this desk altogether."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHistory:
    """What the limits need to know of a person, a number and the desk."""

    attempts: Attempts = Attempts()
    last_call_at: datetime | None = None
    """Asked for by this person, or rung at this number, whichever is later."""
    number_calls_at: tuple[datetime, ...] = ()
    """Those that rang; oldest first."""
    freelancer_calls_at: tuple[datetime, ...] = ()
    """Those that rang."""
    freelancer_asks_at: tuple[datetime, ...] = ()
    """All, whatever became of them."""
    block_calls: int = 0
    block_window_ends_at: datetime | None = None
    region_calls: int = 0
    region_window_ends_at: datetime | None = None
    desk_calls: int = 0
    desk_window_ends_at: datetime | None = None
    misconfigured_at: datetime | None = None
    declined_at: datetime | None = None
    """Latest "this wasn't me" for this pair of person and number."""
    number_busy_until: datetime | None = None
    """Another account's call to this number is in course until then."""
