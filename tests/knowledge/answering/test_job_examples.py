"""Jobs that only their likeness to examples tells."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from knowledge.answering.job_examples import MOST_OTHERS, JobExamples
from knowledge.model import AskedForJob, Job, Library
from knowledge.search.thresholds import ScoreSource
from tests.support.answer_engines import shipped_engine
from tests.support.libraries import shipped_library


@dataclass
class GivenScores:
    """A sentence model that scores the jobs as told, by their names; "none" is the last score."""

    told: dict[str, float] = field(default_factory=dict)
    entries: Sequence[Sequence[str]] = ()
    others: Sequence[str] = ()

    @property
    def typical(self) -> float:
        return 1.0

    def learnt(
        self, entries: Sequence[Sequence[str]], unanswered: Sequence[str] = (), language: str = ""
    ) -> "GivenScores":
        self.entries, self.others = entries, unanswered
        return self

    def scores(self, text: str) -> Sequence[float]:
        asked = next(place for place, one in enumerate(self.entries) if text in one)
        scores = [0.0] * len(self.entries)
        scores[asked], scores[asked - 1] = self.told["job"], self.told["next"]
        return [*scores, self.told["none"]]

    def wait(self) -> None:
        pass


@pytest.mark.parametrize(
    ("job", "next_job", "none", "found"),
    [
        (0.9, 0.1, 0.1, Job.PROGRESS),
        (0.39, 0.0, 0.0, None),
        (0.9, 0.85, 0.0, None),
        (0.9, 0.0, 0.85, None),
    ],
)
def test_only_a_clear_case_is_a_job(
    job: float, next_job: float, none: float, found: Job | None
) -> None:
    model = GivenScores({"job": job, "next": next_job, "none": none})

    assert JobExamples(model, shipped_library()).job("my status") is found


def test_questions_of_the_library_are_learnt_as_no_job_up_to_a_number() -> None:
    without, shipped = GivenScores(), GivenScores()

    JobExamples(without, Library(categories_by_language={}))
    JobExamples(shipped, shipped_library())

    assert without.others
    assert 0 < len(shipped.others) - len(without.others) <= MOST_OTHERS


@pytest.mark.parametrize("source", [ScoreSource.MEANING, ScoreSource.BOTH])
def test_a_request_that_no_rule_covers_is_understood_by_meaning(source: ScoreSource) -> None:
    text = "ship me my data"
    answer = shipped_engine(source).ask(text, "en")

    assert shipped_engine(ScoreSource.WORDS).job(text) is None
    assert isinstance(answer, AskedForJob)
    assert answer.job is Job.EXPORT


@pytest.mark.parametrize("text", ["if i close my account will all my data disappear", "why ring?"])
def test_what_rules_out_a_job_does_so_by_meaning_too(text: str) -> None:
    assert not isinstance(shipped_engine(ScoreSource.MEANING).ask(text, "en"), AskedForJob)
