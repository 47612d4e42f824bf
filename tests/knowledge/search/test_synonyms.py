from collections import Counter

import pytest

from knowledge.search.synonyms import Translator, synonyms

FREQUENCY = {"job": 3, "work": 5, "client": 1}
LINES = [frozenset({"job", "gig", "work"}), frozenset({"client", "buyer"}), frozenset({"a", "b"})]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("gig", "work"),  # the most used one of its line
        ("buyer", "client"),
        ("job", "job"),  # used itself
        ("a", "a"),  # nobody uses its line
        ("zebra", "zebra"),
    ],
)
def test_a_synonym_is_translated_to_the_word_used_in_the_articles(said: str, meant: str) -> None:
    assert Translator(FREQUENCY, LINES).translate([said]) == (meant,)


def test_no_word_is_in_two_groups() -> None:
    counted = Counter(word for line in synonyms("en") for word in line)

    assert [word for word, count in counted.items() if count > 1] == []


def test_every_synonym_is_one_lower_case_word() -> None:
    words = [word for line in synonyms("en") for word in line]

    assert [word for word in words if not word.isalnum() or word != word.casefold()] == []


def test_other_languages_have_no_synonyms() -> None:
    assert synonyms("de") == ()
