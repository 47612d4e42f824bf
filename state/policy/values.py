"""The marketplace's rules as values: plans, steps, and what verification allows.

What the text of a policy may say of a field stands in its annotation, for pydantic.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StrictBool, with_config
from pydantic_core import PydanticCustomError

from state.model.account import ItemId, PlanId, StepId


def _whole(
    least: int = 0, most: int = 1_000_000, *, unit: timedelta | None = None
) -> BeforeValidator:
    """Read a whole number, of units of time if there is one."""

    def read(value: object) -> int | timedelta:
        if type(value) is not int or not least <= value <= most:
            raise PydanticCustomError("whole", f"must be a whole number, {least} to {most}")
        return value if unit is None else value * unit

    return BeforeValidator(read)


_SECONDS, _MINUTES, _HOURS, _DAYS = (
    timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days")
)
_Whole: TypeAlias = Annotated[int, _whole()]
_Positive: TypeAlias = Annotated[int, _whole(1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    id: PlanId
    name: str
    paid: StrictBool


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
    connects: _Whole
    needed_when_paid: StrictBool
    path: str = ""
    url: str = ""
    article: str = ""


Listed = TypeVar("Listed", bound=Plan | Item | _Step)


def _distinct(rows: tuple[Listed, ...]) -> tuple[Listed, ...]:
    known: set[str] = set()
    for place, row in enumerate(rows):
        if row.id in known:
            context = {"at": (place, "id"), "id": row.id}
            raise PydanticCustomError("repeated", "repeats “{id}”", context)
        known.add(row.id)
    return rows


_Rows: TypeAlias = Annotated[tuple[Listed, ...], AfterValidator(_distinct)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsStep(_Step):
    """Done when every item is there."""

    kind: Literal["items"] = "items"
    items: Annotated[_Rows[Item], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterStep(_Step):
    """Done when the marketplace's own meter reads the threshold."""

    kind: Literal["meter"] = "meter"
    threshold: Annotated[float, Field(strict=True, gt=0, le=100)]
    quick_ways: _Rows[Item] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneStep(_Step):
    """Done when the number on record is verified."""

    kind: Literal["phone"] = "phone"


Step: TypeAlias = ItemsStep | MeterStep | PhoneStep


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationPolicy:
    attempts: _Positive
    lock: Annotated[timedelta, _whole(1, unit=_HOURS), Field(alias="lock_hours")]
    """After the last attempt; also how long a wrong code counts if no other follows."""
    code_digits: Annotated[int, _whole(4, 8)]
    code_lifetime: Annotated[
        timedelta, _whole(1, unit=_MINUTES), Field(alias="code_lifetime_minutes")
    ]
    misheard_limit: _Whole
    place_timeout: Annotated[
        timedelta, _whole(1, unit=_SECONDS), Field(alias="place_timeout_seconds")
    ]
    hang_up_grace: Annotated[
        timedelta, _whole(unit=_SECONDS), Field(alias="hang_up_grace_seconds")
    ]
    call_pause: Annotated[timedelta, _whole(unit=_SECONDS), Field(alias="call_pause_seconds")]
    calls_per_number: _Positive
    calls_per_freelancer: _Positive
    asks_per_freelancer: _Positive = 15  # where a policy from before this rule does not say
    """Calls and messages asked for in 24 hours, also those that reached nobody."""
    calls_per_block: _Positive
    """Of 10,000 numbers that differ in their last four digits alone."""
    calls_per_region: _Positive
    calls_per_desk: _Positive
    provider_pause: Annotated[
        timedelta, _whole(1, unit=_MINUTES), Field(alias="provider_pause_minutes")
    ]
    """No calls for so long after the provider refused us altogether."""
    number_reuse: Annotated[timedelta, _whole(unit=_DAYS), Field(alias="number_reuse_days")] = (
        timedelta(days=90)
    )
    """How long a verified number stays bound to its account after that was erased."""
    contact_verifies: StrictBool
    """Whether sharing one's own Telegram contact is proof enough of a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Where people are, when the desk itself can't help."""

    name: str
    url: str


@with_config(ConfigDict(extra="forbid"))  # holds for every table within
@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    allowance: _Whole
    stale_after: Annotated[timedelta, _whole(unit=_HOURS), Field(alias="stale_after_hours")]
    plans: Annotated[_Rows[Plan], Field(min_length=1)]
    steps: Annotated[_Rows[Annotated[Step, Field(discriminator="kind")]], Field(min_length=1)]
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
