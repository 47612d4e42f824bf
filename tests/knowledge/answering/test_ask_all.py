"""Messages that are more, or less, than one question."""

import pytest

from knowledge.answering.engine import AnswerEngine
from knowledge.model import Answer, Found, Nothing, Slug, SmallTalk, Talk, Unsure
from knowledge.search.thresholds import ScoreSource
from tests.support.answer_engines import shipped_engine
from tests.support.libraries import a_library, an_article

TEA = an_article("green-tea", "how do I brew green tea", "why is my tea bitter")
BREAD = an_article("black-bread", "how do I bake black bread", "which flour for bread")
LEAVES = an_article("tea-leaves", "can I use the leaves of green tea again")

ENGINE = AnswerEngine(a_library(TEA, BREAD, LEAVES))
TEA_SLUG = Slug("green-tea")


def slugs(answers: tuple[Answer, ...]) -> list[str]:
    return [one.article.slug if isinstance(one, Found) else "" for one in answers]


def test_two_questions_in_one_message_are_both_answered() -> None:
    answers = ENGINE.ask_all("how do I brew green tea? and how do I bake black bread?", "en")

    assert slugs(answers) == ["green-tea", "black-bread"]


def test_the_same_question_twice_is_answered_once() -> None:
    answers = ENGINE.ask_all("why is my tea bitter? how do I brew green tea?", "en")

    assert slugs(answers) == ["green-tea"]


def test_a_question_within_a_story_is_answered() -> None:
    story = (
        "My aunt came by in the rain yesterday with her two noisy parrots. Which flour for bread?"
    )

    assert slugs(ENGINE.ask_all(story, "en")) == ["black-bread"]


def test_one_question_gets_one_answer() -> None:
    assert ENGINE.ask_all("which flour for bread", "en") == (
        ENGINE.ask("which flour for bread", "en"),
    )


def test_an_unanswerable_question_gets_one_answer_that_says_so() -> None:
    text = "who won the cup? and who lost it?"

    assert ENGINE.ask_all(text, "en") == (ENGINE.ask(text, "en"),)


def test_small_talk_is_recognised() -> None:
    talk = ENGINE.ask("hello there", "en")

    assert isinstance(talk, SmallTalk)
    assert talk.kind is Talk.GREETING
    assert ENGINE.ask_all("hello there", "en") == (talk,)


def test_a_follow_up_is_answered_from_the_last_article() -> None:
    alone = ENGINE.ask_all("and the leaves?", "en")
    after = ENGINE.ask_all("and the leaves?", "en", TEA_SLUG)

    assert slugs(after) == ["tea-leaves"] or slugs(after) == ["green-tea"]
    assert alone == (ENGINE.ask("and the leaves?", "en"),)


@pytest.mark.parametrize("after", [None, Slug("no-such-article"), TEA_SLUG])
def test_a_self_contained_question_ignores_the_last_article(after: Slug | None) -> None:
    text = "who won the world cup in the year 2014 in Brazil"

    assert ENGINE.ask_all(text, "en", after) == (ENGINE.ask(text, "en"),)


def test_a_follow_up_without_a_match_stays_unanswered() -> None:
    text = "and spaceships zeppelins zanzibar?"

    assert ENGINE.ask_all(text, "en", TEA_SLUG) == (ENGINE.ask(text, "en"),)


def test_an_explanation_says_how_the_question_was_read() -> None:
    why = ENGINE.explain("how do i brwe green tea on spotify", "en")

    assert why.answer == ENGINE.ask("how do i brwe green tea on spotify", "en")
    assert why.ranking.typed[3] == "brwe"
    assert why.ranking.read[3] == "brew"
    assert why.ranking.unknown == ("spotify",)
    assert why.ranking.ranked[0].phrasing == "how do I brew green tea"


def test_an_unsure_answer_is_not_split_into_parts() -> None:
    answers = ENGINE.ask_all("green", "en")

    assert len(answers) == 1
    assert isinstance(answers[0], Unsure | Found)


def test_of_two_questions_the_unanswerable_one_is_named() -> None:
    answers = ENGINE.ask_all("how do I brew green tea? and who won the world cup?", "en")

    assert slugs(answers) == ["green-tea", ""]
    assert isinstance(answers[1], Nothing)
    assert answers[1].asked == "who won the world cup"


def test_a_question_after_rude_words_is_answered() -> None:
    answers = ENGINE.ask_all("your parrot is a noisy zeppelin, how do I bake bread", "en")

    assert answers == (ENGINE.ask("how do I bake bread", "en"),)


def test_a_few_words_that_match_several_articles_equally_give_a_choice() -> None:
    [answer] = ENGINE.ask_all("green tea", "en", Slug("black-bread"))

    assert isinstance(answer, Found | Unsure)
    assert answer.candidates[0].slug == "green-tea"


def test_a_message_gets_three_answers_at_most() -> None:
    text = (
        "how do I verify my phone? what are connects? how do I cancel my membership?"
        " how do I withdraw my earnings?"
    )

    answers = shipped_engine(ScoreSource.WORDS).ask_all(text, "en")

    assert [one.article.slug for one in answers if isinstance(one, Found)] == [
        "verify-phone-number",
        "what-are-connects",
        "downgrade-or-cancel-membership",
    ]
