"""What the marketplace says of a freelancer, and where that leaves them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType, TypeAlias

FreelancerId = NewType("FreelancerId", str)
StepId = NewType("StepId", str)
ItemId = NewType("ItemId", str)
"""One field of the basic profile, or one quick way to raise the meter, as the policy names it."""
PlanId = NewType("PlanId", str)

READING = "snapshot:"
"""What a proof by a snapshot begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One snapshot: what the marketplace read at `as_of`. `None` means it did not say."""

    id: FreelancerId
    as_of: datetime
    plan: PlanId
    display_name: str | None = None
    language: str | None = None
    plan_allowance: int | None = None
    connects_balance: int | None = None
    profile: Mapping[ItemId, bool | None] = field(default_factory=dict)
    completeness: float | None = None
    """Percent, exactly as the marketplace reported it; never computed or rounded here."""
    quick_actions: Mapping[ItemId, bool | None] = field(default_factory=dict)
    phone: str | None = None
    """E.164, or whatever the marketplace has on record."""
    phone_verified: bool | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    """Fields this version does not know: kept, so that an export is complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A step done once and for good (ruling 2 of the Connects rules)."""

    step: StepId
    done_at: datetime
    proof: str
    """What proved it: `snapshot:<as_of>`, `verification:<session>` or `staff:<reason>`."""


@dataclass(frozen=True, slots=True)
class Done:
    at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    missing: tuple[ItemId, ...] = ()
    """Items still to do; for the meter, the quick ways not known to be done."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The reading does not say; never shown as zero."""


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """A paid plan opens its Connects without this step."""


@dataclass(frozen=True, slots=True)
class Blocked:
    until: datetime


Standing: TypeAlias = Done | Due | Unknown | NotNeeded | Blocked


@dataclass(frozen=True, slots=True, kw_only=True)
class StepProgress:
    step: StepId
    connects: int
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a freelancer stands against the policy, computed from one reading."""

    id: FreelancerId
    as_of: datetime | None
    """When the account was read; `None` when it never was."""
    stale: bool
    plan: PlanId | None
    paid: bool
    earned: int | None
    """Connects a month that are open now; `None` when nothing is known yet."""
    allowance: int | None
    """Connects a month with everything done; `None` on a paid plan that did not say."""
    undocumented: int
    """Allowance minus what the steps list; the source does not itemise these."""
    steps: tuple[StepProgress, ...]
    complete: bool
    """Nothing that counts on this plan is left to do."""
    completeness: float | None = None
    connects_balance: int | None = None
