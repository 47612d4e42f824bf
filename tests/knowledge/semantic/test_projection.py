from typing import Any

import pytest

np = pytest.importorskip("numpy")
projection = pytest.importorskip("knowledge.semantic.projection")

DIMENSIONS = 2 * projection.COMPONENTS


def vectors(count: int) -> Any:
    """Unit vectors around a common direction; they differ in half of their dimensions."""
    made = np.random.default_rng(1).normal(size=(count, DIMENSIONS)).astype(np.float32)
    made[:, DIMENSIONS // 2 :] = 3
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True))


def test_what_all_vectors_share_is_taken_out() -> None:
    given = vectors(projection.ENOUGH)

    projected = projection.fitted_projection(given).of(given)

    assert (given @ given.T).mean() > 0.8
    assert abs((projected @ projected.T).mean()) < 0.1


def test_a_direction_in_which_no_phrasings_differ_changes_nothing() -> None:
    given = vectors(projection.ENOUGH)
    fitted = projection.fitted_projection(given)
    abroad = given[0].copy()
    abroad[-1] += 0.2

    assert fitted.of(abroad) @ fitted.of(given[0]) > 0.99


@pytest.mark.parametrize(
    ("count", "kept"),
    [(projection.ENOUGH, projection.COMPONENTS), (projection.ENOUGH - 1, DIMENSIONS), (1, 200)],
)
def test_a_few_phrasings_keep_all_dimensions(count: int, kept: int) -> None:
    assert projection.fitted_projection(vectors(count)).basis.shape == (DIMENSIONS, kept)


def test_a_vector_alone_is_projected_like_one_of_many() -> None:
    given = vectors(projection.ENOUGH)
    fitted = projection.fitted_projection(given)

    assert fitted.of(given[3]) == pytest.approx(fitted.of(given)[3], abs=1e-6)
    assert np.linalg.norm(fitted.of(given), axis=1) == pytest.approx(1, abs=1e-5)


def test_the_mean_itself_has_a_vector_too() -> None:
    given = vectors(9)
    fitted = projection.fitted_projection(given)

    assert np.isfinite(fitted.of(fitted.mean)).all()
