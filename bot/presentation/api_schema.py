"""Marketplace API schemas: parses and validates snapshots, serializes progress."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, assert_never

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from bot.storable_text import storable_json
from state.model.account import (
    Account,
    Blocked,
    Done,
    Due,
    FreelancerId,
    ItemId,
    NotNeeded,
    PlanId,
    Progress,
    StepProgress,
    Unknown,
)


def progress_json(progress: Progress) -> Mapping[str, Any]:
    """Progress as a JSON object of the public API."""
    return {
        "id": progress.id,
        "as_of": iso(progress.as_of),
        "stale": progress.stale,
        "plan": progress.plan,
        "earned": progress.earned,
        "allowance": progress.allowance,
        "undocumented": progress.undocumented,
        "steps": [_step(step) for step in progress.steps],
    }


def _step(step: StepProgress) -> Mapping[str, Any]:
    shape: dict[str, Any] = {
        "id": step.step,
        "status": "",
        "connects": step.connects,
        "missing": [],
        "done_at": None,
        "blocked_until": None,
    }
    match step.standing:
        case Done(at):
            shape |= {"status": "done", "done_at": iso(at)}
        case Due(missing):
            shape |= {"status": "due", "missing": list(missing)}
        case Unknown():
            shape["status"] = "unknown"
        case NotNeeded():
            shape["status"] = "not_needed"
        case Blocked(until):
            shape |= {"status": "blocked", "blocked_until": iso(until)}
        case _:
            assert_never(step.standing)
    return shape


def iso(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC, like `2026-11-23T12:00:00Z`; None for None."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None


class BadSnapshotError(Exception):
    """The snapshot is invalid; the message names the field by its path, and the fault."""


def _storable(text: str) -> str:
    """Validator: no NUL, which PostgreSQL can't store."""
    if "\0" in text:
        raise PydanticCustomError("text", "should not hold the character NUL")
    return text


def is_possible_id(text: str) -> bool:
    """Whether the text is valid as a freelancer id."""
    return len(text) <= LONGEST_ID and text not in DOTS and bool(_POSSIBLE_ID.fullmatch(text))


def _addressable(text: str) -> str:
    if text in DOTS:
        raise PydanticCustomError("id", "should not be . or .., which no address can hold")
    return text


def _written(value: object) -> object:
    """Validator: a moment is text; pydantic would take a bare number for seconds since 1970."""
    if not isinstance(value, str) or value.strip().lstrip("+-").replace(".", "").isdigit():
        raise PydanticCustomError("moment", "should be a moment like 2026-11-23T09:30:00Z")
    return value


def _whole(value: object) -> object:
    """Validator: accept 5.0 as the integer 5, since JSON has one type of number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("moment", "is too far away") from None


ID_PATTERN = r"^[^\s/\x00-\x1f\x7f]+$"
_POSSIBLE_ID = re.compile(ID_PATTERN)
DOTS = (".", "..")
"""Path segments that browsers, proxies and libraries remove from URLs, so no valid ids."""
DEEPEST = 32
"""Maximum nesting of the fields that the marketplace adds."""
LONGEST_ID = 128
NO_NUL = {"pattern": r"^[^\x00]*$"}
"""JSON Schema of the constraint that `_storable` checks."""
Text = Annotated[
    StrictStr, Field(max_length=1000, json_schema_extra=NO_NUL), AfterValidator(_storable)
]
Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_in_utc)]
Amount = Annotated[StrictInt, Field(ge=0, le=1_000_000_000), BeforeValidator(_whole)]
Items = dict[Annotated[StrictStr, Field(max_length=1000)], StrictBool | None]


class _Snapshot(BaseModel):
    """JSON form of a snapshot; unknown fields are kept, wrong types are refused."""

    model_config = ConfigDict(extra="allow")

    id: Annotated[
        StrictStr,
        Field(
            min_length=1,
            max_length=LONGEST_ID,
            pattern=ID_PATTERN,
            json_schema_extra={"not": {"enum": list(DOTS)}},
        ),
        AfterValidator(_addressable),
    ]
    as_of: Moment
    display_name: Text | None = None
    language: Text | None = None
    plan: Text
    plan_allowance: Amount | None = None
    connects_balance: Amount | None = None
    profile: Items = Field(default_factory=dict)
    completeness: StrictFloat | None = Field(None, ge=0, le=100)
    quick_actions: Items = Field(default_factory=dict)
    phone: Text | None = None
    phone_verified: StrictBool | None = None


REQUIRED = tuple(name for name, given in _Snapshot.model_fields.items() if given.is_required())
"""Fields that every snapshot has."""


def account_of(data: object, *, plans: frozenset[PlanId]) -> Account:
    """Validate a snapshot and return its account; BadSnapshotError with a one-sentence reason."""
    if not isinstance(data, dict):
        raise BadSnapshotError("a snapshot is a JSON object, and this is none")
    try:
        parsed = _Snapshot.model_validate(data)
    except ValidationError as error:
        raise BadSnapshotError(_first_fault(error)) from None
    if parsed.plan not in plans:
        known = ", ".join(sorted(plans))
        raise BadSnapshotError(f"plan: '{parsed.plan[:40]}' is none of {known}")
    return Account(
        id=FreelancerId(parsed.id),
        as_of=parsed.as_of,
        display_name=parsed.display_name,
        language=parsed.language,
        plan=PlanId(parsed.plan),
        plan_allowance=parsed.plan_allowance,
        connects_balance=parsed.connects_balance,
        profile={ItemId(name): done for name, done in parsed.profile.items()},
        completeness=parsed.completeness,
        quick_actions={ItemId(name): done for name, done in parsed.quick_actions.items()},
        phone=parsed.phone,
        phone_verified=parsed.phone_verified,
        extra=_extra(parsed.model_extra or {}),
    )


def snapshot_of(account: Account) -> dict[str, Any]:
    """The account as snapshot JSON, extra fields included.

    What the marketplace left out is null.
    """
    known = {
        "id": account.id,
        "as_of": iso(account.as_of),
        "display_name": account.display_name,
        "language": account.language,
        "plan": account.plan,
        "plan_allowance": account.plan_allowance,
        "connects_balance": account.connects_balance,
        "profile": dict(account.profile),
        "completeness": account.completeness,
        "quick_actions": dict(account.quick_actions),
        "phone": account.phone,
        "phone_verified": account.phone_verified,
    }
    return {**account.extra, **known}


def snapshot_schema(plans: Iterable[PlanId]) -> dict[str, Any]:
    """JSON Schema of the snapshots that `account_of` accepts."""
    schema = _Snapshot.model_json_schema() | {"title": "Snapshot"}
    schema["properties"]["plan"] |= {"enum": sorted(plans)}
    return schema


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    parts = [str(part) for part in fault["loc"] if part != "[key]"]
    path = _plain(".".join(parts)) or "the name of a field"
    return f"{path}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"


def _plain(path: str) -> str:
    """The path as printable ASCII, at most 100 characters, since field names come from outside."""
    return path.encode("ascii", "backslashreplace").decode()[:100]


def _extra(fields: Mapping[str, Any]) -> dict[str, Any]:
    if not _is_shallow(fields):
        raise BadSnapshotError(f"a field is nested too deeply, {DEEPEST} levels are the most")
    try:
        json.dumps(fields, allow_nan=False)
    except ValueError:
        raise BadSnapshotError("a number is infinite or none at all") from None
    extra: dict[str, Any] = storable_json(dict(fields))
    return extra


def _is_shallow(value: object) -> bool:
    """Whether nesting is within `DEEPEST`.

    Iterative, since deep input would overflow recursion.
    """
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in _inside(one)]
    return not level


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()


def from_json_line(line: str) -> object:
    """Parse one NDJSON line; BadSnapshotError if it is not JSON."""
    try:
        return json.loads(line)
    except ValueError as error:
        raise BadSnapshotError(f"not JSON: {error}") from None
    except RecursionError:
        raise BadSnapshotError("not a snapshot: it is nested too deeply") from None


def from_csv_row(row: Mapping[str, str | None]) -> dict[str, Any]:
    """One CSV row as snapshot data.

    Dotted headers nest (`profile.photo`), empty cells are None.
    """
    data: dict[str, Any] = {}
    for header, cell in row.items():
        *path, name = header.strip().split(".")
        place = data
        for part in path:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise BadSnapshotError(f"there is a column {part} beside {header}")
        if name in place:
            raise BadSnapshotError(f"there are columns inside {header}")
        place[name] = _cell(name, cell)
    return data


_TEXTS = {"id", "as_of", "display_name", "language", "plan", "phone"}
_WORDS = {"true": True, "false": False}


def _cell(name: str, cell: str | None) -> object:
    if cell is None or not cell.strip():
        return None
    text = cell.strip()
    if name in _TEXTS:
        if len(text.splitlines()) > 1:
            raise BadSnapshotError(
                f"{name}: has a line break in it; is a quotation mark never closed?"
            )
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
