import pytest

from knowledge.tokens import LONGEST_QUESTION, normalise, part_features, stem, word_features, words


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("  How   do I\nVERIFY? ", "how do i verify?"),
        ("\ufb01rst \uff14\uff10 Connects", "first 40 connects"),
        ("so\u0000me\u200bthing", "so me thing"),
        ("STRASSE Straße", "strasse strasse"),
        ("", ""),
    ],
)
def test_what_looks_the_same_becomes_the_same(typed: str, normal: str) -> None:
    assert normalise(typed) == normal


def test_a_question_is_cut_at_the_longest_length() -> None:
    long = "a" * (LONGEST_QUESTION + 100)

    assert len(normalise(long)) == LONGEST_QUESTION


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i can't log in", ("i", "cant", "log", "in")),
        ("i can\u2019t", ("i", "cant")),
        ("get to 80%", ("get", "to", "80", "percent")),
        ("press #", ("press", "hash")),
        ("e-mail, id_check!", ("e", "mail", "id", "check")),
        ("...", ()),
    ],
)
def test_words_are_letters_and_digits_and_two_symbols(
    text: str, expected: tuple[str, ...]
) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("verifying", "en", "verifi"),
        ("verify", "en", "verifi"),
        ("proposals", "en", "propos"),
        ("häuser", "de", "haus"),
        ("kaise", "hi", "kaise"),
    ],
)
def test_a_word_loses_its_ending_in_languages_with_a_stemmer(
    word: str, language: str, expected: str
) -> None:
    assert stem(word, language) == expected


def test_words_and_pairs_of_neighbours_are_features() -> None:
    assert list(word_features(["get", "40", "connect"])) == [
        "get",
        "40",
        "connect",
        "get 40",
        "40 connect",
    ]


def test_parts_of_a_word_know_its_edges_and_are_never_words() -> None:
    assert list(part_features(["id"])) == ["_<id", "_id>", "_<id>"]
