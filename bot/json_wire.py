"""JSON as it travels: orjson, and the standard library for the little that it refuses.

Half a surrogate pair is no text, so orjson refuses it; people's clients do send it.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import orjson

LEAST, MOST = -(2**63), 2**63 - 1
"""Whole numbers that both databases take."""
_LONG = re.compile(rb"\d{19}")


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


def numbers_fit(value: Any) -> bool:
    """Whether every whole number in a JSON value fits into 64 bits, and it isn't nested endlessly.

    Few values hold so many digits in a row, and only those are looked through.
    """
    try:
        if _LONG.search(to_json(value)) is None:
            return True
    except RecursionError:
        return False
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            left += one.values()
        elif isinstance(one, list):
            left += one
        elif isinstance(one, int) and not LEAST <= one <= MOST:
            return False
    return True


def number_of(update: Mapping[str, Any]) -> int | None:
    """Its `update_id`; None if it is none that Telegram gives, or that a database takes."""
    number = update.get("update_id")
    fits = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < MOST
    return number if fits else None
