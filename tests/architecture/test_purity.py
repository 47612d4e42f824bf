import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, Module, modules

PURE = (
    "knowledge/model",
    "knowledge/tokens",
    "knowledge/answering",
    "knowledge/search",
    "state/model",
    "state/policy",
    "state/rules",
    "bot/presentation/views",
    "bot/presentation/reply",
    "bot/presentation/buttons",
)


def pure_modules(root: Path, room: str) -> Iterator[Module]:
    """A room is a folder of modules or a single one."""
    yield from modules(root, room if (root / room).is_dir() else f"{room}.py")


def waiting_in_pure_modules(root: Path, *rooms: str) -> list[str]:
    return [
        f"{module.at(node)}: pure code waits for nothing, so it is never async"
        for room in rooms
        for module in pure_modules(root, room)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.AsyncFunctionDef)
    ]


@pytest.mark.parametrize("room", PURE)
def test_pure_packages_contain_no_async_code(room: str) -> None:
    assert waiting_in_pure_modules(ROOT, room) == []
