import pytest

from knowledge.semantic.onnx_int8 import (
    UnexpectedModelError,
    delimited,
    fields,
    integer,
    kept_quantised,
    texts,
)


def node(kind: str, inputs: str, output: str, *attributes: bytes) -> bytes:
    named = [delimited(1, one.encode()) for one in inputs.split()]
    said = [delimited(5, one) for one in attributes]
    return b"".join([*named, delimited(2, output.encode()), delimited(4, kind.encode()), *said])


def tensor(name: str, *sizes: int) -> bytes:
    return b"".join([*(integer(1, size) for size in sizes), delimited(8, name.encode())])


def model(nodes: list[bytes], *tensors: bytes) -> bytes:
    graph = [*(delimited(1, one) for one in nodes), *(delimited(5, one) for one in tensors)]
    return integer(1, 10) + delimited(7, *graph, delimited(2, b"name"))


UNFOLDED = [
    node("Cast", "w_q", "w_f"),
    node("Mul", "w_f w_scale", "w"),
    node("Cast", "e_q", "e_f"),
    node("Mul", "e_f e_scale", "e"),
]
AXIS = delimited(1, b"axis")


def rewritten(*nodes: bytes) -> tuple[list[tuple[str, list[str], list[str]]], bytes]:
    made = kept_quantised(
        model([*UNFOLDED, *nodes], tensor("w_scale", 1, 384), tensor("e_scale", 9, 1))
    )
    (graph,) = [one.value for one in fields(made) if one.number == 7]
    parts = [list(fields(one.value)) for one in fields(graph) if one.number == 1]
    return [(texts(one, 4)[0], texts(one, 1), texts(one, 2)) for one in parts], made


def test_matrices_are_multiplied_and_rows_are_looked_up_as_int8() -> None:
    found, _ = rewritten(
        node("Gather", "e ids", "rows", AXIS), node("MatMul", "rows w", "product")
    )

    assert found == [
        ("Gather", ["e_q", "ids"], ["rows.numbers"]),
        ("Gather", ["e_scale", "ids"], ["rows.scale"]),
        ("Cast", ["rows.numbers"], ["rows.floats"]),
        ("Mul", ["rows.floats", "rows.scale"], ["rows"]),
        ("DynamicQuantizeMatMul", ["rows", "w_q", "w_scale"], ["product"]),
    ]


def test_attributes_and_everything_else_are_kept() -> None:
    found, made = rewritten(
        node("Gather", "e ids", "rows", AXIS),
        node("MatMul", "rows w", "product"),
        node("Mul", "product product", "square"),
        node("MatMul", "square product", "end"),
    )

    assert found[-2:] == [
        ("Mul", ["product", "product"], ["square"]),
        ("MatMul", ["square", "product"], ["end"]),
    ]
    assert made.count(delimited(5, AXIS)) == 2
    assert made.endswith(delimited(8, delimited(1, b"com.microsoft") + integer(2, 1)))


def test_only_a_scale_of_one_row_becomes_a_list() -> None:
    _, made = rewritten(node("MatMul", "x w", "product"))

    assert delimited(5, tensor("w_scale", 384)) in made
    assert delimited(5, tensor("e_scale", 9, 1)) in made


def test_a_model_without_such_matrices_is_refused() -> None:
    with pytest.raises(UnexpectedModelError, match="no int8 matrices"):
        kept_quantised(model([node("MatMul", "x y", "product")]))
