"""Parse a policy (TOML) into values. The code names no marketplace."""

import tomllib
from functools import cache
from importlib import resources

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from state.policy.values import Policy

_FAULTS = {
    "missing": "is missing",
    "unexpected_keyword_argument": "is not a known key",
    "string_type": "must be a text",
    "bool_type": "must be true or false",
    "dataclass_type": "must be a table",
    "model_attributes_type": "must be a table",
    "tuple_type": "must be a list of tables",
    "too_short": "must be a list of tables",
    "float_type": "must be a percentage above 0",
    "greater_than": "must be a percentage above 0",
    "less_than_equal": "must be a percentage above 0",
    "union_tag_not_found": "is missing",
    "union_tag_invalid": "must be items, meter or phone",
}
"""Error messages by pydantic error type."""


class BadPolicyError(Exception):
    """The text is not a valid policy; the message is one sentence that names the key."""


def shipped() -> Policy:
    return parse(resources.files("state").joinpath("policy.toml").read_text("utf-8"))


def parse(text: str) -> Policy:
    """Parse a policy; BadPolicyError if a key is missing, unknown, repeated or of a wrong type."""
    try:
        policy = _reader().validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadPolicyError(f"The policy is not TOML: {error}.") from error
    except RecursionError:
        raise BadPolicyError("The policy is nested too deeply.") from None
    except ValidationError as error:
        raise BadPolicyError(_sentence(error.errors()[0])) from None
    if policy.undocumented < 0:
        raise BadPolicyError("The steps together give more Connects than `allowance`.")
    return policy


@cache
def _reader() -> TypeAdapter[Policy]:
    return TypeAdapter(Policy)


def _sentence(error: ErrorDetails) -> str:
    kind, place = error["type"], list(error["loc"])
    if place[0] == "steps":
        del place[2:3]  # pydantic's tag of the union member
    if kind.startswith("union_tag"):
        place.append("kind")
    place += error.get("ctx", {}).get("at", ())
    key = "".join(f"[{one + 1}]" if isinstance(one, int) else f".{one}" for one in place)
    return f"`{key.removeprefix('.')}` {_FAULTS.get(kind, error['msg'])}."
