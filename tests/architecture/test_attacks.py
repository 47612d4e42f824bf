"""The attack list in docs/verification.md and the tests that carry its ids say the same."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import ROOT

MANUAL = "docs/verification.md"
ROW = re.compile(r"^\| (T\d\d) \|[^|]*\|[^|]*\|([^|]*)\|$", re.MULTILINE)
EVERY_ID = {f"T{number:02d}" for number in range(1, 71)}


def marked(root: Path) -> set[str]:
    """`T01 test_name`, one for each id that a test carries."""
    return {
        f"{case} {test.name}"
        for path in (root / "tests").rglob("test_*.py")
        for test in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef)
        for case in _cases(test)
    }


def _cases(test: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for decorator in test.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.attack":
            yield from (ast.literal_eval(argument) for argument in decorator.args)


def listed(root: Path) -> set[str]:
    """The same, as the manual lists it."""
    text = (root / MANUAL).read_text(encoding="utf-8")
    return {
        f"{case} {name}"
        for case, names in ROW.findall(text)
        for name in re.findall(r"`(\w+)`", names)
    }


def drift(root: Path) -> list[str]:
    carried, told = marked(root), listed(root)
    return [
        *(f"{one}: not in {MANUAL}" for one in sorted(carried - told)),
        *(f"{one}: no such test" for one in sorted(told - carried)),
    ]


def test_the_manual_lists_every_test_of_an_attack_and_no_other() -> None:
    assert drift(ROOT) == []


def test_every_attack_has_a_test() -> None:
    assert {one.partition(" ")[0] for one in marked(ROOT)} == EVERY_ID
