"""Text that UTF-8, SQLite and PostgreSQL can store: NUL and lone surrogates become U+FFFD.

JavaScript's `slice` cuts emoji in halves, JSON carries the halves as escapes, and PostgreSQL takes
no NUL in a text. Each entry point (Telegram, HTTP, CLI) calls this once, so that no code behind it
meets such text.
"""

import re
from typing import Any

_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")
REPLACEMENT = "\ufffd"
"""One UTF-16 unit, like the character it replaces, so offsets of Telegram entities stay right."""


def storable(text: str) -> str:
    """The text with NUL and lone surrogates replaced."""
    return _NOT_STORABLE.sub(REPLACEMENT, text)


def is_storable(text: str) -> bool:
    """Whether the text holds neither NUL nor a lone surrogate."""
    return _NOT_STORABLE.search(text) is None


def storable_json(value: Any) -> Any:
    """Apply `storable` to every string in parsed JSON, field names included.

    Changes the value in place and returns it. Iterative, since the sender controls the depth.
    """
    root = [value]
    pending: list[Any] = [root]
    while pending:
        container = pending.pop()
        if isinstance(container, dict):
            items = [(storable(name), one) for name, one in container.items()]
            container.clear()
            container.update(items)
        places = container if isinstance(container, dict) else range(len(container))
        for place in places:
            held = container[place]
            if isinstance(held, str):
                container[place] = storable(held)
            elif isinstance(held, dict | list):
                pending.append(held)
    return root[0]
