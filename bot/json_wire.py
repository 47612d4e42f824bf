"""JSON as it travels: orjson, and the standard library for the little that it refuses.

Half a surrogate pair is no text, so orjson refuses it; people's clients do send it.
"""

import json
from typing import Any

import orjson


def to_json(value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":")).encode()


def from_json(body: bytes) -> Any:
    """ValueError (or RecursionError) if it is none."""
    try:
        return orjson.loads(body)
    except ValueError:
        return json.loads(body)
