import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import ROOT, Function, docstrings, modules, without_docstring

MOST_LINES = 15
HANDLERS = "bot/incoming/handlers"
CATCH_ALL = "ask"


def body_lines(function: Function) -> int:
    body = without_docstring(function)
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def long_handlers(root: Path) -> list[str]:
    return [
        f"{module.at(function)}: {function.name} has {body_lines(function)} lines"
        for module in modules(root, HANDLERS)
        for function in module.functions
        if body_lines(function) > MOST_LINES
    ]


def words_in_handlers(root: Path) -> list[str]:
    return [
        f"{module.at(node)}: {node.value!r} belongs in a template"
        for module in modules(root, HANDLERS)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and " " in node.value
        and id(node) not in docstrings(module.tree)
    ]


def route_lists(tree: ast.Module) -> Iterator[list[str]]:
    """Every list, tuple or call that names the catch-all's module, as names of modules."""
    for node in ast.walk(tree):
        elements = (
            node.elts
            if isinstance(node, ast.List | ast.Tuple)
            else node.args
            if isinstance(node, ast.Call)
            else []
        )
        names = [ast.unparse(each).removeprefix("*").split(".")[0] for each in elements]
        if CATCH_ALL in names:
            yield names


def misplaced_catch_all(root: Path) -> list[str]:
    """Routes after those that take any text would never hear anything."""
    contents = next(modules(root, f"{HANDLERS}/__init__.py"))
    lists = list(route_lists(contents.tree))
    if not lists:
        return [f"{contents.path}: the routes of {CATCH_ALL} are not listed"]
    return [
        f"{contents.path}: {names[-1]} comes after {CATCH_ALL}"
        for names in lists
        if names[-1] != CATCH_ALL
    ]


def test_a_handler_is_at_most_fifteen_lines() -> None:
    assert long_handlers(ROOT) == []


def test_handlers_contain_no_texts() -> None:
    assert words_in_handlers(ROOT) == []


def test_routes_for_any_text_come_last() -> None:
    assert misplaced_catch_all(ROOT) == []
