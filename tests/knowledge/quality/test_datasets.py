import json
from pathlib import Path

import pytest

from knowledge.quality.datasets import (
    BadFileError,
    LabelledQuestion,
    read_corpus,
    read_questions,
    shipped_questions,
)


def a_file(at: Path, *rows: object) -> Path:
    path = at / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8-sig")
    return path


def test_both_formats_of_questions_are_read(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        {"q": "a", "expected_slug": "x", "note": "more is allowed"},
        {"q": "b", "expected_slug": None},
        {"text": "c", "relevant": ["y", "z"]},
        {"text": "d", "relevant": None},
        {"text": "e", "relevant": []},
    )

    assert read_questions(path) == (
        LabelledQuestion(text="a", relevant=frozenset({"x"})),
        LabelledQuestion(text="b", relevant=frozenset()),
        LabelledQuestion(text="c", relevant=frozenset({"y", "z"})),
        LabelledQuestion(text="d", relevant=frozenset()),
        LabelledQuestion(text="e", relevant=frozenset()),
    )


def test_the_shipped_questions_can_be_read() -> None:
    assert len(read_questions(shipped_questions())) > 150


@pytest.mark.parametrize(
    "row",
    [
        {"q": "a"},
        {"text": "a"},
        {"q": 1, "expected_slug": "x"},
        {"q": "a", "expected_slug": 1},
        {"text": "a", "relevant": "x"},
        {"text": "a", "relevant": [1]},
    ],
)
def test_a_question_in_another_format_is_refused_with_its_line(
    tmp_path: Path, row: object
) -> None:
    path = a_file(tmp_path, {"q": "a", "expected_slug": None}, row)

    with pytest.raises(BadFileError, match=r"rows\.jsonl, line 2: expected \{\"q\""):
        read_questions(path)


def test_an_faq_is_read_as_a_library(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        {"id": "tea", "question": "How hot?", "answer": "80", "variants": ["what heat"]},
        {"id": "rye", "question": "Which flour?"},
        {"id": "ale", "question": "Cold?", "answer": None, "variants": None},
    )

    tea, rye, ale = read_corpus(path).articles("en")

    assert (tea.slug, tea.title, tea.short, tea.questions) == (
        "tea",
        "How hot?",
        "80",
        ("what heat",),
    )
    assert (rye.short, rye.questions) == ("Which flour?", ())
    assert (ale.short, ale.questions) == ("Cold?", ())


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"question": "a"}], 'line 1: expected {"id"'),
        ([{"id": 1, "question": "a"}], 'line 1: expected {"id"'),
        ([{"id": "", "question": "a"}], 'line 1: expected {"id"'),
        ([{"id": "x", "question": "a", "variants": "b"}], 'line 1: expected {"id"'),
        ([{"id": "x", "question": "a", "variants": [1]}], 'line 1: expected {"id"'),
        ([{"id": "x", "question": "a", "answer": 1}], 'line 1: expected {"id"'),
        ([{"id": "x", "question": "a"}] * 2, "line 2: the id 'x' was given before."),
        ([[1]], "line 1: expected a JSON object."),
        ([], "holds no entries."),
    ],
)
def test_an_entry_in_another_format_is_refused_with_its_line(
    tmp_path: Path, rows: list[object], said: str
) -> None:
    with pytest.raises(BadFileError) as raised:
        read_corpus(a_file(tmp_path, *rows))

    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "line 1: expected a JSON object."),
        (b"[" * 100_000, "line 1: expected a JSON object."),
        (b"\xff", "is not a UTF-8 text file."),
        (b"\n \n", "holds no questions."),
    ],
)
def test_a_file_of_another_format_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)

    with pytest.raises(BadFileError) as raised:
        read_questions(path)

    assert said in str(raised.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="can't be read: No such file"):
        read_questions(tmp_path / "none.jsonl")
