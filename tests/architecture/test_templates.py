import re
from fnmatch import fnmatchcase
from pathlib import Path

from tests.architecture.naming import mentioned, passed_as
from tests.architecture.source import ROOT

MESSAGES = "templates/messages"
NAMED_BY_TEMPLATES = re.compile(r"""\{%[-+]?\s*(?:include|import|from|extends)\s+["']([^"']+)""")


def named_by_templates(root: Path) -> set[str]:
    return {
        name
        for path in (root / "templates").rglob("*.html")
        for name in NAMED_BY_TEMPLATES.findall(path.read_text(encoding="utf-8"))
    }


def names_of(path: Path, folder: Path) -> tuple[str, ...]:
    """`messages/call`, `call`: a template may be named with its folder or without."""
    parts = path.relative_to(folder).with_suffix("").parts
    return tuple("/".join(parts[start:]) for start in range(len(parts)))


def unused_templates(root: Path) -> list[str]:
    patterns = mentioned(root)
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


def missing_templates(root: Path) -> list[str]:
    there = [path.stem for path in (root / MESSAGES).glob("*.html")]
    replies = [
        f"{place}: {MESSAGES}/{pattern}.html is not there"
        for place, pattern in passed_as("template", root)
        if not any(fnmatchcase(name, pattern) for name in there)
    ]
    included = [
        f"templates/{name} is named by a template but not there"
        for name in sorted(named_by_templates(root))
        if not (root / "templates" / name).is_file()
    ]
    return replies + included


def test_every_template_is_used() -> None:
    assert unused_templates(ROOT) == []


def test_every_template_named_in_the_code_exists() -> None:
    assert missing_templates(ROOT) == []
