"""Compares an answer of a Bot API with the published schema."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).parents[2] / "data" / "bot_api_schema.json"
SCALARS: dict[str, type] = {"String": str, "Boolean": bool, "Integer": int, "Float": float}


@cache
def definitions() -> dict[str, Any]:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return {each["name"]: each for group in schema["items"] for each in group["children"]}


def faults(value: Any, expected: str, at: str = "result") -> list[str]:
    """Every place where the value is not of the type that the schema expects."""
    return list(_faults(value, expected, at))


def _faults(value: Any, expected: str, at: str) -> Iterator[str]:
    if expected.startswith("Array of "):
        if not isinstance(value, list):
            yield f"{at}: {value!r} is no array"
            return
        for index, each in enumerate(value):
            yield from _faults(each, expected.removeprefix("Array of "), f"{at}[{index}]")
    elif " or " in expected:
        if all(faults(value, each, at) for each in expected.split(" or ")):
            yield f"{at}: {value!r} is none of {expected}"
    elif expected == "True":
        if value is not True:
            yield f"{at}: {value!r} is not true"
    elif expected in SCALARS:
        if type(value) is not SCALARS[expected]:
            yield f"{at}: {value!r} is no {expected}"
    else:
        yield from _object_faults(value, expected, at)


def _object_faults(value: Any, expected: str, at: str) -> Iterator[str]:
    definition = definitions()[expected]
    variants = [line[3:] for line in definition["description"].splitlines() if line[:3] == " - "]
    if not definition["annotations"] and variants:
        if all(faults(value, each, at) for each in variants):
            yield f"{at}: {value!r} is none of {variants}"
        return
    if not isinstance(value, dict):
        yield f"{at}: {value!r} is no {expected}"
        return
    fields = {field["name"]: field for field in definition["annotations"]}
    yield from (f"{at}.{name}: not a field of {expected}" for name in value.keys() - fields)
    for name, field in fields.items():
        if name in value:
            yield from _faults(value[name], field["type"], f"{at}.{name}")
        elif field["required"]:
            yield f"{at}.{name}: missing in {expected}"
