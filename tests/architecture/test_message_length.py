import ast
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, modules

HANDLERS = "bot/incoming/handlers"
LONG = frozenset({"text", "caption", "html_text", "md_text"})


def read_whole(root: Path, *folders: str) -> list[str]:
    """What a person wrote, taken from the message itself and so with all its 4,096 characters."""
    return [
        f"{module.at(node)}: take it from written(message), which ends where reading does"
        for module in modules(root, *folders)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in LONG
        and isinstance(node.value, ast.Name)
        and node.value.id in {"message", "event"}
    ]


def test_handlers_and_conditions_read_only_the_beginning_of_a_message() -> None:
    assert read_whole(ROOT, HANDLERS) == []


@pytest.mark.parametrize("taken", ["message.text", "message.caption", "event.html_text"])
def test_reading_a_whole_message_is_detected(taken: str, tmp_path: Path) -> None:
    (tmp_path / "new.py").write_text(f"def f(message, event):\n    return g({taken})\n")

    (fault,) = read_whole(tmp_path, "new.py")

    assert fault.startswith("new.py:2: ")
