import pytest

from knowledge.search.spelling import LONGEST, MOST_MENDED, Speller, distance

TEXTS = [
    ["verify", "my", "phone"],
    ["verify", "code"],
    ["connects", "connect"],
    ["verification", "80", "verified"],
]
SPELLER = Speller(
    TEXTS, {"the": 1, "my": 2, "ate": 600, "worth": 900, "photo": 1200, "sour": 5000, "como": 9000}
)


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("verfy", "verify"),
        ("verifyy", "verify"),
        ("veirfy", "verify"),
        ("phome", "phone"),
        ("verifcatoin", "verification"),
        ("conetcs", "connects"),
        ("vorth", "worth"),
    ],
)
def test_a_mistyped_word_is_corrected_to_a_known_one(typed: str, mended: str) -> None:
    assert SPELLER.correct([typed]) == (mended,)


@pytest.mark.parametrize(
    "word",
    [
        "phone",  # known
        "joke",  # nothing like it is known
        "co",  # too short to judge
        "8od",  # not only letters
        "code2",  # not only letters
        "phneo",  # two slips in a short word
        "sour",  # an everyday word, though four is near
        "sourphoto",  # two words, neither of the phrasings
        "zzzzphone",  # half of it is no word
        "codeate",  # a short half that is beside the other in no phrasing
        "vr",  # no word of the phrasings has just these consonants
    ],
)
def test_other_words_are_unchanged(word: str) -> None:
    assert SPELLER.correct([word]) == (word,)


@pytest.mark.parametrize(
    ("typed", "meant"), [("vrfy", "verify"), ("phn", "phone"), ("cd", "code")]
)
def test_consonants_alone_stand_for_a_word_of_the_phrasings(typed: str, meant: str) -> None:
    assert SPELLER.correct([typed]) == (meant,)


def test_of_two_words_with_the_same_consonants_the_frequent_one_is_meant() -> None:
    assert Speller([["cent"], ["count"], ["count"]], {}).correct(["cnt"]) == ("count",)


@pytest.mark.parametrize(
    ("words", "share"),
    [
        (["verify", "the", "xyz", "como"], 0.5),  # "como" is too rare to be told from Spanish
        (["40", "code"], 1.0),
        (["40"], 1.0),
        ([], 1.0),
    ],
)
def test_known_words_are_counted_without_numbers(words: list[str], share: float) -> None:
    assert SPELLER.share_known(words) == share


def test_of_two_equally_near_words_the_frequent_one_wins() -> None:
    speller = Speller([["rate", "date", "date"]], {})

    assert speller.correct(["bate"]) == ("date",)


def test_of_two_equally_frequent_words_the_first_in_the_alphabet_wins() -> None:
    assert Speller([["rate", "date"]], {}).correct(["bate"]) == ("date",)


def test_the_phrasings_own_words_win_over_everyday_ones() -> None:
    assert Speller([["rate"]], {"date": 1}).correct(["bate"]) == ("rate",)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (["myphone", "code"], ["my", "phone", "code"]),  # ran together
        (["worthcode"], ["worth", "code"]),
        (["con", "nects"], ["connects"]),  # fell apart
        (["veri", "fied"], ["verified"]),
        (["my", "phone"], ["my", "phone"]),  # both halves are good
        (["xx", "yy"], ["xx", "yy"]),
        (["xx"], ["xx"]),
    ],
)
def test_a_missing_or_extra_space_is_corrected(typed: list[str], read: list[str]) -> None:
    assert list(SPELLER.correct(typed)) == read


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
def test_distance_counts_edits_and_a_transposition_as_one(
    left: str, right: str, expected: int
) -> None:
    assert distance(left, right) == expected


def test_only_a_limited_number_of_unknown_words_is_corrected() -> None:
    unknown = [f"phome{chr(97 + place)}" for place in range(MOST_MENDED)]

    read = SPELLER.correct([*unknown, "verfy", unknown[0]])

    assert read[MOST_MENDED] == "verfy"
    assert read[0] == read[-1]


def test_an_overlong_word_is_not_corrected() -> None:
    assert SPELLER.correct(["myphone" + "e" * LONGEST]) == ("myphone" + "e" * LONGEST,)
