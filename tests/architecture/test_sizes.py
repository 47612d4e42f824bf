from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import PRODUCT, ROOT, Module, modules

MOST_MODULE_LINES = 250
MOST_FUNCTION_LINES = 40
MOST_TEST_LINES = 300
JUNK_DRAWERS = {
    "base",
    "common",
    "helper",
    "helpers",
    "manager",
    "managers",
    "misc",
    "util",
    "utils",
}
WRITTEN_ONCE = "state/migrations/versions/"
"""A revision lists columns, is never edited and so never grows."""


def growing(root: Path) -> Iterator[Module]:
    return (
        module for module in modules(root, *PRODUCT) if not module.path.startswith(WRITTEN_ONCE)
    )


def long_modules(root: Path) -> list[str]:
    return [
        f"{module.path}: {module.lines} lines"
        for module in growing(root)
        if module.lines > MOST_MODULE_LINES
    ]


def long_functions(root: Path) -> list[str]:
    return [
        f"{module.at(function)}: {function.name} has {lines} lines"
        for module in growing(root)
        for function in module.functions
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > MOST_FUNCTION_LINES
    ]


def long_test_files(root: Path) -> list[str]:
    return [
        f"{module.path}: {module.lines} lines"
        for module in modules(root, "tests")
        if module.lines > MOST_TEST_LINES
    ]


def junk_drawers(root: Path) -> list[str]:
    return [
        f"{module.path}: name it after what it holds"
        for module in modules(root, *PRODUCT, "tests", "benchmarks")
        if JUNK_DRAWERS & set(module.path.removesuffix(".py").split("/"))
    ]


def test_a_module_can_be_read_at_one_sitting() -> None:
    assert long_modules(ROOT) == []


def test_a_function_fits_on_a_screen() -> None:
    assert long_functions(ROOT) == []


def test_a_test_file_covers_one_subject() -> None:
    assert long_test_files(ROOT) == []


def test_every_module_is_named_after_what_it_holds() -> None:
    assert junk_drawers(ROOT) == []
