"""The policy as values: plans, steps and the limits of verification.

The annotation of a field holds its validation rules, for pydantic.
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
    """Validator for a whole number from `least` to `most`; with `unit`, a number of such units."""

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
    """A membership plan."""

    id: PlanId
    name: str
    paid: StrictBool


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to do, and where: a navigation path in words and an optional URL."""

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
    """A step that is done when every item is present."""

    kind: Literal["items"] = "items"
    items: Annotated[_Rows[Item], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterStep(_Step):
    """A step that is done when the marketplace's completeness meter reads `threshold` percent."""

    kind: Literal["meter"] = "meter"
    threshold: Annotated[float, Field(strict=True, gt=0, le=100)]
    quick_ways: _Rows[Item] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneStep(_Step):
    """A step that is done when the phone number on record is verified."""

    kind: Literal["phone"] = "phone"


Step: TypeAlias = ItemsStep | MeterStep | PhoneStep


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationPolicy:
    """Limits and durations of phone verification."""

    attempts: _Positive
    lock: Annotated[timedelta, _whole(1, unit=_HOURS), Field(alias="lock_hours")]
    """Duration of a lock after the last attempt; also how long a single wrong code counts."""
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
    asks_per_freelancer: _Positive = 15  # default for policies older than this key
    """Calls and messages requested within 24 hours, including those that reached nobody."""
    calls_per_block: _Positive
    """Per block of 10,000 numbers that differ in their last four digits only."""
    calls_per_region: _Positive
    calls_per_desk: _Positive
    provider_pause: Annotated[
        timedelta, _whole(1, unit=_MINUTES), Field(alias="provider_pause_minutes")
    ]
    """How long no call is placed after the provider refused the whole desk."""
    number_reuse: Annotated[timedelta, _whole(unit=_DAYS), Field(alias="number_reuse_days")] = (
        timedelta(days=90)
    )
    """How long a verified number stays bound to an account after that account's erasure."""
    contact_verifies: StrictBool
    """Whether sharing one's own Telegram contact proves a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """The marketplace's own support: where to refer people when the desk cannot help."""

    name: str
    url: str


@with_config(ConfigDict(extra="forbid"))  # applies to nested tables too
@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All rules of one marketplace."""

    allowance: _Whole
    stale_after: Annotated[timedelta, _whole(unit=_HOURS), Field(alias="stale_after_hours")]
    plans: Annotated[_Rows[Plan], Field(min_length=1)]
    steps: Annotated[_Rows[Annotated[Step, Field(discriminator="kind")]], Field(min_length=1)]
    verification: VerificationPolicy
    support: Support

    @property
    def undocumented(self) -> int:
        """The part of the allowance not covered by the steps; the source does not itemise it."""
        return self.allowance - sum(step.connects for step in self.steps)

    def plan(self, plan_id: PlanId) -> Plan | None:
        return next((plan for plan in self.plans if plan.id == plan_id), None)

    def step(self, step_id: StepId) -> Step | None:
        return next((step for step in self.steps if step.id == step_id), None)
