"""Which template is named where: in `Reply(template=…)`, as a plain string, or by a template."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from tests.architecture.source import ROOT, docstrings, modules

MESSAGES = "templates/messages"
NAMED_BY_TEMPLATES = re.compile(r"""\{%[-+]?\s*(?:include|import|from|extends)\s+["']([^"']+)""")


def pattern_of(node: ast.expr) -> str | None:
    """The text of a string, with `*` for what an f-string fills in."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(pattern_of(part) or "*" for part in parts)
        case _:
            return None


def named_by_replies(root: Path) -> Iterator[tuple[str, str]]:
    """Place and pattern of every `template=`, also where it chooses between several."""
    for module in modules(root, "bot"):
        for keyword in ast.walk(module.tree):
            if isinstance(keyword, ast.keyword) and keyword.arg == "template":
                value = keyword.value
                chosen = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
                for pattern in filter(None, map(pattern_of, chosen)):
                    yield module.at(value), pattern


def strings(root: Path) -> set[str]:
    return {
        pattern
        for module in modules(root, "bot")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant | ast.JoinedStr)
        and id(node) not in docstrings(module.tree)
        and (pattern := pattern_of(node))
        and len(pattern.replace("*", "")) > 1
    }


def named_by_templates(root: Path) -> set[str]:
    return {
        name
        for path in (root / "templates").rglob("*.html")
        for name in NAMED_BY_TEMPLATES.findall(path.read_text(encoding="utf-8"))
    }


def unused_templates(root: Path) -> list[str]:
    patterns = strings(root)
    included = named_by_templates(root)
    return [
        f"{path.relative_to(root).as_posix()}: nothing shows it"
        for path in sorted((root / "templates").rglob("*.html"))
        if path.relative_to(root / "templates").as_posix() not in included
        and not any(
            fnmatchcase(name, pattern.removesuffix(".html"))
            for pattern in patterns
            for name in names_of(path, root / "templates")
        )
    ]


def names_of(path: Path, folder: Path) -> tuple[str, ...]:
    """`call`, `messages/call`: a template may be named with its folder or without."""
    parts = path.relative_to(folder).with_suffix("").parts
    return tuple("/".join(parts[start:]) for start in range(len(parts)))


def missing_templates(root: Path) -> list[str]:
    there = [path.stem for path in (root / MESSAGES).glob("*.html")]
    replies = [
        f"{place}: {MESSAGES}/{pattern}.html is not there"
        for place, pattern in named_by_replies(root)
        if not any(fnmatchcase(name, pattern) for name in there)
    ]
    included = [
        f"templates/{name} is named by a template but not there"
        for name in sorted(named_by_templates(root))
        if not (root / "templates" / name).is_file()
    ]
    return replies + included


def test_every_template_is_shown_somewhere() -> None:
    assert unused_templates(ROOT) == []


def test_every_template_that_is_named_exists() -> None:
    assert missing_templates(ROOT) == []
