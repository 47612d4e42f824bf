"""Kernel ridge regression in closed form: embeddings of phrasings to scores of entries.

Each phrasing is a training example of its entry. The score falls to 0 far from all examples, so a
subject that no phrasing touches scores low, which the more usual softmax does not ensure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SHARPNESS = 2.5
"""Width of the exponential kernel; on the development sets 2 to 4 perform alike."""
SMOOTHING = 0.1
"""Ridge regularisation; 0.03 to 0.3 perform alike."""
PROBES = 200
"""Most phrasings, evenly spread, used for the leave-one-out estimate."""


@dataclass(frozen=True, slots=True)
class KernelRidge:
    """A fitted model."""

    vectors: Floats
    """Embeddings of the phrasings, shape (phrasings, dimensions), rows of length 1."""
    weights: Floats
    """Coefficients, shape (phrasings, entries)."""
    typical: float
    """Median leave-one-out score of the phrasings for their own entry."""

    def scores(self, vector: Floats) -> list[float]:
        """Score per entry, mostly from 0 to 1.

        einsum instead of `@`, which would start all cores for a tenth of a millisecond's work.
        """
        likeness = _likeness(np.einsum("ij,j->i", self.vectors, vector))
        return [float(score) for score in np.einsum("i,ij->j", likeness, self.weights)]


def fitted(vectors: Floats, owners: Sequence[int], probed: int | None = None) -> KernelRidge:
    """Fit a model. `owners`: the entry of each phrasing, numbered from 0 without gaps.

    The leave-one-out median is taken over the first `probed` phrasings, or all of them.
    """
    entries = max(owners) + 1
    rows = np.arange(len(owners))
    examples = np.zeros((len(owners), entries), dtype=np.float32)
    examples[rows, list(owners)] = 1
    probes = rows[:probed][:: max(1, len(rows[:probed]) // PROBES)]
    asked = np.zeros((len(rows), len(probes)), dtype=np.float32)
    asked[probes, np.arange(len(probes))] = 1
    likeness = _likeness(vectors @ vectors.T)
    likeness[rows, rows] += SMOOTHING
    solved = np.linalg.solve(likeness, np.hstack([examples, asked]))
    weights = solved[:, :entries]
    own = weights[probes, np.asarray(owners)[probes]]
    without = 1 - own / solved[probes, entries + np.arange(len(probes))]
    return KernelRidge(vectors, np.ascontiguousarray(weights), float(np.median(without)))


def _likeness(products: Floats) -> Floats:
    """Kernel values from cosine similarities, near 0 to 1; in place, as there may be millions."""
    products -= 1
    products *= SHARPNESS
    return np.exp(products, out=products)
