"""Recognises a job by its likeness in meaning to examples: a second stage, after the rules."""

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files

from knowledge.model import Job, Library
from knowledge.search.ranker import SentenceModel
from knowledge.tokens import normalise

LEAST = 0.4
"""Least score of a job; on the development sets 0.3 to 0.45 take as few questions for a job."""
LEAD = 0.1
"""Least lead over what articles are asked, and over the next job."""
MOST_OTHERS = 1000
"""Most questions of the library that are learnt as no job, evenly spread: fits take cubic time."""
_FIT = "jobs"
"""Name of the fit beside those of the articles' languages."""


class JobExamples:
    """Examples of all jobs, learnt by a sentence model against the phrasings of the articles."""

    def __init__(self, model: SentenceModel, library: Library) -> None:
        examples, none = _shipped()
        others = [
            *(
                phrasing
                for language in library.categories_by_language
                for article in library.articles(language)
                for phrasing in (article.title, *article.questions)
            ),
            *(line for lines in library.unanswered.values() for line in lines),
        ]
        spread = others[:: len(others) // MOST_OTHERS + 1]
        self._jobs = tuple(examples)
        self._model = model.learnt(list(examples.values()), [*none, *spread], _FIT)

    def job(self, text: str) -> Job | None:
        """The job whose examples a message is like; None if it is no clear case."""
        *scores, other = self._model.scores(normalise(text))
        (best, job), (second, _) = sorted(zip(scores, self._jobs, strict=True), reverse=True)[:2]
        return job if best >= LEAST and best - max(second, other) >= LEAD else None


def _shipped() -> tuple[Mapping[Job, Sequence[str]], list[str]]:
    """The examples of each job, and those of none."""
    file = files("knowledge") / "intents" / "examples.toml"
    parsed = tomllib.loads(file.read_text(encoding="utf-8"))
    others = list(parsed.pop("none"))
    return {Job(name): phrases for name, phrases in parsed.items()}, others
