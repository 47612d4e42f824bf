from pathlib import Path

import pytest

from tests.gates.tree import SETTINGS, Verdict, plant, run


def pytest_over(root: Path, text: str) -> Verdict:
    plant(root, {"test_seeded.py": text})
    settings = ("-c", str(SETTINGS), "--rootdir", str(root), "-p", "no:cacheprovider")
    return run("pytest", *settings, "test_seeded.py", at=root)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("import warnings; warnings.warn('old', DeprecationWarning)", "DeprecationWarning: old"),
        ("import socket; socket.create_connection(('192.0.2.1', 80), 1)", "SocketConnectBlocked"),
        ("open(__file__)", "ResourceWarning"),
    ],
    ids=["warning", "outside world", "leaked file"],
)
def test_a_test_with_a_warning_or_an_outside_connection_fails(
    tmp_path: Path, body: str, complaint: str
) -> None:
    verdict = pytest_over(tmp_path, f"def test_seeded():\n    {body}\n")

    assert complaint in verdict.said
    assert verdict.code == 1


def test_a_misspelt_marker_fails(tmp_path: Path) -> None:
    text = "import pytest\n\n@pytest.mark.brwoser\ndef test_seeded():\n    pass\n"

    verdict = pytest_over(tmp_path, text)

    assert "'brwoser' not found in `markers`" in verdict.said
    assert verdict.code == 2
