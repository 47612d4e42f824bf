"""Floors of how well requests for the desk's jobs are understood, file by file.

Failures tell figures, not sentences: `kept-apart` judges, so nobody should tune to its lines.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from knowledge.model import Answer, AskedForJob, Job
from knowledge.search.thresholds import ScoreSource
from tests.support.answer_engines import shipped_engine

FOLDER = Path(__file__).parents[2] / "data" / "asked"
FLOORS = {
    ("tuning", ScoreSource.WORDS): 0.98,
    ("more", ScoreSource.WORDS): 0.96,
    ("kept-apart", ScoreSource.WORDS): 0.86,
    ("kept-apart", ScoreSource.BOTH): 0.9,
}
NAMES = {
    "data": Job.PRIVACY,
    "erase": Job.FORGET,
    "resume": Job.STANDING,
    "start_over": Job.RESTART,
}
"""Names in the files of jobs that are called otherwise here."""


@cache
def asked(name: str, source: ScoreSource) -> Sequence[tuple[Job | None, Job | None]]:
    """The job expected and the job found, for each line."""
    engine = shipped_engine(source)
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        (expected(line), found_in(engine.ask(line["q"], line["language"])))
        for line in map(json.loads, lines)
    ]


def found_in(answer: Answer) -> Job | None:
    return answer.job if isinstance(answer, AskedForJob) else None


def expected(line: dict[str, Any]) -> Job | None:
    name = line["job"]
    return None if name is None else NAMES.get(name) or Job(name)


def is_met(wanted: Job | None, found: Job | None) -> bool:
    """Whether the job is found; "stop" cancels whatever is under way."""
    return found is wanted or (found is Job.STOP and wanted is Job.CANCEL)


def test_each_file_has_its_floor() -> None:
    assert {file.stem for file in FOLDER.glob("*.jsonl")} == {name for name, _ in FLOORS}


@pytest.mark.parametrize(("name", "source"), FLOORS)
def test_requests_are_understood(name: str, source: ScoreSource) -> None:
    met = [is_met(wanted, found) for wanted, found in asked(name, source) if wanted]

    share = sum(met) / len(met)

    assert share >= FLOORS[name, source]


@pytest.mark.parametrize(("name", "source"), FLOORS)
def test_no_question_about_a_subject_is_taken_for_a_request(
    name: str, source: ScoreSource
) -> None:
    taken = sum(found is not None for wanted, found in asked(name, source) if wanted is None)

    assert taken == 0
