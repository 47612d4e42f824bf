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
def test_texts_that_look_alike_are_normalised_alike(typed: str, normal: str) -> None:
    assert normalise(typed) == normal


def test_a_question_is_cut_at_the_maximum_length() -> None:
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
def test_words_consist_of_letters_digits_and_two_symbols(
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
def test_words_are_stemmed_in_languages_with_a_stemmer(
    word: str, language: str, expected: str
) -> None:
    assert stem(word, language) == expected


def test_words_and_pairs_of_adjacent_words_are_features() -> None:
    assert list(word_features(["get", "40", "connect"])) == [
        "get",
        "40",
        "connect",
        "get 40",
        "40 connect",
    ]


def test_character_n_grams_mark_word_edges() -> None:
    assert list(part_features(["id"])) == ["_<id", "_id>", "_<id>"]
