"""A freelancer's account as the marketplace reports it, and the progress computed from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType, TypeAlias

FreelancerId = NewType("FreelancerId", str)
StepId = NewType("StepId", str)
ItemId = NewType("ItemId", str)
"""One field of the basic profile, or one quick way to raise the meter, as named in the policy."""
PlanId = NewType("PlanId", str)

READING = "snapshot:"
"""Prefix of a completion's proof when a snapshot proved it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One snapshot of an account, read by the marketplace at `as_of`; None: not reported."""

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
    """E.164, or in the marketplace's own notation."""
    phone_verified: bool | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    """Fields this version does not know, stored so that an export is complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A step recorded as done, permanently (ruling 2 of the Connects rules)."""

    step: StepId
    done_at: datetime
    proof: str
    """What proved it: `snapshot:<as_of>`, `verification:<session>` or `staff:<reason>`."""


@dataclass(frozen=True, slots=True)
class Done:
    """Standing of a step: done since `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """Standing of a step: not done."""

    missing: tuple[ItemId, ...] = ()
    """Items still to do; for the meter, the quick ways not known to be done."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The snapshot does not say whether the step is done; never shown as zero."""


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """The step does not count: a paid plan grants its Connects without it."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """Standing of a step: verification is locked until then."""

    until: datetime


Standing: TypeAlias = Done | Due | Unknown | NotNeeded | Blocked


@dataclass(frozen=True, slots=True, kw_only=True)
class StepProgress:
    """One step's standing, and the Connects per month it grants."""

    step: StepId
    connects: int
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A freelancer's progress through the policy's steps, computed from one snapshot."""

    id: FreelancerId
    as_of: datetime | None
    """When the account was read; None if it never was."""
    stale: bool
    plan: PlanId | None
    paid: bool
    earned: int | None
    """Connects per month granted so far; None while nothing is known."""
    allowance: int | None
    """Connects per month with every step done; None if a paid plan did not report it."""
    undocumented: int
    """Allowance minus the Connects of the steps; the source does not itemise these."""
    steps: tuple[StepProgress, ...]
    complete: bool
    """Every step that counts on this plan is done."""
    completeness: float | None = None
    connects_balance: int | None = None
