"""The audit of dependencies: it tells a hole, and never takes silence for a no."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source import ROOT

HOLE = {"id": "PYSEC-1", "fix_versions": ["9.9"], "aliases": [], "description": "x"}
CANARY = {"name": "jinja2", "version": "3.1.2", "vulns": [HOLE]}
SOUND = {"name": "sound", "version": "1", "vulns": []}
BROKEN = {"name": "broken", "version": "2", "vulns": [HOLE]}
UNKNOWN = {"name": "odd", "skip_reason": "Dependency not found on PyPI"}
SILENT = {"name": "jinja2", "skip_reason": "Dependency not found on PyPI"}


def audit(folder: Path, canary: object, lock: object, *, required: bool = False) -> Any:
    """With a pip-audit that says this of the canary, and that of what is locked."""
    tool = folder / "pip_audit.py"
    tool.write_text(
        "import sys\n"
        f"canary, lock = {json.dumps(canary)!r}, {json.dumps(lock)!r}\n"
        "print(canary if 'canary' in sys.argv[-1] else lock)\n"
    )
    return subprocess.run(
        [ROOT / ".ci/audit"],
        env={"AUDIT_TOOL": f"{sys.executable} {tool}", "AUDIT": "required" if required else ""}
        | {"PATH": str(Path(sys.executable).parent) + ":/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def report(*dependencies: object) -> dict[str, object]:
    return {"dependencies": list(dependencies), "fixes": []}


@pytest.mark.parametrize(
    ("lock", "code", "said"),
    [
        (report(SOUND), 0, "No known holes in 1 packages.\n"),
        (report(SOUND, BROKEN), 1, "broken 2: PYSEC-1, mended in 9.9\n"),
        (report(SOUND, UNKNOWN), 1, "NOT AUDITED: the service does not know odd.\n"),
        ("no report", 1, "NOT AUDITED: the advisory service stopped answering.\n"),
    ],
)
def test_known_vulnerabilities_are_reported(
    tmp_path: Path, lock: object, code: int, said: str
) -> None:
    ended = audit(tmp_path, report(CANARY), lock)

    assert (ended.returncode, ended.stdout, ended.stderr) == (code, said, "")


@pytest.mark.parametrize(("required", "code"), [(False, 0), (True, 1)])
@pytest.mark.parametrize("canary", [report(SILENT), report(SOUND), None])
def test_an_audit_service_that_misses_an_old_vulnerability_is_not_trusted(
    tmp_path: Path, canary: object, required: bool, code: int
) -> None:
    ended = audit(tmp_path, canary, report(SOUND), required=required)

    assert ended.stdout == "NOT AUDITED: the advisory service can't be reached from here.\n"
    assert ended.returncode == code
