import pytest

np = pytest.importorskip("numpy")
head = pytest.importorskip("knowledge.semantic.ridge")

EAST, NORTH, WEST = np.eye(3, dtype=np.float32)
BETWEEN = (EAST + NORTH) / np.sqrt(np.float32(2))
"""Directions; texts that mean the same have nearly the same."""


def test_an_example_scores_highest_for_its_own_entry() -> None:
    fitted = head.fitted(np.array([EAST, NORTH]), [0, 1])

    east, north = fitted.scores(EAST)
    assert east > 0.8
    assert north < 0.1


def test_a_text_between_two_entries_scores_for_both() -> None:
    east, north = head.fitted(np.array([EAST, NORTH]), [0, 1]).scores(BETWEEN)

    assert east == pytest.approx(north)


def test_a_text_far_from_every_example_scores_low() -> None:
    assert max(head.fitted(np.array([EAST, NORTH]), [0, 1]).scores(-EAST)) < 0.2


def test_the_typical_score_is_high_only_for_similar_phrasings() -> None:
    together = head.fitted(np.array([EAST, EAST, NORTH, NORTH]), [0, 0, 1, 1])
    apart = head.fitted(np.array([EAST, NORTH, WEST, -EAST]), [0, 0, 1, 1])

    assert together.typical > 0.7
    assert apart.typical < 0.2


def test_leave_one_out_scores_equal_those_of_training_without_the_example() -> None:
    dice = np.random.default_rng(1)
    vectors = dice.normal(size=(9, 3)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    owners = [0, 0, 0, 1, 1, 1, 2, 2, 2]

    without = [
        head.fitted(np.delete(vectors, place, axis=0), owners[:place] + owners[place + 1 :])
        for place in range(9)
    ]

    own = [one.scores(vectors[place])[owners[place]] for place, one in enumerate(without)]
    assert head.fitted(vectors, owners).typical == pytest.approx(np.median(own), abs=1e-3)


def test_training_is_deterministic() -> None:
    vectors = np.array([EAST, BETWEEN, NORTH])

    assert head.fitted(vectors, [0, 0, 1]).scores(WEST) == head.fitted(vectors, [0, 0, 1]).scores(
        WEST
    )
