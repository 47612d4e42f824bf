"""Which names the bot's code mentions as strings: templates, labels of buttons."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import docstrings, modules


def pattern_of(node: ast.expr) -> str | None:
    """The text of a string, with `*` for what an f-string fills in."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(pattern_of(part) or "*" for part in parts)
        case _:
            return None


def passed_as(argument: str, root: Path) -> Iterator[tuple[str, str]]:
    """Place and pattern of every string passed by that name, also where one of two is chosen."""
    for module in modules(root, "bot"):
        for keyword in ast.walk(module.tree):
            if isinstance(keyword, ast.keyword) and keyword.arg == argument:
                value = keyword.value
                chosen = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
                for pattern in filter(None, map(pattern_of, chosen)):
                    yield module.at(value), pattern


def mentioned(root: Path) -> set[str]:
    """Patterns of all strings but docstrings, wherever they stand."""
    return {
        pattern
        for module in modules(root, "bot")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant | ast.JoinedStr)
        and id(node) not in docstrings(module.tree)
        and (pattern := pattern_of(node))
        and len(pattern.replace("*", "")) > 1
    }
