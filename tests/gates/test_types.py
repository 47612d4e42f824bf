from pathlib import Path

import pytest

from tests.gates.tree import SETTINGS, Verdict, plant, run

UNION = """
from dataclasses import dataclass
from typing import assert_never

@dataclass(frozen=True)
class Open:
    tries: int

@dataclass(frozen=True)
class Locked:
    hours: int

@dataclass(frozen=True)
class Verified:
    pass

def words(round: Open | Locked | Verified) -> str:
    match round:
        case Open(tries):
            return f"{tries} left"
        case Locked(hours):
            return f"wait {hours} hours"
        case Verified():
            return "done"
        case _:
            assert_never(round)

def ring(round: Open | Locked) -> None:
    match round:
        case Open(tries):
            print(tries)
        case Locked(hours):
            print(hours)
"""
LAST_CASE = """\
        case Verified():
            return "done"
        case _:
            assert_never(round)
"""


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reading the standard library's types takes seconds; once is enough."""
    return tmp_path_factory.mktemp("mypy")


def mypy(root: Path, text: str, cache: Path) -> Verdict:
    plant(root, {"seeded.py": text})
    settings = ("--config-file", str(SETTINGS), "--cache-dir", str(cache))
    return run("mypy", *settings, "seeded.py", at=root)


def test_code_without_type_errors_passes(tmp_path: Path, cache: Path) -> None:
    verdict = mypy(tmp_path, UNION, cache)

    assert verdict.said == "Success: no issues found in 1 source file"
    assert verdict.code == 0


@pytest.mark.parametrize(
    ("kept", "seeded", "complaint"),
    [
        (
            '        case Verified():\n            return "done"\n',
            "",
            'Argument 1 to "assert_never" has incompatible type "Verified"',
        ),
        (LAST_CASE, "        case _ if False:\n            pass", "Missing return statement"),
        (LAST_CASE, "", "Missing return statement"),
        ("        case Locked(hours):\n            print(hours)\n", "", "[exhaustive-match]"),
        ("tries: int", "tries", "seeded.py"),
        ("-> str:\n    match", ":\n    match", "[no-untyped-def]"),
        ("assert_never(round)", "return 0  # type: ignore", "[ignore-without-code]"),
    ],
    ids=[
        "dropped case",
        "guarded case",
        "no last case",
        "dropped silent case",
        "no type",
        "no return type",
        "unexplained ignore",
    ],
)
def test_a_type_error_is_refused(
    tmp_path: Path, cache: Path, kept: str, seeded: str, complaint: str
) -> None:
    assert kept in UNION

    verdict = mypy(tmp_path, UNION.replace(kept, seeded), cache)

    assert complaint in verdict.said
    assert verdict.code != 0
