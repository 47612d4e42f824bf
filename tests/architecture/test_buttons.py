import ast
import re
from fnmatch import fnmatchcase
from pathlib import Path

from tests.architecture.naming import mentioned, passed_as
from tests.architecture.source import ROOT, modules

WORDS = "templates/messages/buttons.html"
PAYLOADS = "bot/presentation/buttons.py"


def labels(root: Path) -> list[str]:
    return re.findall(r"\{%-?\s*macro (\w+)", (root / WORDS).read_text(encoding="utf-8"))


def missing_labels(root: Path) -> list[str]:
    return [
        f"{place}: {WORDS} has no words for {pattern}"
        for place, pattern in passed_as("label", root)
        if not any(fnmatchcase(label, pattern) for label in labels(root))
    ]


def unused_labels(root: Path) -> list[str]:
    patterns = mentioned(root)
    return [
        f"{WORDS}: no button says {label}"
        for label in labels(root)
        if not any(fnmatchcase(label, pattern) for pattern in patterns)
    ]


def payloads(root: Path) -> list[str]:
    return [
        node.name
        for module in modules(root, PAYLOADS)
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and "Payload" in map(ast.unparse, node.bases)
    ]


def dead_buttons(root: Path) -> list[str]:
    """Payloads that no route waits for: pressing such a button does nothing."""
    awaited = {
        name.id
        for module in modules(root, "bot/incoming/handlers")
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {"button", "button_with"}
        for name in call.args[:1]
        if isinstance(name, ast.Name)
    }
    return [
        f"{PAYLOADS}: {name} is heard by no one" for name in payloads(root) if name not in awaited
    ]


def test_every_button_label_has_a_text() -> None:
    assert missing_labels(ROOT) == []


def test_every_button_text_is_used() -> None:
    assert unused_labels(ROOT) == []


def test_every_button_has_a_handler() -> None:
    assert dead_buttons(ROOT) == []
