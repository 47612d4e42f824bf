"""A small sentence encoder in a folder of the usual form: it knows two words."""

import json
from pathlib import Path

from onnx import NodeProto, TensorProto, save
from onnx.helper import (
    make_graph,
    make_model,
    make_node,
    make_opsetid,
    make_tensor,
    make_tensor_value_info,
)

WORDS = {"[UNK]": 0, "tea": 1, "bread": 2}
TABLE = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0]
LOOKED_UP = make_node("Gather", ["table", "input_ids"], ["last_hidden_state"], axis=0)


def write(
    folder: Path,
    *nodes: NodeProto,
    inputs: tuple[str, ...] = ("input_ids",),
    outputs: tuple[str, ...] = ("last_hidden_state",),
) -> Path:
    """A model that looks up two numbers for each word, and its tokenizer."""
    table = make_tensor("table", TensorProto.FLOAT, [3, 2], TABLE)
    one = make_tensor("one", TensorProto.INT64, [1], [1])
    taken = [make_tensor_value_info(name, TensorProto.INT64, [1, "n"]) for name in inputs]
    given = [make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
    graph = make_graph(list(nodes), "small", taken, given, [table, one])
    save(
        make_model(graph, opset_imports=[make_opsetid("", 18)], ir_version=10),
        str(folder / "model.onnx"),
    )
    vocabulary = {"type": "WordLevel", "vocab": WORDS, "unk_token": "[UNK]"}
    (folder / "tokenizer.json").write_text(
        json.dumps({"model": vocabulary, "pre_tokenizer": {"type": "Whitespace"}}),
        encoding="utf-8",
    )
    return folder
