"""What an address or a form gives, taken only if it is what it should be."""

from collections.abc import Mapping
from typing import Any

from bot.storable_text import storable

LONGEST_NUMBER = 18
"""Digits that every database takes."""


def number(text: str | None, *, digits: int = LONGEST_NUMBER) -> int | None:
    fits = text is not None and text.isascii() and text.isdigit() and len(text) <= digits
    return int(text) if text is not None and fits else None


def text(form: Mapping[str, Any], name: str, *, longest: int) -> str:
    """Without what no database takes; a file in place of words is no words."""
    value = form.get(name, "")
    return storable(value.replace("\x00", ""))[:longest] if isinstance(value, str) else ""


def line(form: Mapping[str, Any], name: str, *, longest: int) -> str:
    return " ".join(text(form, name, longest=longest).split())
