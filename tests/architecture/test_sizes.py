import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import PRODUCT, ROOT, Module, modules

MOST_MODULES = 20
MOST_MODULE_LINES = 400
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


def wide_folders(root: Path) -> list[str]:
    """Folders with more modules than a reader looks through; `__init__` is the folder itself."""
    named = Counter(
        module.path.rpartition("/")[0]
        for module in growing(root)
        if not module.path.endswith("__init__.py")
    )
    return [
        f"{folder}: {count} modules" for folder, count in named.items() if count > MOST_MODULES
    ]


def names_defined_twice(root: Path) -> list[str]:
    """Classes and type aliases of one name, which a reader (and a search) can't tell apart."""
    places = defaultdict(list)
    for module in growing(root):
        for name, node in defined_types(module.tree):
            places[name].append(module.at(node))
    return [f"{name}: {', '.join(where)}" for name, where in places.items() if len(where) > 1]


def defined_types(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name):
                yield name, node
            case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id="TypeAlias")):
                yield name, node
            case _:
                pass


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


def test_no_module_is_longer_than_the_limit() -> None:
    assert long_modules(ROOT) == []


def test_no_folder_has_more_modules_than_the_limit() -> None:
    assert wide_folders(ROOT) == []


def test_no_class_name_is_defined_twice() -> None:
    assert names_defined_twice(ROOT) == []


def test_no_function_is_longer_than_the_limit() -> None:
    assert long_functions(ROOT) == []


def test_no_test_file_is_longer_than_the_limit() -> None:
    assert long_test_files(ROOT) == []


def test_no_module_has_a_junk_drawer_name() -> None:
    assert junk_drawers(ROOT) == []
