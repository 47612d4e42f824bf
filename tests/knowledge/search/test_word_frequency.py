import pytest

from knowledge.search.word_frequency import Familiarity, frequency_ranks


def stemmed(text: str) -> list[tuple[str, str]]:
    """Each word is its own stem."""
    return [(word, word) for word in text.split()]


TEA = Familiarity(
    [stemmed("how do i brew green tea"), stemmed("brew green tea twice")] * 2,
    {"leaves"},
    frequency_ranks("en"),
)


def test_everyday_words_come_most_frequent_first() -> None:
    assert frequency_ranks("en")["the"] == 1
    assert frequency_ranks("en")["dog"] < frequency_ranks("en")["gym"]


def test_other_languages_have_no_list() -> None:
    assert frequency_ranks("de") == {}


@pytest.mark.parametrize("text", ["brew tea", "leaves", "the page of my site", "40 2026", ""])
def test_known_and_common_words_change_nothing(text: str) -> None:
    assert TEA.factor(stemmed(text)) == 1
    assert TEA.unknown(stemmed(text)) == ()


def test_a_word_of_another_subject_lowers_the_factor() -> None:
    foreign = stemmed("brew tea spotify gym")

    assert TEA.unknown(foreign) == ("spotify", "gym")
    assert 0 < TEA.factor(foreign) < TEA.factor(stemmed("brew tea spotify")) < 1


def test_among_many_known_words_one_foreign_word_says_less() -> None:
    short, long = stemmed("spotify tea"), stemmed("spotify tea brew green leaves twice")

    assert TEA.factor(short) < TEA.factor(long)


def test_where_every_phrasing_brings_new_words_an_unknown_one_says_nothing() -> None:
    varied = Familiarity(
        [stemmed("brew tea"), stemmed("bake bread")], set(), frequency_ranks("en")
    )

    assert varied.unknown(stemmed("spotify")) == ("spotify",)
    assert varied.factor(stemmed("spotify")) == 1


def test_without_phrasings_nothing_is_lowered() -> None:
    assert Familiarity([], set(), frequency_ranks("en")).factor(stemmed("spotify")) == 1
