"""The marketplace's rules as values: plans, steps, and what verification allows."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from state.model.account import ItemId, PlanId, StepId


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    id: PlanId
    name: str
    paid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to do, and where: a path in words and, if there is one, an address."""

    id: ItemId
    name: str
    path: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    id: StepId
    name: str
    connects: int
    needed_when_paid: bool
    path: str = ""
    url: str = ""
    article: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsStep(_Step):
    """Done when every item is there."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterStep(_Step):
    """Done when the marketplace's own meter reads the threshold."""

    threshold: float
    quick_ways: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneStep(_Step):
    """Done when the number on record is verified."""


Step: TypeAlias = ItemsStep | MeterStep | PhoneStep


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationPolicy:
    attempts: int
    lock: timedelta
    """After the last attempt; also how long a wrong code counts if no other follows."""
    code_digits: int
    code_lifetime: timedelta
    misheard_limit: int
    place_timeout: timedelta
    hang_up_grace: timedelta
    call_pause: timedelta
    calls_per_number: int
    calls_per_freelancer: int
    asks_per_freelancer: int
    """Calls and messages asked for in 24 hours, also those that reached nobody."""
    calls_per_block: int
    """Of 10,000 numbers that differ in their last four digits alone."""
    calls_per_region: int
    calls_per_desk: int
    provider_pause: timedelta
    """No calls for so long after the provider refused us altogether."""
    number_reuse: timedelta
    """How long a verified number stays bound to its account after that was erased."""
    contact_verifies: bool
    """Whether sharing one's own Telegram contact is proof enough of a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Where people are, when the desk itself can't help."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    allowance: int
    stale_after: timedelta
    plans: tuple[Plan, ...]
    steps: tuple[Step, ...]
    verification: VerificationPolicy
    support: Support

    @property
    def undocumented(self) -> int:
        """What the allowance has beyond the steps; its source is not named anywhere."""
        return self.allowance - sum(step.connects for step in self.steps)

    def plan(self, plan_id: PlanId) -> Plan | None:
        return next((plan for plan in self.plans if plan.id == plan_id), None)

    def step(self, step_id: StepId) -> Step | None:
        return next((step for step in self.steps if step.id == step_id), None)
