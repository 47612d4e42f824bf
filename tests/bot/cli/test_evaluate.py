import json
import tomllib
from importlib.util import find_spec

import pytest

from bot.articles.catalogue import SEMANTIC
from tests.bot.cli.terminal import Terminal
from tests.support.answer_engines import NO_MODEL

FIGURES = [
    "n",
    "in_scope",
    "out_of_scope",
    "accuracy_at_1",
    "recall_at_3",
    "mrr_at_10",
    "answered_out_of_scope",
    "declined_in_scope",
    "p50_ms",
    "p99_ms",
]
CORPUS: list[dict[str, object]] = [
    {"id": "tea", "question": "How do I brew tea?", "variants": ["brewing tea"]},
    {"id": "rye", "question": "Which flour goes into bread?"},
]
QUESTIONS: list[dict[str, object]] = [
    {"text": "brew tea", "relevant": ["tea"]},
    {"text": "flour for bread", "relevant": ["rye"]},
    {"text": "who won the cup", "relevant": None},
]


def lines(rows: list[dict[str, object]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def files(bare: Terminal) -> list[str]:
    """What makes the command take a small foreign FAQ."""
    questions = bare.file("questions.jsonl", lines(QUESTIONS))
    corpus = bare.file("corpus.jsonl", lines(CORPUS))
    return ["--questions", questions, "--corpus", corpus]


def test_the_shipped_articles_are_evaluated_on_the_shipped_questions(bare: Terminal) -> None:
    found = bare.run("eval", "--json").data

    assert list(found) == FIGURES
    assert found["n"] == found["in_scope"] + found["out_of_scope"]
    assert found["accuracy_at_1"] > 0.9


def test_another_corpus_replaces_the_articles(bare: Terminal, files: list[str]) -> None:
    found = bare.run("eval", *files, "--json").data

    assert (found["n"], found["in_scope"], found["out_of_scope"]) == (3, 2, 1)
    assert (found["accuracy_at_1"], found["answered_out_of_scope"]) == (1, 0)


def test_without_json_the_report_is_printed_as_lines(bare: Terminal, files: list[str]) -> None:
    ended = bare.run("eval", *files)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("3 questions: 2 in scope, 1 out of it\n")
    assert "the right article comes first 100.0%" in " ".join(ended.out.split())


def test_a_share_of_no_questions_is_printed_as_a_dash(bare: Terminal) -> None:
    questions = bare.file("q.jsonl", '{"q": "a cup", "expected_slug": null}')

    ended = bare.run("eval", "--questions", questions)

    assert "the right article comes first - it" in " ".join(ended.out.split())


@pytest.mark.parametrize("option", ["--questions", "--corpus"])
def test_an_invalid_file_is_reported_in_one_line(bare: Terminal, option: str) -> None:
    ended = bare.run("eval", option, bare.file("bad.jsonl", '{"q": 1}'))

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("helpdesk: bad.jsonl, line 1: expected {")
    assert len(ended.complaints) == 1


@pytest.mark.skipif(not all(map(find_spec, SEMANTIC)), reason=NO_MODEL)
def test_calibration_prints_thresholds_as_toml(bare: Terminal, files: list[str]) -> None:
    ended = bare.run("eval", *files, "--calibrate")

    chosen = tomllib.loads(ended.out)
    assert list(chosen["words"]["thresholds"]) == ["answer", "offer", "margin"]
    assert list(chosen["meaning"]["thresholds"]) == ["answer", "offer", "margin"]
    assert chosen["meaning"]["figures"]["questions"] == 3
    assert chosen["words"]["figures"]["false_answers"] == 0


@pytest.mark.skipif(not all(map(find_spec, SEMANTIC)), reason=NO_MODEL)
def test_a_full_corpus_also_calibrates_the_typical_score(bare: Terminal, files: list[str]) -> None:
    ended = bare.run("eval", *files[:2], "--calibrate")

    assert 0 < tomllib.loads(ended.out)["meaning"]["thresholds"]["typical"] < 1


def test_without_the_semantic_model_calibration_is_refused(
    bare: Terminal, files: list[str]
) -> None:
    ended = bare.run("eval", *files, "--calibrate", answers="words")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "helpdesk: both halves are calibrated, so install the extra: helpdesk[semantic].\n"
    )


def test_evaluation_without_the_semantic_model_is_possible(
    bare: Terminal, files: list[str]
) -> None:
    alone = bare.run("eval", *files, "--without-semantic", "--json").data
    wanted = bare.run("eval", *files, "--json", answers="words").data

    timed = {"p50_ms", "p99_ms"}
    assert {name: alone[name] for name in alone.keys() - timed} == {
        name: wanted[name] for name in wanted.keys() - timed
    }


def test_several_question_files_are_evaluated_as_one(bare: Terminal, files: list[str]) -> None:
    again = ["--questions", "questions.jsonl"]

    assert bare.run("eval", *files, *again, "--json").data["n"] == 6
