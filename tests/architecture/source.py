"""The product's own source, parsed, for the tests that guard its shape.

Every checker takes the root of a tree, so that the gates' tests can show it a faulty one.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).parents[2]
PRODUCT = ("bot", "knowledge", "state", "templates")

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    path: str
    """From the root, with slashes."""
    lines: int
    tree: ast.Module

    def at(self, node: ast.expr | ast.stmt) -> str:
        return f"{self.path}:{node.lineno}"

    @property
    def functions(self) -> Iterator[Function]:
        return (each for each in ast.walk(self.tree) if isinstance(each, Function))


def modules(root: Path, *folders: str) -> Iterator[Module]:
    """Every Python file below the folders; a folder may also name a single `.py` file."""
    for folder in folders:
        start = root / folder
        for path in [start] if start.suffix == ".py" else sorted(start.rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            yield Module(
                path=path.relative_to(root).as_posix(),
                lines=len(text.splitlines()),
                tree=ast.parse(text, filename=str(path)),
            )


def without_docstring(node: ast.Module | ast.ClassDef | Function) -> list[ast.stmt]:
    return node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body


def docstrings(tree: ast.Module) -> set[int]:
    """Identities of the nodes that are docstrings, or stand below an attribute like one."""
    return {
        id(each.value)
        for each in ast.walk(tree)
        if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
    }
