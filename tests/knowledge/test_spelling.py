import pytest

from knowledge.spelling import Speller, distance

SPELLER = Speller(
    ["verify", "verify", "phone", "connects", "connect", "verification", "80", "code"]
)


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("verfy", "verify"),
        ("verifyy", "verify"),
        ("veirfy", "verify"),
        ("phome", "phone"),
        ("verifcatoin", "verification"),
    ],
)
def test_a_mistyped_word_becomes_the_known_one(typed: str, mended: str) -> None:
    assert SPELLER.correct([typed]) == (mended,)


@pytest.mark.parametrize(
    "word",
    [
        "phone",  # known
        "joke",  # nothing like it is known
        "cod",  # too short to judge
        "8o",  # too short
        "code2",  # not only letters
        "phnoem",  # two slips in a short word
    ],
)
def test_other_words_stay_as_they_are(word: str) -> None:
    assert SPELLER.correct([word]) == (word,)


def test_of_two_equally_near_words_the_frequent_one_wins() -> None:
    speller = Speller(["rate", "date", "date"])

    assert speller.correct(["bate"]) == ("date",)


def test_of_two_equally_frequent_words_the_first_in_the_alphabet_wins() -> None:
    assert Speller(["rate", "date"]).correct(["bate"]) == ("date",)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("code", "code", 0),
        ("code", "coed", 1),
        ("code", "cod", 1),
        ("code", "codes", 1),
        ("code", "cope", 1),
        ("code", "", 4),
        ("kitten", "sitting", 3),
    ],
)
def test_distance_counts_slips_and_a_swap_is_one(left: str, right: str, expected: int) -> None:
    assert distance(left, right) == expected
