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


def test_everyday_words_are_ranked_by_frequency() -> None:
    assert frequency_ranks("en")["the"] == 1
    assert frequency_ranks("en")["dog"] < frequency_ranks("en")["gym"]


def test_other_languages_have_no_list() -> None:
    assert frequency_ranks("de") == {}


@pytest.mark.parametrize("text", ["brew tea", "leaves", "the page of my site", "40 2026", ""])
def test_known_and_common_words_leave_the_factor_at_one(text: str) -> None:
    assert TEA.factor(stemmed(text)) == 1
    assert TEA.unknown(stemmed(text)) == ()


def test_a_word_of_another_subject_lowers_the_factor() -> None:
    foreign = stemmed("brew tea spotify gym")

    assert TEA.unknown(foreign) == ("spotify", "gym")
    assert 0 < TEA.factor(foreign) < TEA.factor(stemmed("brew tea spotify")) < 1


def test_one_unknown_word_among_many_known_ones_lowers_the_factor_less() -> None:
    short, long = stemmed("spotify tea"), stemmed("spotify tea brew green leaves twice")

    assert TEA.factor(short) < TEA.factor(long)


def test_in_a_varied_library_unknown_words_do_not_lower_the_factor() -> None:
    varied = Familiarity(
        [stemmed("brew tea"), stemmed("bake bread")], set(), frequency_ranks("en")
    )

    assert varied.unknown(stemmed("spotify")) == ("spotify",)
    assert varied.factor(stemmed("spotify")) == 1


def test_without_phrasings_the_factor_is_one() -> None:
    assert Familiarity([], set(), frequency_ranks("en")).factor(stemmed("spotify")) == 1
