import pytest

from knowledge.index import Entry, Index

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


def test_an_entrys_own_words_score_higher_than_anything_else() -> None:
    own, other = INDEX.rank("how do I cook soup").ranked[:2]

    assert own.score == pytest.approx(1)
    assert other.score < 0.5


def test_what_shares_nothing_scores_nothing_and_is_ranked_by_name() -> None:
    ranking = INDEX.rank("xyzzy").ranked

    assert [(one.id, one.score) for one in ranking] == [
        ("bread", 0),
        ("soup", 0),
        ("tea", 0),
    ]


def test_nothing_typed_is_nothing_found() -> None:
    assert {one.score for one in INDEX.rank("").ranked} == {0}


def test_foreign_words_lower_the_score() -> None:
    plain = INDEX.rank("brew tea").ranked[0]
    foreign = INDEX.rank("brew tea zeppelin zanzibar").ranked[0]

    assert foreign.score < plain.score


def test_the_same_question_always_gets_the_same_ranking() -> None:
    assert INDEX.rank("green bread") == INDEX.rank("green bread")


def test_an_index_of_nothing_finds_nothing() -> None:
    assert Index([], "en").rank("tea").ranked == ()
