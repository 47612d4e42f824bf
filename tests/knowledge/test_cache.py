"""What was counted is kept, and what was kept is what would be counted."""

import logging
from pathlib import Path

import pytest

from knowledge.answering.engine import AnswerEngine
from knowledge.cache import CachedIndexBuilder
from knowledge.library.loader import read_library, shipped_folder
from knowledge.search.tfidf import Postings, Spans, TfidfIndex, build_index

TEXTS = ["Hot tea?", "cold teas", "naïve “coffees”", "?"]
SPANS: Spans = ((0, 2), (2, 4))
FILE = "words-en.bin"


class Torn:
    """Changes a file in one place."""

    def __init__(self, place: int) -> None:
        self.place = place

    def __call__(self, file: Path) -> None:
        content = bytearray(file.read_bytes())
        content[self.place] ^= 1
        file.write_bytes(content)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


@pytest.fixture
def count(tmp_path: Path) -> CachedIndexBuilder:
    return CachedIndexBuilder(tmp_path)


def told(count: CachedIndexBuilder, texts: list[str] | None = None) -> TfidfIndex:
    return count(texts or TEXTS, SPANS, "en")


def test_a_cached_index_equals_the_original(count: CachedIndexBuilder) -> None:
    first, second = told(count), told(count)

    assert first == build_index(TEXTS, SPANS, "en")
    assert list(second.plain.known.items()) == list(first.plain.known.items())
    assert second.telling == first.telling
    assert second.texts == first.texts
    assert second.stems == first.stems
    for one, other in ((first.by_text, second.by_text), (first.by_entry, second.by_entry)):
        assert listed(other) == listed(one)
        assert other.size == one.size


def listed(postings: Postings) -> dict[str, tuple[list[int], list[float]]]:
    return {name: (list(some), list(others)) for name, (some, others) in postings.listed.items()}


def test_a_cached_index_is_not_rebuilt(count: CachedIndexBuilder, tmp_path: Path) -> None:
    told(count)
    before = (tmp_path / FILE).stat().st_mtime_ns

    told(count)

    assert (tmp_path / FILE).stat().st_mtime_ns == before
    assert [one.name for one in tmp_path.iterdir()] == [FILE]


def test_changed_texts_are_indexed_again(count: CachedIndexBuilder) -> None:
    told(count)
    others = ["green tea", *TEXTS[1:]]

    assert told(count, others) == build_index(others, SPANS, "en")


def test_each_language_has_its_own_file(count: CachedIndexBuilder, tmp_path: Path) -> None:
    told(count)
    count(TEXTS, SPANS, "de")

    assert sorted(one.name for one in tmp_path.iterdir()) == ["words-de.bin", FILE]


@pytest.mark.parametrize("harm", [empty, cut, Torn(0), Torn(200), Torn(-1)])
def test_a_corrupt_file_is_rebuilt(count: CachedIndexBuilder, tmp_path: Path, harm: Torn) -> None:
    told(count)
    whole = (tmp_path / FILE).read_bytes()
    harm(tmp_path / FILE)

    assert told(count) == build_index(TEXTS, SPANS, "en")
    assert (tmp_path / FILE).read_bytes() == whole


def test_an_unwritable_folder_is_only_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()

    with caplog.at_level(logging.WARNING):
        found = told(CachedIndexBuilder(tmp_path / "file"))

    assert found == build_index(TEXTS, SPANS, "en")
    assert "can't be kept" in caplog.text


@pytest.mark.parametrize("question", ["how do I get 40 connects", "vefify my fone", "spaceships"])
def test_answers_from_a_cached_index_are_the_same(tmp_path: Path, question: str) -> None:
    library = read_library(shipped_folder())
    AnswerEngine(library, count=CachedIndexBuilder(tmp_path))
    engine = AnswerEngine(library, count=CachedIndexBuilder(tmp_path))

    assert engine.explain(question, "en") == AnswerEngine(library).explain(question, "en")
