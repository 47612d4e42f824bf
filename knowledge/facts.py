"""Facts about a reader and the desk for article templates: a fixed list, no personal data."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Facts about a reader. None means unknown, never zero; the defaults are an unknown reader."""

    linked: bool = False
    """The chat is linked to an account, or the question was asked for one."""
    read_at: datetime | None = None
    """When the account was read; None if it never was."""
    stale: bool = False
    """The snapshot is older than the policy's `stale_after`."""
    plan: str | None = None
    """The plan's name, as the policy has it."""
    paid: bool | None = None
    """Whether that plan is a paid one."""
    earned: int | None = None
    """Connects per month granted so far."""
    allowance: int | None = None
    """Connects per month with every step done; None if a paid plan did not report it."""
    undocumented: int | None = None
    """Connects per month of the allowance that no listed step grants."""
    complete: bool = False
    """Every step that counts on this plan is done."""
    steps_done: tuple[str, ...] = ()
    """Names of steps, in the policy's order."""
    steps_due: tuple[str, ...] = ()
    """Names of the steps that count on this plan and are known not to be done."""
    steps_unknown: tuple[str, ...] = ()
    """Names of the steps that the snapshot does not report."""
    profile_done: bool | None = None
    """Whether the profile step is done, permanently."""
    meter_done: bool | None = None
    """Whether the meter step is done, permanently, whatever the meter reads now."""
    phone_done: bool | None = None
    """Whether the phone step is done, permanently, whatever the number is now."""
    completeness: float | None = None
    """Reading of the profile's meter in percent, as reported."""
    missing_items: tuple[str, ...] = ()
    """Names of the profile items known to be missing."""
    quick_ways: tuple[str, ...] = ()
    """Ways to raise the meter not known to be done; empty once its step is done."""
    connects_balance: int | None = None
    """Connects left to spend."""
    phone_verified: bool | None = None
    """Whether the current number is verified."""
    tries_left: int | None = None
    """Attempts left in this round of verification."""
    locked_until: datetime | None = None
    """When verification is possible again, to the full minute; None: now."""
    by_call: bool = True
    """The desk calls numbers to verify them."""
    by_message: bool = False
    """The desk sends codes to the Telegram account of a number, to be typed in the chat."""


NOBODY = Facts()
"""The facts of an unknown reader."""
