"""Semantic index: fits the phrasings of a library and scores questions by embeddings.

Embeddings of phrasings are stored in a file, keyed by a hash of their text, so that a start
computes none of them and an edit only those that changed.
"""

import hashlib
import logging
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from knowledge.cache import write_atomically
from knowledge.semantic.embeddings import NAME, SentenceEncoder
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


class FittedEncoder:
    """A fitted model with its encoder: scores a question for every entry of one library."""

    def __init__(self, sentences: SentenceEncoder, head: KernelRidge) -> None:
        self._sentences = sentences
        self._head = head

    @property
    def typical(self) -> float:
        return self._head.typical

    def scores(self, text: str) -> Sequence[float]:
        return self._head.scores(self._sentences.vector(text))


class SemanticIndex:
    """The semantic ranker of a process: the encoder, and all vectors computed so far."""

    def __init__(self, folder: Path | None) -> None:
        """`folder`: where vectors are stored; None: in memory only."""
        self._sentences = SentenceEncoder()
        self._file = folder / f"{NAME}.npz" if folder else None
        self._learning = Lock()
        self._vectors: dict[bytes, NDArray[np.float16]] = {}
        """float16 as in the file, so that results do not depend on whether the file exists."""
        self._heads: dict[bytes, KernelRidge] = {}
        if self._file:
            self._recall(self._file)

    def knows(self, word: str) -> bool:
        """Whether the word is frequent enough to be one piece of the model's vocabulary."""
        return self._sentences.has_piece(word)

    def learnt(
        self, entries: Sequence[Sequence[str]], unanswered: Sequence[str] = ()
    ) -> FittedEncoder:
        """Fit the phrasings of each entry (at least one each), or reuse the last fit."""
        asked = [*entries, unanswered]
        texts = [normalise(text) for phrasings in asked for text in phrasings]
        owners = [number for number, phrasings in enumerate(asked) for _ in phrasings]
        digests = [hashlib.sha256(text.encode()).digest()[:16] for text in texts]
        shape = repr((owners, len(unanswered)))
        key = hashlib.sha256(b"".join(digests) + shape.encode()).digest()
        with self._learning:
            if key not in self._heads:
                probed = len(texts) - len(unanswered)
                self._learn(key, dict(zip(digests, texts, strict=True)), digests, owners, probed)
            self._sentences.wait()
            return FittedEncoder(self._sentences, self._heads[key])

    def _learn(
        self,
        key: bytes,
        texts: dict[bytes, str],
        digests: list[bytes],
        owners: list[int],
        probed: int,
    ) -> None:
        new = [digest for digest in texts if digest not in self._vectors]
        with ThreadPoolExecutor() as pool:
            vectors = pool.map(self._sentences.vector, map(texts.__getitem__, new))
            self._vectors |= zip(new, (one.astype(np.float16) for one in vectors), strict=True)
        self._heads = {key: fitted(self._stacked(digests), owners, probed)}
        others = (one for one in reversed(self._vectors) if one not in texts)
        kept = [*texts, *islice(others, max(0, MOST_KEPT - len(texts)))]
        if self._file:
            remember(
                self._file,
                {
                    "digests": np.frombuffer(b"".join(kept), dtype=np.uint8).reshape(-1, 16),
                    "vectors": np.array([self._vectors[one] for one in kept]),
                    "key": np.frombuffer(key, dtype=np.uint8),
                    "order": np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(-1, 16),
                    "weights": self._heads[key].weights,
                    "typical": np.array(self._heads[key].typical),
                },
            )

    def _recall(self, file: Path) -> None:
        stored = recall(file)
        if not stored:
            return
        names = (digest.tobytes() for digest in stored["digests"])
        self._vectors = dict(zip(names, stored["vectors"], strict=True))
        vectors = self._stacked([digest.tobytes() for digest in stored["order"]])
        head = KernelRidge(vectors, stored["weights"].astype(np.float32), float(stored["typical"]))
        self._heads = {stored["key"].tobytes(): head}

    def _stacked(self, digests: Sequence[bytes]) -> Floats:
        return np.array([self._vectors[digest] for digest in digests], dtype=np.float32)
