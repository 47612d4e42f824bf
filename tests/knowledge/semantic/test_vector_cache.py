"""A file that only saves time may never be the reason of a failure."""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")
remembered = pytest.importorskip("knowledge.semantic.semantic_index")


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "new" / "a.npz"

    remembered.remember(file, {"a": np.arange(3), "b": np.array(0.5)})
    found = remembered.recall(file)

    assert found["a"].tolist() == [0, 1, 2]
    assert found["b"] == 0.5
    assert [one.name for one in file.parent.iterdir()] == ["a.npz"]


def test_without_a_file_there_is_nothing(tmp_path: Path) -> None:
    assert remembered.recall(tmp_path / "a.npz") == {}


@pytest.mark.parametrize("content", [b"", b"torn", b"PK\x03\x04torn", b"\x80\x04K\x01."])
def test_a_broken_file_counts_as_none(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.npz").write_bytes(content)

    with caplog.at_level(logging.WARNING):
        found = remembered.recall(tmp_path / "a.npz")

    assert found == {}
    assert "can't be read and is made anew" in caplog.text


def test_a_file_of_another_kind_counts_as_none(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(3))

    assert remembered.recall(tmp_path / "a.npy") == {}


def test_a_place_that_cannot_be_written_to_is_told_and_no_more(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()

    with caplog.at_level(logging.WARNING):
        remembered.remember(tmp_path / "file" / "a.npz", {"a": np.arange(3)})

    assert "can't be kept" in caplog.text


def test_writers_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    file = tmp_path / "a.npz"

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: remembered.remember(file, {"a": np.full(9, n)}), range(40)))

    assert len(set(remembered.recall(file)["a"].tolist())) == 1
    assert list(tmp_path.iterdir()) == [file]
