from collections.abc import Sequence

import pytest

from knowledge.answering.engine import AnswerEngine
from knowledge.model import Found
from knowledge.search.index import Entry
from knowledge.search.ranker import FEWEST, MEANT, MEANT_OF_FEW, BlendedRanker
from knowledge.search.thresholds import LEAST, ScoreSource, Thresholds, shipped_thresholds
from tests.support.libraries import a_library, an_article

TEA = Entry(id="tea", phrasings=("how do I brew tea",))
BREAD = Entry(id="bread", phrasings=("how do I bake bread",))


JOBS = "jobs"
"""The fit of the examples of jobs, which nothing here is like."""


class Told:
    """Says of every text what it was told to, and knows one odd word."""

    typical = 0.4

    def __init__(self, *scores: float) -> None:
        self._scores = scores
        self.asked: list[str] = []

    def knows(self, word: str) -> bool:
        return word == "bruw"

    def learnt(
        self,
        entries: Sequence[Sequence[str]],
        unanswered: Sequence[str] = (),
        language: str = "en",
    ) -> "Told":
        if language == JOBS:
            return Told(*[0.0] * (len(entries) + 1))
        assert len(entries) + bool(unanswered) == len(self._scores)
        return self

    def wait(self) -> None: ...

    def scores(self, text: str) -> Sequence[float]:
        self.asked.append(text)
        return self._scores


@pytest.mark.parametrize(("entries", "share"), [(FEWEST - 1, MEANT_OF_FEW), (FEWEST, MEANT)])
def test_a_score_blends_words_and_meaning_in_fixed_shares(entries: int, share: float) -> None:
    others = [Entry(id=f"tea-{number}", phrasings=TEA.phrasings) for number in range(entries - 1)]
    told = Told(0.9, *[0.1] * len(others))

    best = BlendedRanker([BREAD, *others], "en", told).rank("bake bread").ranked[0]

    assert (best.id, best.by_meaning) == ("bread", 0.9)
    assert best.score == pytest.approx(share * 0.9 + (1 - share) * (best.by_words or 0))


def test_a_similar_unanswered_question_lowers_the_score() -> None:
    asked = "how do I brew tea"
    plain = BlendedRanker([TEA, BREAD], "en", Told(0.6, 0.1)).rank(asked)

    near = BlendedRanker([TEA, BREAD], "en", Told(0.6, 0.1, 0.9), ["can tea brew itself"]).rank(
        asked
    )
    far = BlendedRanker([TEA, BREAD], "en", Told(0.6, 0.1, 0.0), ["is there a dark mode"]).rank(
        asked
    )

    assert near.ranked[0].score < plain.ranked[0].score
    assert [one.id for one in near.ranked] == ["tea", "bread"]
    assert far.ranked[0].score == pytest.approx(plain.ranked[0].score, abs=0.05)


def test_both_rankers_read_the_corrected_question() -> None:
    told = Told(0, 0)

    BlendedRanker([TEA, BREAD], "en", told).rank("bake braed")

    assert told.asked == ["bake bread"]


def test_a_word_known_to_the_model_is_not_corrected() -> None:
    assert BlendedRanker([TEA, BREAD], "en", Told(0, 0)).rank("bruw tea").read == ("bruw", "tea")


@pytest.mark.parametrize(("said", "taken"), [(-0.2, 0), (1.2, 1)])
def test_scores_stay_between_0_and_1(said: float, taken: float) -> None:
    (only,) = BlendedRanker([TEA], "en", Told(said)).rank("how do I brew tea").ranked

    assert only.by_meaning == taken


def test_another_subject_lowers_both_scores() -> None:
    blend = BlendedRanker([Entry(id="tea", phrasings=("brew tea", "tea brew"))], "en", Told(1))

    (plain,) = blend.rank("brew tea").ranked
    (foreign,) = blend.rank("brew tea spotify").ranked

    assert (foreign.by_meaning or 0) < (plain.by_meaning or 0)


def test_only_the_default_language_is_compared_by_meaning() -> None:
    library = a_library(an_article("tea", "tea?"), an_article("tee", "Tee?", language="de"))
    engine = AnswerEngine(library, meaning=Told(0.9))

    assert engine.thresholds("de") == shipped_thresholds()
    assert engine.thresholds("en").answer == shipped_thresholds(ScoreSource.MEANING).answer
    assert isinstance(engine.ask("tea", "en"), Found)


def test_thresholds_are_lower_for_dissimilar_phrasings() -> None:
    chosen = Thresholds(answer=0.5, offer=0.3, margin=0.04, typical=0.6)

    assert chosen.scaled_to(0.3) == Thresholds(answer=0.25, offer=0.15, margin=0.02, typical=0.3)
    assert chosen.scaled_to(0.01).answer == 0.5 * LEAST
    assert chosen.scaled_to(0.9) == Thresholds(answer=0.5, offer=0.3, margin=0.04, typical=0.9)


def test_thresholds_are_unchanged_without_a_typical_score() -> None:
    without = Thresholds(answer=0.5, offer=0.3, margin=0.04)
    chosen = Thresholds(answer=0.5, offer=0.3, margin=0.04, typical=0.6)

    assert without.scaled_to(0.1).answer == 0.5
    assert chosen.scaled_to(None).answer == 0.5


def test_a_small_library_has_no_typical_score() -> None:
    many = [Entry(id=str(number), phrasings=("tea",)) for number in range(FEWEST)]

    assert BlendedRanker(many, "en", Told(*[0.9] * FEWEST)).typical == Told.typical
    assert BlendedRanker(many[1:], "en", Told(*[0.9] * (FEWEST - 1))).typical is None
