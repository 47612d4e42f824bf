import pytest

from knowledge.search.tfidf import MOST_LOOKED_UP, Features, Postings, Vector, centroid, idf

ONE = Features(["tea", "hot"], ["_te"])
TWO = Features(["tea"], ["_te", "_ea"])
WEIGHING = idf([["tea", "hot", "_te"], ["tea", "_te", "_ea"]], 2)


def length(vector: Vector) -> float:
    return sum(weight * weight for weight in vector.weights)


def weights_of(vector: Vector) -> dict[str, float]:
    return dict(zip(vector.names, vector.weights, strict=True))


def test_a_vector_is_of_length_one() -> None:
    assert length(WEIGHING.vector(ONE)) == pytest.approx(1)


def test_what_few_texts_have_weighs_more() -> None:
    weights = weights_of(WEIGHING.vector(ONE))

    assert weights["hot"] > weights["tea"]


def test_unknown_features_make_the_known_ones_lighter() -> None:
    known = weights_of(WEIGHING.vector(Features(["tea"], [])))
    diluted = weights_of(WEIGHING.vector(Features(["tea", "spaceship"], [])))

    assert diluted["tea"] < known["tea"]


def test_an_empty_text_is_an_empty_vector() -> None:
    assert WEIGHING.vector(Features([], [])) == Vector([], [])


def test_two_weighings_at_once_multiply() -> None:
    squared = WEIGHING.times(WEIGHING)

    before, after = weights_of(WEIGHING.vector(ONE)), weights_of(squared.vector(ONE))
    assert after["hot"] / after["tea"] == pytest.approx((before["hot"] / before["tea"]) ** 2)


def test_products_stand_in_the_order_of_the_vectors() -> None:
    postings = Postings.of([WEIGHING.vector(ONE), WEIGHING.vector(TWO)])

    same, other = postings.products(WEIGHING.vector(ONE))

    assert same == pytest.approx(1)
    assert 0 < other < 1


def test_nothing_has_no_products() -> None:
    assert Postings.of([]).products(WEIGHING.vector(ONE)) == []


def test_a_centre_is_of_length_one_and_between_its_vectors() -> None:
    middle = centroid([WEIGHING.vector(ONE), WEIGHING.vector(TWO)])

    assert length(middle) == pytest.approx(1)
    assert set(middle.names) == {"tea", "hot", "_te", "_ea"}


def test_beyond_the_budget_what_most_texts_have_is_not_looked_up() -> None:
    rare, common = Vector(["rare"], [1.0]), Vector(["common"], [1.0])
    both = Vector(["common", "rare"], [1.0, 1.0])
    few = Postings.of([*[common] * (MOST_LOOKED_UP - 1), rare])
    many = Postings.of([*[common] * MOST_LOOKED_UP, rare])

    assert sum(few.products(both)) == MOST_LOOKED_UP
    assert sum(many.products(both)) == 1
