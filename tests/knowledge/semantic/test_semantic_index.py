"""With the real model. What is kept in a file has to be the same as what is calculated."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.answer_engines import fresh, fresh_languages, meaning

ENTRIES = [
    ["how do I brew green tea", "why is my tea so bitter"],
    ["how do I bake rye bread", "which flour is for bread", "my dough did not rise"],
]
ASKED = "my cuppa tastes awful"


@pytest.fixture(autouse=True)
def _model() -> None:
    meaning()


def test_texts_with_the_same_meaning_are_similar_without_common_words(tmp_path: Path) -> None:
    tea, bread = fresh(tmp_path).learnt(ENTRIES).scores(ASKED)

    assert tea > 2 * bread


def test_a_second_start_reads_the_stored_vectors(tmp_path: Path) -> None:
    first = fresh(tmp_path).learnt(ENTRIES)
    (file,) = tmp_path.iterdir()
    written = file.stat().st_mtime_ns
    second = fresh(tmp_path).learnt(ENTRIES)

    assert second.scores(ASKED) == pytest.approx(first.scores(ASKED), abs=1e-6)
    assert second.typical == first.typical
    assert file.stat().st_mtime_ns == written


def test_after_an_edit_only_new_vectors_are_computed(tmp_path: Path) -> None:
    fresh(tmp_path).learnt(ENTRIES)
    (file,) = tmp_path.iterdir()
    before = file.stat().st_size
    edited = fresh(tmp_path).learnt([*ENTRIES, ["how long do eggs boil"]])

    assert len(edited.scores(ASKED)) == 3
    assert file.stat().st_size > before


def test_a_corrupt_cache_file_is_rebuilt(tmp_path: Path) -> None:
    whole = fresh(tmp_path).learnt(ENTRIES)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:1000])
    again = fresh(tmp_path).learnt(ENTRIES)

    assert again.scores(ASKED) == pytest.approx(whole.scores(ASKED), abs=1e-6)


@pytest.mark.parametrize("folder", ["file/cache", None])
def test_without_a_cache_folder_vectors_are_computed(tmp_path: Path, folder: str | None) -> None:
    (tmp_path / "file").touch()
    learnt = fresh(tmp_path / folder if folder else None).learnt(ENTRIES)

    assert len(learnt.scores(ASKED)) == 2


def test_concurrent_threads_get_the_same_scores() -> None:
    learnt = meaning().learnt(ENTRIES)
    expected = list(learnt.scores(ASKED))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(learnt.scores, [ASKED] * 40))

    assert [list(one) for one in found] == [expected] * 40


@pytest.mark.parametrize("text", ["", "?", "\u200b", "中文", "x" * 5000, "a " * 3000])
def test_every_text_has_scores(text: str) -> None:
    assert len(meaning().learnt(ENTRIES).scores(text)) == 2


def test_a_single_phrasing_can_be_trained() -> None:
    learnt = meaning().learnt([["how do I brew green tea"]])

    assert learnt.scores("how do I brew green tea")[0] > 0.8


def test_each_language_has_a_fit_and_a_file_of_its_own(tmp_path: Path) -> None:
    index = fresh(tmp_path)
    english = index.learnt(ENTRIES)
    german = index.learnt([["wie koche ich Tee"], ["wie backe ich Brot"], ["Eier"]], (), "de")
    names = sorted(file.name for file in tmp_path.iterdir())
    again = fresh(tmp_path)

    assert [name.removesuffix(".npz").rpartition("-")[2] for name in names] == ["de", "en"]
    assert len(again.learnt(ENTRIES).scores(ASKED)) == len(english.scores(ASKED)) == 2
    assert len(german.scores(ASKED)) == 3


def test_a_second_start_projects_as_the_first_one_did(tmp_path: Path) -> None:
    first = fresh_languages(tmp_path).learnt(ENTRIES)
    written = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    second = fresh_languages(tmp_path).learnt(ENTRIES)

    assert second.scores("чай горчит") == pytest.approx(first.scores("чай горчит"), abs=1e-5)
    assert second.typical == first.typical
    assert {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == written
