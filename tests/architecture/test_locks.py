import re
import tomllib
from pathlib import Path

import pytest

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


def test_every_dependency_is_in_the_lock_file() -> None:
    assert unpinned(ROOT) == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-all.lock"])
def test_every_runtime_pin_is_in_the_development_lock_file(lock: str) -> None:
    assert pins(ROOT, lock) - pins(ROOT, "requirements-dev.lock") == set()


def test_the_lock_file_with_extras_holds_every_runtime_pin_and_the_extras() -> None:
    needed = pins(ROOT, "requirements.lock")
    extra = {"onnxruntime", "opentelemetry-sdk"}

    assert needed - pins(ROOT, "requirements-all.lock") == set()
    assert extra <= set(dict(pins(ROOT, "requirements-all.lock")))
