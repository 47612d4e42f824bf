"""A terminal in an empty folder, and one with a database in it."""

import os
from pathlib import Path

import pytest

from bot.settings import PREFIX
from tests.bot.cli.terminal import ADA, Terminal
from tests.conftest import CACHE


@pytest.fixture
def bare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    """No database, and no setting but what a test sets and where calculated things are kept."""
    for name in [name for name in os.environ if name.startswith(PREFIX) and name != CACHE]:
        monkeypatch.delenv(name)
    return Terminal(folder=tmp_path, capture=capsys, monkeypatch=monkeypatch)


@pytest.fixture
def terminal(sqlite_url: str, bare: Terminal) -> Terminal:
    """A database of this version lies in the folder, where the default setting finds it."""
    assert sqlite_url.endswith(str(bare.folder / "helpdesk.db"))
    return bare


@pytest.fixture
def desk(terminal: Terminal) -> Terminal:
    """One freelancer is known, f-1001."""
    assert terminal.run("import", terminal.snapshots(ADA)).code == 0
    return terminal
