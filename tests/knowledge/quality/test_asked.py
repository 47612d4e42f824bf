"""Floors of how well requests for the desk's jobs are understood, file by file."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from knowledge.answering.engine import AnswerEngine
from knowledge.model import Job
from knowledge.search.thresholds import ScoreSource
from tests.support.answer_engines import shipped_engine

FILES = sorted((Path(__file__).parents[2] / "data" / "asked").glob("*.jsonl"))
NAMES = {
    "data": Job.PRIVACY,
    "erase": Job.FORGET,
    "resume": Job.STANDING,
    "start_over": Job.RESTART,
}
"""Names of the files for jobs that have another one here."""


FLOORS = {"tuning": 0.98, "kept-apart": 0.85}


def engine() -> AnswerEngine:
    return shipped_engine(ScoreSource.WORDS)


@cache
def lines(file: Path) -> Sequence[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def expected(line: dict[str, Any]) -> Job | None:
    name = line["job"]
    return None if name is None else NAMES.get(name) or Job(name)


def is_met(line: dict[str, Any]) -> bool:
    found = engine().job(line["q"])
    return found is expected(line) or (found is Job.STOP and line["job"] == "cancel")


def share(asked: Sequence[dict[str, Any]]) -> float:
    return sum(map(is_met, asked)) / len(asked)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_requests_are_understood(file: Path) -> None:
    asked = [line for line in lines(file) if line["job"]]

    assert share(asked) >= FLOORS[file.stem]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_requests_in_other_languages_are_understood(file: Path) -> None:
    asked = [line for line in lines(file) if line["job"] and line["language"] != "en"]

    assert share(asked) >= FLOORS[file.stem]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_question_about_a_subject_is_taken_for_a_request(file: Path) -> None:
    taken = [line["q"] for line in lines(file) if line["job"] is None and not is_met(line)]

    assert taken == []
