import pytest

from knowledge.search.index import Entry, Index

INDEX = Index(
    [
        Entry(id="tea", phrasings=("how do I brew green tea", "why is my tea bitter")),
        Entry(id="bread", phrasings=("how do I bake bread", "which flour for black bread")),
        Entry(id="soup", phrasings=("how do I cook soup",)),
    ],
    "en",
)


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("brewing tea", "tea"),
        ("my tea tastes bitter", "tea"),
        ("what flour do I need", "bread"),
        ("COOK SOUP!", "soup"),
        ("how do I beak braed", "bread"),
    ],
)
def test_the_nearest_entry_comes_first(question: str, best: str) -> None:
    assert INDEX.rank(question).ranked[0].id == best


def test_an_entrys_own_words_score_highest() -> None:
    own, other = INDEX.rank("how do I cook soup").ranked[:2]

    assert own.score == pytest.approx(1)
    assert other.score < 0.5


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("why is green tea bitter", "why is my tea bitter", "how do I brew green tea"),
        ("why is my tea bitter", "why is my tea bitter", "why is my tea bitter"),
        ("how do I cook soup", "how do I cook soup", "how do I cook soup"),
    ],
)
def test_the_two_nearest_phrasings_of_an_entry_are_told(
    question: str, first: str, second: str
) -> None:
    best = INDEX.rank(question).ranked[0]

    assert (best.phrasing, best.next_phrasing) == (first, second)


def test_entries_without_common_words_score_zero_and_are_sorted_by_id() -> None:
    ranking = INDEX.rank("xyzzy").ranked

    assert [(one.id, one.score) for one in ranking] == [
        ("bread", 0),
        ("soup", 0),
        ("tea", 0),
    ]


def test_an_empty_question_matches_nothing() -> None:
    assert {one.score for one in INDEX.rank("").ranked} == {0}


def test_unknown_words_lower_the_score() -> None:
    plain = INDEX.rank("brew tea").ranked[0]
    foreign = INDEX.rank("brew tea zeppelin zanzibar").ranked[0]

    assert foreign.score < plain.score


def test_the_same_question_always_gets_the_same_ranking() -> None:
    assert INDEX.rank("green bread") == INDEX.rank("green bread")


def test_an_empty_index_finds_nothing() -> None:
    assert Index([], "en").rank("tea").ranked == ()


def test_a_phrasing_is_found_verbatim_even_if_its_words_are_common() -> None:
    common = ("how do I get it", "so how do I get it")
    rare = Entry(id="z", phrasings=("do I get it", "nothing like the rest"))
    index = Index([*(Entry(id=f"e{n}", phrasings=common) for n in range(200)), rare], "en")

    assert index.rank("Do I get it?").ranked[0].id == "z"


TEA = Entry(id="tea", phrasings=("how do I brew tea", "brewing tea"))


def test_a_question_listed_as_unanswered_is_not_matched_to_an_entry() -> None:
    asked = "can the tea be brewed by a robot"
    plain = Index([TEA], "en").rank(asked)

    warned = Index([TEA], "en", unanswered=["can tea be brewed by robots"]).rank(asked)

    assert warned.unanswered > warned.ranked[0].score
    assert warned.ranked[0].score < plain.ranked[0].score
    assert plain.unanswered == 0


def test_words_of_unanswered_questions_stay_unknown() -> None:
    index = Index([TEA], "en", unanswered=["weather in Lisbon"])

    assert "lisbon" in index.rank("tea in lisbon").unknown


def test_an_index_of_only_unanswered_questions_finds_nothing() -> None:
    assert Index([], "en", unanswered=["is there a dark mode"]).rank("dark mode").ranked == ()
