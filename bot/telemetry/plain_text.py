"""Escapes control characters, so that a terminal only shows them."""

import re
from typing import Final

_OBEYED: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters except tab and line feed, bidirectional controls, lone surrogates."""


def plain(text: str) -> str:
    r"""The text with each control character written as `\u001b`, as in JSON."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
