"""Where the manual says that an attack is tried on both databases, it is."""

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from tests.architecture.source import ROOT
from tests.architecture.test_attacks import MANUAL, marked
from tests.gates.tree import run

ROW = re.compile(r"^\| (T\d\d) \|[^|]*\| ([^|]*) \|", re.MULTILINE)
TEST = re.compile(r"[\w/]+\.py::(\w+)(.*)")
BOTH = {"sqlite", "postgresql"}
Places: TypeAlias = Mapping[str, set[str]]


def databases(collected: str) -> Places:
    """What each test of pytest's list is run on."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, variant in filter(None, map(_named, collected.split("tests/"))):
        found[name] |= {database for database in BOTH if database in variant}
    return found


def _named(line: str) -> tuple[str, str] | None:
    fits = TEST.match(line)
    return None if fits is None else (fits[1], fits[2])


def carriers(root: Path) -> list[str]:
    """The test files in which attacks are marked: reading in all the others would take a while."""
    return [
        path.relative_to(root).as_posix()
        for path in sorted((root / "tests").rglob("test_*.py"))
        if "pytest.mark.attack(" in path.read_text(encoding="utf-8")
    ]


def claims(root: Path) -> Mapping[str, bool]:
    """Each attack, and whether the manual says that it is tried on both databases."""
    text = (root / MANUAL).read_text(encoding="utf-8")
    return {case: where.startswith("both databases") for case, where in ROW.findall(text)}


def tried_on_both(root: Path, collected: str) -> Mapping[str, bool]:
    where = databases(collected)
    found: dict[str, set[str]] = defaultdict(set)
    for case, _, name in (one.partition(" ") for one in marked(root)):
        found[case] |= where[name]
    return {case: on == BOTH for case, on in found.items()}


def test_the_manual_says_on_which_databases_each_attack_is_tested() -> None:
    only_list = ("--collect-only", "-q", "-m", "attack", "-p", "no:cacheprovider")

    verdict = run("pytest", *only_list, *carriers(ROOT), at=ROOT, patience=110)

    assert verdict.code == 0
    assert claims(ROOT) == tried_on_both(ROOT, verdict.said)


def test_a_test_on_only_one_database_is_detected() -> None:
    collected = "tests/a.py::test_one[sqlite-x] tests/a.py::test_one[x y-postgresql] 2 tests"

    assert databases(collected) == {"test_one": BOTH}
    assert databases(collected.partition("] ")[0]) == {"test_one": {"sqlite"}}
