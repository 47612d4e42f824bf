from pathlib import Path

import pytest

from tests.architecture.test_locks import unpinned
from tests.architecture.test_settings import drift
from tests.gates.tree import plant

PROJECT = """
[project]
dependencies = ["Jinja2>=3.1", "sqlalchemy[asyncio]>=2"]
[dependency-groups]
dev = ["pytest-socket"]
"""
LOCK = "jinja2==3.1.6 \\\n    --hash=sha256:00\nsqlalchemy==2.0.44 \\\n    --hash=sha256:11\n"


@pytest.mark.parametrize(
    ("example", "found"),
    [
        ("HELPDESK_TOKEN=\n# HELPDESK_PORT=80\n", []),
        ("# HELPDESK_TOKEN=\n", ["HELPDESK_PORT: not in .env.example"]),
        (
            "HELPDESK_TOKEN=\nHELPDESK_PORT=\nHELPDESK_PROT=\n",
            ["HELPDESK_PROT: not a setting"],
        ),
        (
            "HELPDESK_TOKEN=\nHELPDESK_PORT=\n# HELPDESK_PORT=1\n",
            ["HELPDESK_PORT: shown twice"],
        ),
    ],
)
def test_an_example_file_that_differs_from_the_settings_is_detected(
    tmp_path: Path, example: str, found: list[str]
) -> None:
    root = plant(tmp_path, {".env.example": example})

    assert drift(root, ["token", "port"]) == found


@pytest.mark.parametrize(
    ("dev", "found"),
    [
        (f"{LOCK}pytest-socket==0.8.1 \\\n", []),
        (LOCK, ["pytest-socket: not in requirements-dev.lock (make lock)"]),
    ],
)
def test_a_dependency_missing_from_the_lock_file_is_detected(
    tmp_path: Path, dev: str, found: list[str]
) -> None:
    files = {"pyproject.toml": PROJECT, "requirements.lock": LOCK, "requirements-dev.lock": dev}

    assert unpinned(plant(tmp_path, files)) == found
