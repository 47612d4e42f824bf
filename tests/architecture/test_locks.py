import re
import tomllib
from pathlib import Path

from tests.architecture.source import ROOT

PIN = re.compile(r"^([a-z0-9.-]+)(?:\[[^]]*\])?==([^\s;]+)", flags=re.MULTILINE)
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def pins(root: Path, lock: str) -> set[tuple[str, str]]:
    return set(PIN.findall((root / lock).read_text(encoding="utf-8")))


def wanted(root: Path) -> tuple[list[str], list[str]]:
    """Names of what the product needs, and of what its developers need besides."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return project["project"]["dependencies"], project["dependency-groups"]["dev"]


def unpinned(root: Path) -> list[str]:
    runtime, dev = wanted(root)
    return [
        f"{requirement}: not in {lock} (make lock)"
        for lock, requirements in (("requirements.lock", runtime), ("requirements-dev.lock", dev))
        for requirement in requirements
        if canonical(requirement) not in dict(pins(root, lock))
    ]


def canonical(requirement: str) -> str:
    named = NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", named.group()).lower() if named else requirement


def test_every_dependency_is_locked() -> None:
    assert unpinned(ROOT) == []


def test_developers_run_what_the_desk_runs_on() -> None:
    assert pins(ROOT, "requirements.lock") - pins(ROOT, "requirements-dev.lock") == set()
