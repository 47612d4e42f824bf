"""Text that UTF-8 and both databases can hold: NUL and lone surrogates become U+FFFD.

JavaScript's `slice` cuts emoji in halves, JSON carries the halves as escapes, and PostgreSQL takes
no NUL in a text. Each door calls this once, so that no code behind it meets such a text.
"""

import re
from typing import Any

_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")
REPLACEMENT = "\ufffd"
"""One UTF-16 unit, as what it replaces: the offsets of Telegram's entities stay right."""


def storable(text: str) -> str:
    return _NOT_STORABLE.sub(REPLACEMENT, text)


def is_storable(text: str) -> bool:
    return _NOT_STORABLE.search(text) is None


def storable_json(value: Any) -> Any:
    """The same for every text in parsed JSON, names of fields included.

    Changes the value in place, without recursion: its depth is up to whoever sent it.
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
