"""Parses query and form fields; an invalid value counts as missing."""

from collections.abc import Mapping
from typing import Any

from bot.presentation.telegram_html import cut
from bot.storable_text import storable

LONGEST_NUMBER = 18
"""Digits of an integer that every database stores."""


def number(text: str | None, *, digits: int = LONGEST_NUMBER) -> int | None:
    """A non-negative integer; None if it is missing, invalid or too long."""
    fits = text is not None and text.isascii() and text.isdigit() and len(text) <= digits
    return int(text) if text is not None and fits else None


def text(form: Mapping[str, Any], name: str, *, longest: int) -> str:
    """A text field, cut to `longest` characters and cleaned for storage; "" for a file.

    Characters are counted as browsers do for `maxlength`: UTF-16 units, a line break as one.
    """
    value = form.get(name, "")
    if not isinstance(value, str):
        return ""
    return cut(storable(value.replace("\x00", "").replace("\r\n", "\n")), longest)


def line(form: Mapping[str, Any], name: str, *, longest: int) -> str:
    """A text field as one line, with white space collapsed."""
    return " ".join(text(form, name, longest=longest).split())
