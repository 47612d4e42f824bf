"""Sentence embeddings by a model of the operator's, from a folder of the usual form.

`model.onnx` takes `input_ids` and mostly `attention_mask` and `token_type_ids`, and gives the
states of the pieces (`last_hidden_state`) or one vector (`sentence_embedding`).
`tokenizer.json` is read by the library `tokenizers`.
"""

from hashlib import blake2b
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from knowledge.semantic.embeddings import EncoderError, session_options
from knowledge.semantic.ridge import Floats

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
MOST_PIECES = 48
"""Word pieces that are read of a text."""
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_WHOLE = "sentence_embedding"


class FolderEncoder:
    """Sentence embeddings; thread-safe."""

    def __init__(self, folder: Path) -> None:
        """Load the model and try it. EncoderError says what the folder lacks."""
        self._pieces = _tokenizer(folder / TOKENIZER)
        self._session = _session(folder / MODEL)
        self._inputs = [one.name for one in self._session.get_inputs()]
        if not {"input_ids"} <= set(self._inputs) <= set(_INPUTS):
            raise EncoderError(f"{MODEL} takes {', '.join(self._inputs)}, not {_INPUTS[0]}")
        names = [one.name for one in self._session.get_outputs()]
        self._output = _WHOLE if _WHOLE in names else names[0]
        self.name = f"encoder-{_mark(folder)}"
        if self.vector("hello").ndim != 1:
            raise EncoderError(f"{MODEL} gives neither states of pieces nor one vector")

    def wait(self) -> None:
        """The model is loaded."""

    def vector(self, text: str) -> Floats:
        """Embedding of a text: the model's own, or the mean of the states; length 1."""
        ids = np.array([self._pieces.encode(text).ids], dtype=np.int64)
        given = dict(zip(_INPUTS, (ids, np.ones_like(ids), np.zeros_like(ids)), strict=True))
        inputs = {name: given[name] for name in self._inputs}
        (found,) = self._session.run([self._output], inputs)
        vector = found[0].mean(axis=0) if found.ndim > len(("text", "number")) else found[0]
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-6), dtype=np.float32)


def _tokenizer(file: Path) -> Tokenizer:
    try:
        made = Tokenizer.from_file(str(file))
    except Exception as error:  # noqa: BLE001 - the library raises nothing more specific
        raise EncoderError(f"{file} can't be read: {error}") from None
    made.no_padding()
    made.enable_truncation(MOST_PIECES)
    return made


def _session(file: Path) -> onnxruntime.InferenceSession:
    try:
        return onnxruntime.InferenceSession(
            str(file), session_options(), providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # noqa: BLE001 - the library's errors have no common class
        raise EncoderError(f"{file} can't be loaded: {error}") from None


def _mark(folder: Path) -> str:
    """Another one for whatever another model would be."""
    stats = [(folder / name).stat() for name in (MODEL, TOKENIZER)]
    traces = [(one.st_size, one.st_mtime_ns) for one in stats]
    return blake2b(repr((str(folder.resolve()), traces)).encode(), digest_size=8).hexdigest()
