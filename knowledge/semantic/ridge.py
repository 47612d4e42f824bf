"""From vectors of phrasings to scores of entries: kernel ridge regression, in closed form.

Each phrasing is taken as an example of its entry; a question's score for an entry is what the
examples around it say, and falls to nothing far away from all of them. So a subject that no
phrasing touches gets no high score, which the more usual softmax would not promise.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SHARPNESS = 2.5
"""How quickly likeness falls with the angle: on the development sets anything from 2 to 4 does."""
SMOOTHING = 0.1
"""How little a single phrasing is believed against its neighbours; 0.03 to 0.3 are as good."""
PROBES = 200
"""So many phrasings, spread evenly, are asked how their entry scores without them."""


@dataclass(frozen=True, slots=True)
class Head:
    vectors: Floats
    """Of the phrasings, a row each, of length 1."""
    weights: Floats
    """By phrasing and entry."""
    typical: float
    """What half the phrasings score at least for their own entry, each one left out in turn."""

    def scores(self, vector: Floats) -> list[float]:
        """By entry, mostly from 0 to 1.

        Not with `@`, which would wake all cores for a tenth of a millisecond's work.
        """
        likeness = _likeness(np.einsum("ij,j->i", self.vectors, vector))
        return [float(score) for score in np.einsum("i,ij->j", likeness, self.weights)]


def fitted(vectors: Floats, owners: Sequence[int], probed: int | None = None) -> Head:
    """`owners` says for each phrasing which entry it belongs to, from 0 without gaps.

    The first `probed` phrasings, or all of them, say what is typical.
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
    return Head(vectors, np.ascontiguousarray(weights), float(np.median(without)))


def _likeness(products: Floats) -> Floats:
    """From near 0 to 1, for the same direction; in place, because there may be millions."""
    products -= 1
    products *= SHARPNESS
    return np.exp(products, out=products)
