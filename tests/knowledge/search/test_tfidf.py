import pytest

from knowledge.search.tfidf import MOST_LOOKED_UP, Features, Postings, Vector, centroid, idf

ONE = Features(["tea", "hot"], ["_te"])
TWO = Features(["tea"], ["_te", "_ea"])
WEIGHING = idf([["tea", "hot", "_te"], ["tea", "_te", "_ea"]], 2)


def length(vector: Vector) -> float:
    return sum(weight * weight for weight in vector.weights)


def weights_of(vector: Vector) -> dict[str, float]:
    return dict(zip(vector.names, vector.weights, strict=True))


def test_a_vector_has_length_one() -> None:
    assert length(WEIGHING.vector(ONE)) == pytest.approx(1)


def test_rare_features_weigh_more() -> None:
    weights = weights_of(WEIGHING.vector(ONE))

    assert weights["hot"] > weights["tea"]


def test_unknown_features_lower_the_weights_of_known_ones() -> None:
    known = weights_of(WEIGHING.vector(Features(["tea"], [])))
    diluted = weights_of(WEIGHING.vector(Features(["tea", "spaceship"], [])))

    assert diluted["tea"] < known["tea"]


def test_an_empty_text_has_an_empty_vector() -> None:
    assert WEIGHING.vector(Features([], [])) == Vector([], [])


def test_combined_idf_weights_are_multiplied() -> None:
    squared = WEIGHING.times(WEIGHING)

    before, after = weights_of(WEIGHING.vector(ONE)), weights_of(squared.vector(ONE))
    assert after["hot"] / after["tea"] == pytest.approx((before["hot"] / before["tea"]) ** 2)


def test_dot_products_are_in_the_order_of_the_vectors() -> None:
    postings = Postings.of([WEIGHING.vector(ONE), WEIGHING.vector(TWO)])

    same, other = postings.products(WEIGHING.vector(ONE))

    assert same == pytest.approx(1)
    assert 0 < other < 1


def test_an_empty_index_has_no_dot_products() -> None:
    assert Postings.of([]).products(WEIGHING.vector(ONE)) == []


def test_a_centroid_has_length_one_and_lies_between_its_vectors() -> None:
    middle = centroid([WEIGHING.vector(ONE), WEIGHING.vector(TWO)])

    assert length(middle) == pytest.approx(1)
    assert set(middle.names) == {"tea", "hot", "_te", "_ea"}


def test_features_beyond_the_budget_are_not_looked_up_most_common_first() -> None:
    rare, common = Vector(["rare"], [1.0]), Vector(["common"], [1.0])
    both = Vector(["common", "rare"], [1.0, 1.0])
    few = Postings.of([*[common] * (MOST_LOOKED_UP - 1), rare])
    many = Postings.of([*[common] * MOST_LOOKED_UP, rare])

    assert sum(few.products(both)) == MOST_LOOKED_UP
    assert sum(many.products(both)) == 1
