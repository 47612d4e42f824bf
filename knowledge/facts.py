"""What an article may know of its reader: a fixed list, with nothing personal in it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The defaults are a reader of whom nothing is known. `None` is not known, and never zero."""

    linked: bool = False
    """The chat belongs to a freelancer, or the question was asked as one."""
    read_at: datetime | None = None
    """When the account was read; `None` when it never was."""
    stale: bool = False
    """That reading is older than the policy takes for fresh."""
    plan: str | None = None
    """The plan's name, as the policy has it."""
    paid: bool | None = None
    """Whether that plan is a paid one."""
    earned: int | None = None
    """Connects a month that are open now."""
    allowance: int | None = None
    """Connects a month with everything done; `None` on a paid plan that did not say."""
    undocumented: int | None = None
    """Connects a month that the allowance has beyond the listed steps."""
    complete: bool = False
    """Nothing that counts on this plan is left to do."""
    steps_done: tuple[str, ...] = ()
    """Names of steps, in the policy's order."""
    steps_due: tuple[str, ...] = ()
    """Names of the steps that count on this plan and are known not to be done."""
    steps_unknown: tuple[str, ...] = ()
    """Names of the steps of which the reading says nothing."""
    profile_done: bool | None = None
    """Whether the step of the profile's items is done, once and for good."""
    meter_done: bool | None = None
    """Whether the meter's step is done, once and for good, whatever the meter reads now."""
    phone_done: bool | None = None
    """Whether the phone's step is done, once and for good, whatever the number is now."""
    completeness: float | None = None
    """Percent on the profile's meter, as reported."""
    missing_items: tuple[str, ...] = ()
    """Names of the profile's items known to be missing."""
    quick_ways: tuple[str, ...] = ()
    """What would raise the meter and is not known to be done; empty when its step is done."""
    connects_balance: int | None = None
    """Connects left to spend."""
    phone_verified: bool | None = None
    """Whether the number that would be called now is verified."""
    tries_left: int | None = None
    """Codes that may still be entered in this round of verification."""
    locked_until: datetime | None = None
    """When verification is possible again, on the full minute; `None` when it is now."""


NOBODY = Facts()
"""A reader of whom nothing is known."""
