"""Small trees for the gates to look at, and the gates themselves, run as people run them."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.source import ROOT

SETTINGS = ROOT / "pyproject.toml"
TOOLS = Path(sys.executable).parent
PLAIN = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
"""Without what an outer test run leaves in the environment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    code: int
    said: str


def run(
    tool: str, *arguments: str, at: Path, words: str | None = None, patience: float = 60
) -> Verdict:
    done = subprocess.run(
        [str(TOOLS / tool), *arguments],
        cwd=at,
        env=PLAIN,
        input=words,
        capture_output=True,
        text=True,
        check=False,
        timeout=patience,
    )
    return Verdict(code=done.returncode, said=" ".join((done.stdout + done.stderr).split()))


def plant(root: Path, files: Mapping[str, str]) -> Path:
    """Write files below the root, with their folders."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def rooms() -> list[str]:
    """Every module that our import contracts name, as `state.rules`."""
    contracts = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))["tool"]["importlinter"]
    layered = [
        f"{container}.{name.strip()}"
        for contract in contracts["contracts"]
        for container in contract.get("containers", [])
        for layer in contract["layers"]
        for name in layer.split("|")
    ]
    named = [
        name
        for contract in contracts["contracts"]
        for kind in ("source_modules", "forbidden_modules")
        for name in contract.get(kind, [])
        if name.partition(".")[0] in contracts["root_packages"]
    ]
    return [*contracts["root_packages"], *layered, *named]


def skeleton(root: Path) -> Path:
    """All rooms of the house, empty, under our own contracts."""
    empty = {f"{name.replace('.', '/')}/__init__.py": "" for name in rooms()}
    return plant(root, {"pyproject.toml": SETTINGS.read_text(encoding="utf-8"), **empty})
