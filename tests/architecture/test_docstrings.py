import ast
from pathlib import Path

from tests.architecture.source import PRODUCT, ROOT, modules


def unexplained_modules(root: Path) -> list[str]:
    return [
        f"{module.path}: no docstring says what it is for"
        for module in modules(root, *PRODUCT)
        if not ast.get_docstring(module.tree)
    ]


def test_every_module_has_a_docstring() -> None:
    assert unexplained_modules(ROOT) == []
