"""A snapshot as the marketplace sends it, checked field by field, to an Account."""

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
)

from state.model.account import Account, FreelancerId, ItemId, PlanId


class BadSnapshotError(Exception):
    """The message names the field by its path and says what is wrong with it."""


class _Snapshot(BaseModel):
    """Wire form; unknown fields are kept, wrong types are refused."""

    model_config = ConfigDict(extra="allow")

    id: StrictStr = Field(min_length=1, max_length=128, pattern=r"^[^\s/]+$")
    as_of: AwareDatetime
    display_name: StrictStr | None = None
    language: StrictStr | None = None
    plan: StrictStr
    plan_allowance: StrictInt | None = Field(None, ge=0)
    connects_balance: StrictInt | None = Field(None, ge=0)
    profile: dict[str, StrictBool | None] = Field(default_factory=dict)
    completeness: StrictFloat | StrictInt | None = Field(None, ge=0, le=100)
    quick_actions: dict[str, StrictBool | None] = Field(default_factory=dict)
    phone: StrictStr | None = None
    phone_verified: StrictBool | None = None


def account_of(data: object, *, plans: frozenset[PlanId]) -> Account:
    """The account of one snapshot, or BadSnapshotError with one sentence."""
    try:
        parsed = _Snapshot.model_validate(data)
    except ValidationError as error:
        raise BadSnapshotError(_first_fault(error)) from None
    if parsed.plan not in plans:
        known = ", ".join(sorted(plans))
        raise BadSnapshotError(f"plan: '{parsed.plan[:40]}' is none of {known}")
    return Account(
        id=FreelancerId(parsed.id),
        as_of=parsed.as_of.astimezone(UTC),
        display_name=parsed.display_name,
        language=parsed.language,
        plan=PlanId(parsed.plan),
        plan_allowance=parsed.plan_allowance,
        connects_balance=parsed.connects_balance,
        profile={ItemId(name): done for name, done in parsed.profile.items()},
        completeness=None if parsed.completeness is None else float(parsed.completeness),
        quick_actions={ItemId(name): done for name, done in parsed.quick_actions.items()},
        phone=parsed.phone,
        phone_verified=parsed.phone_verified,
        extra=dict(parsed.model_extra or {}),
    )


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    parts = [str(part) for part in fault["loc"] if not str(part).startswith(("float", "int"))]
    path = ".".join(parts) or "the snapshot"
    return f"{path}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"


def from_json_line(line: str) -> object:
    """One NDJSON line as data, or BadSnapshotError."""
    try:
        return json.loads(line)
    except ValueError as error:
        raise BadSnapshotError(f"not JSON: {error}") from None


def from_csv_row(row: Mapping[str, str | None]) -> dict[str, Any]:
    """One CSV row as data: dotted headers nest (`profile.photo`), empty cells are unknown."""
    data: dict[str, Any] = {}
    for header, cell in row.items():
        *path, name = header.split(".")
        place = data
        for part in path:
            place = place.setdefault(part, {})
        place[name] = _cell(name, cell)
    return data


_TEXTS = {"id", "as_of", "display_name", "language", "plan", "phone"}
_WORDS = {"true": True, "false": False}


def _cell(name: str, cell: str | None) -> object:
    if cell is None or not cell.strip():
        return None
    text = cell.strip()
    if name in _TEXTS:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text
