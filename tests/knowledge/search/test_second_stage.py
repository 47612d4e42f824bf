"""The second stage, with models that say what they are told to."""

from collections.abc import Sequence

import pytest

from knowledge.answering.engine import AnswerEngine
from knowledge.model import Found, Library, Nothing, SmallTalk, Unsure
from knowledge.search.ranker import FEWEST
from knowledge.search.second_stage import SHARE, YIELDING_ABROAD
from knowledge.search.thresholds import ScoreSource, Thresholds, shipped_thresholds
from tests.support.libraries import a_library, an_article

OTHERS = [f"Wo liegt Stadt {number}" for number in range(FEWEST)]
SURE = [0.9, *[0.0] * FEWEST]
"""Scores of a model that is sure of the first article."""
ALONE = shipped_thresholds(ScoreSource.LANGUAGES)
SPANISH = "¿cómo puedo preparar el té?"
VAGUE = "the time of the thing with it"


JOBS = "jobs"
"""The fit of the examples of jobs, which nothing here is like."""


class Model:
    """Gives every text the same scores, and remembers what it was asked."""

    def __init__(self, scores: Sequence[float], typical: float = 0.62) -> None:
        self._scores = scores
        self.typical = typical
        self.asked: list[str] = []

    def knows(self, word: str) -> bool:
        return False

    def learnt(
        self,
        entries: Sequence[Sequence[str]],
        unanswered: Sequence[str] = (),
        language: str = "en",
    ) -> "Model":
        return Model([0.0] * (len(entries) + 1)) if language == JOBS else self

    def wait(self) -> None: ...

    def scores(self, text: str) -> Sequence[float]:
        self.asked.append(text)
        return list(self._scores)


def shelf(*unanswered: str, language: str = "en") -> Library:
    articles = [an_article("tea", "how do I brew tea", language=language)]
    articles += [
        an_article(f"city-{number}", text, language=language) for number, text in enumerate(OTHERS)
    ]
    library = a_library(*articles)
    return Library(
        categories_by_language=library.categories_by_language, unanswered={language: unanswered}
    )


def test_a_sure_answer_of_the_first_stage_stays() -> None:
    second = Model([0.0, 0.9, *[0.0] * (FEWEST - 1)])

    answer = AnswerEngine(shelf(), languages=second).ask("how do I brew tea", "en")

    assert isinstance(answer, Found)
    assert answer.article.slug == "tea"
    assert second.asked == []


def test_a_question_in_another_language_is_ranked_by_the_second_stage_alone() -> None:
    second = Model(SURE)

    found = AnswerEngine(shelf(), languages=second).explain(SPANISH, "en")

    assert isinstance(found.answer, Found)
    assert found.answer.asked_in == "es"
    assert (found.source, found.ranking.ranked[0].score) == (ScoreSource.LANGUAGES, 0.9)
    assert found.thresholds == shipped_thresholds(ScoreSource.LANGUAGES).scaled_to(second.typical)
    assert second.asked == [SPANISH]


def test_the_english_model_is_not_asked_of_another_language() -> None:
    first, second = Model([0.9, *[0.0] * FEWEST]), Model(SURE)

    AnswerEngine(shelf(), meaning=first, languages=second).ask(SPANISH, "en")
    AnswerEngine(shelf(), meaning=first).ask(SPANISH, "en")

    assert first.asked == ["cómo puedo preparar el té"]
    assert second.asked == [SPANISH]


def test_a_question_in_english_is_ranked_by_both() -> None:
    engine = AnswerEngine(shelf(), meaning=Model([0.3, *[0.1] * FEWEST]), languages=Model(SURE))

    first = AnswerEngine(shelf(), meaning=Model([0.3, *[0.1] * FEWEST])).explain(VAGUE, "en")
    both = engine.explain(VAGUE, "en")

    best = both.ranking.ranked[0]
    expected = (1 - SHARE) * first.ranking.ranked[0].score + SHARE * 0.9 * both.ranking.familiar
    assert (both.source, best.id, best.in_all_languages) == (ScoreSource.BOTH, "tea", 0.9)
    assert best.score == pytest.approx(expected)


def test_articles_in_another_language_than_english_have_no_blend() -> None:
    engine = AnswerEngine(shelf(language="de"), meaning=Model(SURE), languages=Model(SURE))

    found = engine.explain("Wann kommt der Tee von der Insel", "de")

    assert found.source is ScoreSource.LANGUAGES
    assert isinstance(found.answer, Found)
    assert found.answer.asked_in is None


@pytest.mark.parametrize(("unanswered", "left"), [(0.9, 0.5 - YIELDING_ABROAD * 0.4), (0.4, 0.5)])
def test_a_question_that_none_answers_pulls_down_scores(unanswered: float, left: float) -> None:
    second = Model([0.5, *[0.0] * FEWEST, unanswered])

    found = AnswerEngine(shelf("is there a dark mode"), languages=second).explain(SPANISH, "en")

    assert found.ranking.ranked[0].score == pytest.approx(left)


@pytest.mark.parametrize(
    ("score", "kind"),
    [
        (ALONE.answer, Found),
        ((ALONE.offer + ALONE.answer) / 2, Unsure),
        (ALONE.offer / 2, Nothing),
    ],
)
def test_its_thresholds_have_three_zones(score: float, kind: type) -> None:
    engine = AnswerEngine(shelf(), languages=Model([score, *[0.0] * FEWEST]))

    assert isinstance(engine.ask(SPANISH, "en"), kind)


def test_a_choice_says_in_which_language_the_question_was() -> None:
    answer = AnswerEngine(shelf(), languages=Model([ALONE.offer] * (FEWEST + 1))).ask(
        SPANISH, "en"
    )

    assert isinstance(answer, Unsure)
    assert answer.asked_in == "es"


def test_thresholds_are_lower_where_phrasings_have_little_in_common() -> None:
    engine = AnswerEngine(
        shelf(), languages=Model([0.75 * ALONE.answer, *[0.0] * FEWEST], typical=0.3)
    )

    assert isinstance(engine.ask(SPANISH, "en"), Found)


def test_a_few_articles_have_no_second_stage() -> None:
    second = Model([0.9])
    library = a_library(an_article("tea", "how do I brew tea"))

    answer = AnswerEngine(library, languages=second).ask(SPANISH, "en")

    assert isinstance(answer, Nothing)
    assert second.asked == []


def test_of_many_questions_in_one_message_each_is_read_by_the_first_stage_only() -> None:
    second = Model([0.0] * (FEWEST + 1))
    engine = AnswerEngine(shelf(), languages=second)
    message = "what about the sun? what about the moon? what about the sea?"

    engine.ask_all(message, "en")

    assert second.asked == [message]


def test_a_message_with_one_question_is_read_by_both_stages() -> None:
    second = Model(SURE)

    [answer] = AnswerEngine(shelf(), languages=second).ask_all(f"Hello. {SPANISH}", "en")

    assert isinstance(answer, Found)


def test_a_text_is_asked_once_whatever_its_case_and_spaces() -> None:
    second = Model(SURE)
    engine = AnswerEngine(shelf(), languages=second)

    engine.ask(SPANISH, "en")
    engine.ask(SPANISH.upper().replace(" ", "  "), "en")

    assert second.asked == [SPANISH]


def test_small_talk_is_no_question_for_it() -> None:
    assert isinstance(AnswerEngine(shelf(), languages=Model(SURE)).ask("thanks", "en"), SmallTalk)


def test_correcting_every_word_makes_a_text_english() -> None:
    explained = AnswerEngine(shelf(), languages=Model(SURE)).explain("hw 2 brw tae", "en")

    assert explained.ranking.read == ("how", "2", "brew", "tea")
    assert not explained.ranking.foreign


@pytest.mark.parametrize(
    ("text", "foreign"),
    [("gdzie kupić przewodnik", True), ("kupić przewodnik", False), ("kupić 10 20 30", False)],
)
def test_a_few_unknown_words_are_no_other_language(text: str, foreign: bool) -> None:
    assert AnswerEngine(shelf()).explain(text, "en").ranking.foreign is foreign


def test_given_thresholds_are_the_first_stage_s() -> None:
    never = Thresholds(answer=2, offer=1.5, margin=0)

    answer = AnswerEngine(shelf(), never, languages=Model(SURE)).ask("how do I brew tea", "en")

    assert isinstance(answer, Found)
