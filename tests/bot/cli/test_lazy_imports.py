"""What each command loads: the slow libraries only where they are needed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.bot.cli.terminal import Terminal

PROBE = """
import json, sys
from bot.__main__ import main
try:
    main(sys.argv[1:])
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""
SLOW = {"aiogram", "aiohttp", "alembic", "asyncpg", "rich", "segno", "sqlalchemy"}


def loaded(folder: Path, *arguments: str) -> list[str]:
    """Which of the slow libraries one command brings in, in a fresh process."""
    ended = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return sorted(SLOW & set(json.loads(ended.stderr.splitlines()[-1])))


@pytest.mark.parametrize(
    ("command", "needed"),
    [
        (["--version"], []),
        (["ask", "hello", "--json"], []),
        (["progress", "f-1001"], ["sqlalchemy"]),
        (["progress", "f-1001", "--json"], ["sqlalchemy"]),
        (["import", "accounts.ndjson"], ["rich", "sqlalchemy"]),
        (["link", "f-1001"], ["aiohttp", "segno", "sqlalchemy"]),
        (["check"], []),
        (["doctor"], ["aiohttp", "sqlalchemy"]),
        (["db", "upgrade"], ["sqlalchemy"]),
    ],
    ids=" ".join,
)
def test_each_command_imports_only_the_libraries_it_needs(
    desk: Terminal, command: list[str], needed: list[str]
) -> None:
    assert loaded(desk.folder, *command) == needed


def test_upgrading_imports_alembic(bare: Terminal) -> None:
    assert "alembic" in loaded(bare.folder, "db", "upgrade")
