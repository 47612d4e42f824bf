"""Principal component analysis: keeps of embeddings what tells phrasings apart.

All vectors of some encoders point much the same way, and what sets a question in another language
apart from English phrasings lies mostly outside of the components in which these differ.
"""

from dataclasses import dataclass

import numpy as np

from knowledge.semantic.ridge import Floats

COMPONENTS = 100
"""Of 384 dimensions; on the development sets 80 to 200 perform alike."""
ENOUGH = 3 * COMPONENTS
"""With fewer phrasings, all dimensions are kept: a few span no subspace that questions share."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Subtracts the mean and keeps the principal components, scaled to length 1."""

    mean: Floats
    basis: Floats
    """Columns are the components kept, shape (dimensions, components)."""

    def of(self, vectors: Floats) -> Floats:
        """Project one vector, or each row of a matrix."""
        projected = np.einsum("...i,ij->...j", vectors - self.mean, self.basis)
        length = np.linalg.norm(projected, axis=-1, keepdims=True)
        return np.asarray(projected / np.maximum(length, 1e-6), dtype=np.float32)


def fitted_projection(vectors: Floats) -> Projection:
    """Fit to the embeddings of phrasings, which are rows."""
    mean = vectors.mean(axis=0)
    centred = vectors - mean
    _, components = np.linalg.eigh(centred.T @ centred)
    kept = COMPONENTS if len(vectors) >= ENOUGH else len(components)
    return Projection(mean, np.ascontiguousarray(components[:, -kept:]))
