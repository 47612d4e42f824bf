from dataclasses import replace

import pytest

from knowledge.answering.engine import AnswerEngine
from knowledge.model import Found, Library, Nothing, SmallTalk, Unsure
from knowledge.search.thresholds import Thresholds
from tests.support.libraries import a_library, an_article

TEA = an_article("green-tea", "how do I brew green tea", "why is my tea bitter")
BREAD = an_article("black-bread", "how do I bake black bread", "which flour for bread")
SOUP = an_article("hot-soup", "how do I cook hot soup", "what goes into soup")
CAKE = an_article("plum-cake", "how do I bake plum cake", "plums or apples")
TEE = an_article("green-tea", "wie koche ich grünen Tee", "warum ist er bitter", language="de")

ENGINE = AnswerEngine(a_library(TEA, BREAD, SOUP, CAKE, TEE))


def test_a_question_in_an_articles_words_is_answered_with_that_article() -> None:
    answer = ENGINE.ask("why is my tea so bitter?", "en")

    assert isinstance(answer, Found)
    assert answer.article == TEA
    assert answer.score == answer.candidates[0].score


def test_an_answer_includes_the_runner_up() -> None:
    answer = ENGINE.ask("how do I brew green tea", "en")

    assert isinstance(answer, Found)
    assert len(answer.alternatives) == 2
    assert TEA not in answer.alternatives
    assert [one.slug for one in answer.candidates[1:3]] == [
        one.slug for one in answer.alternatives
    ]


def test_a_question_close_to_two_articles_gives_a_choice() -> None:
    careful = AnswerEngine(
        a_library(TEA, BREAD, SOUP, CAKE), Thresholds(answer=0.35, offer=0.18, margin=0.1)
    )

    answer = careful.ask("how do I bake", "en")

    assert isinstance(answer, Unsure)
    assert {one.slug for one in answer.choices[:2]} == {"black-bread", "plum-cake"}
    assert len(answer.choices) == 3


def test_a_few_words_that_match_two_other_articles_give_a_choice() -> None:
    [answer] = ENGINE.ask_all("soup or cake", "en", TEA.slug)

    assert isinstance(answer, Unsure)
    assert {one.slug for one in answer.choices[:2]} == {"hot-soup", "plum-cake"}


SPICE = replace(
    an_article("mild-pepper", "price of pepper", "is mild pepper red", "pepper price today"),
    not_said=frozenset({"price of pepper", "pepper price today"}),
)
HOT = AnswerEngine(a_library(TEA, BREAD, SPICE))


def test_a_question_that_no_page_answers_gets_the_one_article_about_it() -> None:
    answer = HOT.ask("what is the price of pepper", "en")

    assert isinstance(answer, Unsure)
    assert (answer.choices, answer.not_said) == ((SPICE,), True)
    assert answer.candidates[0].slug == SPICE.slug


def test_a_question_that_is_as_near_to_what_is_said_gets_the_answer() -> None:
    answer = HOT.ask("is mild pepper red", "en")

    assert isinstance(answer, Found)
    assert answer.article == SPICE


def test_a_question_that_no_page_answers_is_not_bent_to_the_last_article() -> None:
    [answer] = HOT.ask_all("pepper price", "en", TEA.slug)

    assert isinstance(answer, Unsure)
    assert answer.choices == (SPICE,)


def test_a_score_below_the_answer_threshold_gives_a_choice() -> None:
    strict = AnswerEngine(a_library(TEA, BREAD), Thresholds(answer=0.99, offer=0.18, margin=0.04))

    answer = strict.ask("why is my tea so bitter?", "en")

    assert isinstance(answer, Unsure)
    assert answer.choices == (TEA, BREAD)


def test_an_unrelated_question_gets_only_candidates() -> None:
    answer = ENGINE.ask("who won the cup in 2014", "en")

    assert isinstance(answer, Nothing)
    assert len(answer.candidates) == 4


@pytest.mark.parametrize("typed", ["", "   ", "## %%"])
def test_symbols_alone_get_no_answer(typed: str) -> None:
    assert ENGINE.ask(typed, "en") == Nothing(candidates=())


@pytest.mark.parametrize("typed", ["???", "\u200b", "👍"])
def test_symbols_alone_are_answered_as_small_talk(typed: str) -> None:
    answer = ENGINE.ask(typed, "en")

    assert isinstance(answer, SmallTalk)
    assert answer.candidates == ()


def test_a_question_is_answered_in_the_persons_language() -> None:
    answer = ENGINE.ask("wie koche ich grünen Tee", "de")

    assert isinstance(answer, Found)
    assert answer.article == TEE


def test_a_language_without_articles_is_answered_from_the_default_ones() -> None:
    answer = ENGINE.ask("how do I brew green tea", "fr")

    assert isinstance(answer, Found)
    assert answer.article == TEA


def test_a_single_article_is_answered_without_a_margin() -> None:
    answer = AnswerEngine(a_library(TEA)).ask("how do I brew green tea", "en")

    assert isinstance(answer, Found)
    assert answer.alternatives == ()


def test_an_empty_library_answers_nothing() -> None:
    assert AnswerEngine(Library(categories_by_language={})).ask("tea", "en") == Nothing(
        candidates=()
    )


def test_at_most_five_candidates_are_returned_best_first() -> None:
    many = [an_article(f"tea-{letter}", f"tea {letter}") for letter in "abcdefg"]

    candidates = AnswerEngine(a_library(*many)).ask("tea c", "en").candidates

    assert len(candidates) == 5
    assert [one.score for one in candidates] == sorted(
        (one.score for one in candidates), reverse=True
    )


def test_a_long_message_takes_no_longer_than_its_beginning() -> None:
    question = "how do I brew green tea"

    long = ENGINE.ask(question + " " * 700 + "soup " * 100_000, "en")

    assert long == ENGINE.ask(question, "en")
