"""Semantic index: fits the phrasings of a library and scores questions by embeddings.

Embeddings of phrasings are stored in a file, keyed by a hash of their text, so that a start
computes none of them and an edit only those that changed.
"""

import hashlib
import logging
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from knowledge.cache import write_atomically
from knowledge.model import DEFAULT_LANGUAGE
from knowledge.semantic.embeddings import SentenceEncoder
from knowledge.semantic.projection import Projection, fitted_projection
from knowledge.semantic.ridge import Floats, KernelRidge, fitted
from knowledge.tokens import normalise

log = logging.getLogger(__name__)

Arrays: TypeAlias = Mapping[str, NDArray[np.generic]]


def recall(file: Path) -> Arrays:
    """Arrays from an .npz file; empty if it is missing or unreadable."""
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, EOFError, TypeError, zipfile.BadZipFile) as error:
        log.warning("%s can't be read and is made anew: %s", file, error)
        return {}


def remember(file: Path, arrays: Arrays) -> None:
    """Write an .npz file atomically; a failure is logged and costs time at the next start."""
    write_atomically(file, lambda made: np.savez(made, allow_pickle=False, **dict(arrays)))


MOST_KEPT = 20_000
"""Most vectors in the file: those of the last library first, then the newest others."""


class Encoder(Protocol):
    """Sentence embeddings; thread-safe."""

    @property
    def name(self) -> str:
        """Names the file of vectors; another one for whatever gives other vectors."""

    def wait(self) -> None:
        """Wait until the model is loaded; loads it if that didn't begin."""

    def vector(self, text: str) -> Floats:
        """Embedding of a normalised text, length 1."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A model fitted to the phrasings of one library."""

    key: bytes
    """Hash of the phrasings."""
    head: KernelRidge
    projection: Projection | None


class FittedEncoder:
    """A fitted model with its encoder: scores a question for every entry of one library."""

    def __init__(self, encoder: Encoder, fit: Fit) -> None:
        self._encoder = encoder
        self._fit = fit

    @property
    def typical(self) -> float:
        return self._fit.head.typical

    def scores(self, text: str) -> Sequence[float]:
        vector = self._encoder.vector(text)
        projection = self._fit.projection
        return self._fit.head.scores(projection.of(vector) if projection else vector)


class SemanticIndex:
    """The fitted models of one encoder, by language, and all vectors computed so far."""

    def __init__(self, encoder: Encoder, folder: Path | None, *, projects: bool = False) -> None:
        """`folder`: where vectors are stored; None: in memory only.

        `projects`: whether vectors are projected on their principal components.
        """
        self._encoder = encoder
        self._folder = folder
        self._projects = projects
        self._learning = Lock()
        self._vectors: dict[bytes, NDArray[np.float16]] = {}
        """float16 as in the file, so that results do not depend on whether the file exists."""
        self._fits: dict[str, Fit | None] = {}
        """By language; None after a file without a fit was read."""

    def learnt(
        self,
        entries: Sequence[Sequence[str]],
        unanswered: Sequence[str] = (),
        language: str = DEFAULT_LANGUAGE,
    ) -> FittedEncoder:
        """Fit the phrasings of each entry (at least one each), or reuse the last fit."""
        asked = [*entries, unanswered]
        texts = [normalise(text) for phrasings in asked for text in phrasings]
        owners = [number for number, phrasings in enumerate(asked) for _ in phrasings]
        digests = [hashlib.sha256(text.encode()).digest()[:16] for text in texts]
        shape = repr((owners, len(unanswered)))
        key = hashlib.sha256(b"".join(digests) + shape.encode()).digest()
        with self._learning:
            fit = self._last(language)
            if fit is None or fit.key != key:
                probed = len(texts) - len(unanswered)
                self._encode(dict(zip(digests, texts, strict=True)))
                fit = self._fitted(key, digests, owners, probed)
                self._fits[language] = fit
                self._remember(language, digests, fit)
            return FittedEncoder(self._encoder, fit)

    def wait(self) -> None:
        """Wait until the model is loaded; loads it if that didn't begin."""
        self._encoder.wait()

    def _encode(self, texts: Mapping[bytes, str]) -> None:
        new = [digest for digest in texts if digest not in self._vectors]
        with ThreadPoolExecutor() as pool:
            vectors = pool.map(self._encoder.vector, map(texts.__getitem__, new))
            self._vectors |= zip(new, (one.astype(np.float16) for one in vectors), strict=True)

    def _fitted(
        self, key: bytes, digests: Sequence[bytes], owners: Sequence[int], probed: int
    ) -> Fit:
        vectors = self._stacked(digests)
        projection = fitted_projection(vectors) if self._projects else None
        projected = projection.of(vectors) if projection else vectors
        return Fit(key, fitted(projected, owners, probed), projection)

    def _file(self, language: str) -> Path | None:
        return self._folder / f"{self._encoder.name}-{language}.npz" if self._folder else None

    def _remember(self, language: str, digests: Sequence[bytes], fit: Fit) -> None:
        file = self._file(language)
        if file is None:
            return
        used = dict.fromkeys(digests)
        others = (one for one in reversed(self._vectors) if one not in used)
        kept = [*used, *islice(others, max(0, MOST_KEPT - len(used)))]
        projection = fit.projection
        remember(
            file,
            {
                "digests": np.frombuffer(b"".join(kept), dtype=np.uint8).reshape(-1, 16),
                "vectors": np.array([self._vectors[one] for one in kept]),
                "key": np.frombuffer(fit.key, dtype=np.uint8),
                "order": np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(-1, 16),
                "weights": fit.head.weights,
                "typical": np.array(fit.head.typical),
                **({"mean": projection.mean, "basis": projection.basis} if projection else {}),
            },
        )

    def _last(self, language: str) -> Fit | None:
        """The language's last fit, at first the one in its file."""
        if language not in self._fits:
            file = self._file(language)
            stored = recall(file) if file else {}
            self._fits[language] = self._recalled(stored) if stored else None
        return self._fits[language]

    def _recalled(self, stored: Arrays) -> Fit:
        names = (digest.tobytes() for digest in stored["digests"])
        self._vectors |= zip(names, stored["vectors"], strict=True)
        vectors = self._stacked([digest.tobytes() for digest in stored["order"]])
        projection = (
            Projection(_floats(stored["mean"]), _floats(stored["basis"]))
            if self._projects
            else None
        )
        projected = projection.of(vectors) if projection else vectors
        head = KernelRidge(projected, _floats(stored["weights"]), float(stored["typical"]))
        return Fit(stored["key"].tobytes(), head, projection)

    def _stacked(self, digests: Sequence[bytes]) -> Floats:
        return np.array([self._vectors[digest] for digest in digests], dtype=np.float32)


class EnglishIndex(SemanticIndex):
    """The semantic index by MiniLM, whose vocabulary tells English words from misspelt ones."""

    def __init__(self, folder: Path | None) -> None:
        self._sentences = SentenceEncoder()
        super().__init__(self._sentences, folder)

    def knows(self, word: str) -> bool:
        """Whether the word is frequent enough to be one piece of the model's vocabulary."""
        return self._sentences.has_piece(word)


def _floats(stored: NDArray[np.generic]) -> Floats:
    return stored.astype(np.float32)
