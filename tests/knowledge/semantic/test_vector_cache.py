"""A file that only saves time may never be the reason of a failure."""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")
remembered = pytest.importorskip("knowledge.semantic.semantic_index")


def test_stored_vectors_are_read_back(tmp_path: Path) -> None:
    file = tmp_path / "new" / "a.npz"

    remembered.remember(file, {"a": np.arange(3), "b": np.array(0.5)})
    found = remembered.recall(file)

    assert found["a"].tolist() == [0, 1, 2]
    assert found["b"] == 0.5
    assert [one.name for one in file.parent.iterdir()] == ["a.npz"]


def test_a_missing_file_gives_no_vectors(tmp_path: Path) -> None:
    assert remembered.recall(tmp_path / "a.npz") == {}


@pytest.mark.parametrize("content", [b"", b"torn", b"PK\x03\x04torn", b"\x80\x04K\x01."])
def test_a_corrupt_file_gives_no_vectors(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.npz").write_bytes(content)

    with caplog.at_level(logging.WARNING):
        found = remembered.recall(tmp_path / "a.npz")

    assert found == {}
    assert "can't be read and is made anew" in caplog.text


def test_a_file_of_another_format_gives_no_vectors(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(3))

    assert remembered.recall(tmp_path / "a.npy") == {}


def test_an_unwritable_folder_is_only_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()

    with caplog.at_level(logging.WARNING):
        remembered.remember(tmp_path / "file" / "a.npz", {"a": np.arange(3)})

    assert "can't be kept" in caplog.text


def test_concurrent_writers_leave_one_complete_file(tmp_path: Path) -> None:
    file = tmp_path / "a.npz"

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: remembered.remember(file, {"a": np.full(9, n)}), range(40)))

    assert len(set(remembered.recall(file)["a"].tolist())) == 1
    assert list(tmp_path.iterdir()) == [file]
