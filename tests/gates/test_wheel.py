"""The wheel holds all that an installed desk reads, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bot import __version__
from tests.architecture.source import ROOT

PACKAGES = ("bot", "knowledge", "state", "templates")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    made = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(made)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    return zipfile.ZipFile(next(made.glob("*.whl")))


def read_at_run_time() -> set[str]:
    files = (path for room in PACKAGES for path in (ROOT / room).rglob("*") if path.is_file())
    return {
        path.relative_to(ROOT).as_posix()
        for path in files
        if path.suffix != ".pyc" and "/." not in str(path.relative_to(ROOT))
    }


def unpacked(wheel: zipfile.ZipFile, folder: Path) -> Path:
    wheel.extractall(folder)
    return folder


def test_the_wheel_contains_every_file_of_the_packages(wheel: zipfile.ZipFile) -> None:
    assert read_at_run_time() - set(wheel.namelist()) == set()


def test_the_wheel_contains_nothing_but_the_packages(wheel: zipfile.ZipFile) -> None:
    rooms = {name.split("/")[0] for name in wheel.namelist()}

    assert rooms == {*PACKAGES, f"helpdesk-{__version__}.dist-info"}
    assert [name for name in wheel.namelist() if name.endswith(".pyc")] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["ask", "how do I get 40 connects", "--json"], 0),
        (["check"], 0),
        (["db", "upgrade"], 0),
        (["progress", "f-1"], 1),
    ],
    ids=str,
)
def test_the_installed_wheel_works_from_another_folder(
    wheel: zipfile.ZipFile, tmp_path: Path, arguments: list[str], code: int
) -> None:
    place = unpacked(wheel, tmp_path / "installed")
    elsewhere = tmp_path / "empty"
    elsewhere.mkdir()

    # -P and the wheel first: the checkout must not lend a file
    script = (
        f"import sys; sys.path.insert(0, {str(place)!r}); from bot.__main__ import main; main()"
    )
    ended = subprocess.run(
        [sys.executable, "-P", "-c", script, *arguments],
        cwd=elsewhere,
        env={"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode == code, ended.stderr
    assert str(ROOT / "bot") not in ended.stderr
