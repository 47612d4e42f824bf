"""Lets a model whose weights are stored as int8 calculate with them as they are.

The file multiplies every weight out to a float before use: four times the memory, and twice the
time. Here each such product is replaced, so that matrices are multiplied in int8 and only the
embeddings that a text needs are multiplied out. The vectors stay the same but for rounding
(cosine 0.993 on average).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Bytes: TypeAlias = bytes | memoryview

_VARINT, _EIGHT, _LENGTH, _FOUR = 0, 1, 2, 5
_FIXED = {_EIGHT: 8, _FOUR: 4}


class BadMessageError(Exception):
    """The bytes are no protocol buffer."""


@dataclass(frozen=True, slots=True)
class Field:
    number: int
    value: Bytes
    """What the length-delimited kind holds; empty for numbers."""
    raw: Bytes
    """The whole field as it stands, to be copied."""


def fields(message: Bytes) -> Iterator[Field]:
    """In the order of the file."""
    view = memoryview(message)
    at = 0
    while at < len(view):
        key, start = _varint(view, at)
        kind = key & 7
        if kind == _VARINT:
            _, end = _varint(view, start)
        elif kind == _LENGTH:
            size, start = _varint(view, start)
            end = start + size
        elif kind in _FIXED:
            end = start + _FIXED[kind]
        else:
            raise BadMessageError(f"a field is of the unknown kind {kind}")
        if end > len(view):
            raise BadMessageError("a field is longer than its message")
        yield Field(key >> 3, view[start:end] if kind == _LENGTH else b"", view[at:end])
        at = end


def delimited(number: int, *parts: Bytes) -> bytes:
    """A field that holds text, bytes or a message."""
    return b"".join(framed(number, parts))


def framed(number: int, parts: Iterable[Bytes]) -> Sequence[Bytes]:
    """The same, not yet put together: what is long should be copied once only."""
    held = list(parts)
    return [_encoded(number << 3 | _LENGTH), _encoded(sum(map(len, held))), *held]


def integer(number: int, value: int) -> bytes:
    return _encoded(number << 3 | _VARINT) + _encoded(value)


def texts(message: Iterable[Field], number: int) -> list[str]:
    return [bytes(one.value).decode() for one in message if one.number == number]


def _varint(view: memoryview, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, and where the next thing begins."""
    value = 0
    for place, byte in enumerate(view[at : at + 10]):
        value |= (byte & 127) << 7 * place
        if byte < 128:  # noqa: PLR2004 - the eighth bit says that more follows
            return value, at + place + 1
    raise BadMessageError("a number has no end")


def _encoded(value: int) -> bytes:
    groups = []
    while value > 127:  # noqa: PLR2004 - what seven bits hold
        groups.append(value & 127 | 128)
        value >>= 7
    return bytes([*groups, value])


# The numbers of fields in ONNX's schema.
_MODEL_GRAPH, _MODEL_OPERATORS = 7, 8
_GRAPH_NODE, _GRAPH_TENSOR = 1, 5
_NODE_INPUT, _NODE_OUTPUT, _NODE_TYPE, _NODE_ATTRIBUTE, _NODE_DOMAIN = 1, 2, 4, 5, 7
_TENSOR_SIZES, _TENSOR_NAME = 1, 8
_DOMAIN = "com.microsoft"


class UnexpectedModelError(Exception):
    """The model isn't built the way this module knows."""


@dataclass(frozen=True, slots=True)
class _Node:
    type: str
    inputs: list[str]
    outputs: list[str]
    attributes: list[Bytes]
    raw: Bytes


_Stored = Mapping[str, tuple[str, str]]
"""By the name of a weight multiplied out: the names of its int8 numbers and of their scale."""


def kept_quantised(model: Bytes) -> bytes:
    """UnexpectedModelError where nothing is left to do, because the rest would be guesswork."""
    parts: list[Bytes] = []
    for one in fields(model):
        is_graph = one.number == _MODEL_GRAPH
        parts += framed(_MODEL_GRAPH, _graph(one.value)) if is_graph else [one.raw]
    operators = delimited(1, _DOMAIN.encode()) + integer(2, 1)
    return b"".join([*parts, delimited(_MODEL_OPERATORS, operators)])


def _graph(graph: Bytes) -> Iterator[Bytes]:
    parts = list(fields(graph))
    nodes = [_node(one) for one in parts if one.number == _GRAPH_NODE]
    stored = _stored(nodes)
    scales = {stored[one.inputs[1]][1] for one in nodes if _multiplies(one, stored)}
    if not scales:
        raise UnexpectedModelError("the model multiplies no int8 matrices")
    for node in nodes:
        yield from (delimited(_GRAPH_NODE, one) for one in _replaced(node, stored))
    for part in parts:
        if part.number == _GRAPH_TENSOR:
            yield _flat(part, scales)
        elif part.number != _GRAPH_NODE:
            yield part.raw


def _node(field: Field) -> _Node:
    parts = list(fields(field.value))
    (kind,) = texts(parts, _NODE_TYPE)
    return _Node(
        type=kind,
        inputs=texts(parts, _NODE_INPUT),
        outputs=texts(parts, _NODE_OUTPUT),
        attributes=[one.raw for one in parts if one.number == _NODE_ATTRIBUTE],
        raw=field.value,
    )


def _stored(nodes: list[_Node]) -> _Stored:
    casts = {one.outputs[0]: one.inputs[0] for one in nodes if one.type == "Cast"}
    products = {
        one.outputs[0]: (casts[one.inputs[0]], one.inputs[1])
        for one in nodes
        if one.type == "Mul" and one.inputs[0] in casts
    }
    wanted = {one.inputs[1] for one in nodes if one.type == "MatMul"}
    wanted |= {one.inputs[0] for one in nodes if one.type == "Gather"}
    return {name: pair for name, pair in products.items() if name in wanted}


def _multiplies(node: _Node, stored: _Stored) -> bool:
    return node.type == "MatMul" and node.inputs[1] in stored


def _replaced(node: _Node, stored: _Stored) -> Iterator[Bytes]:
    name = node.outputs[0]
    if name in stored or node.inputs[0] in {numbers for numbers, _ in stored.values()}:
        return
    if _multiplies(node, stored):
        numbers, scale = stored[node.inputs[1]]
        yield _made("DynamicQuantizeMatMul", [node.inputs[0], numbers, scale], name, _DOMAIN)
    elif node.type == "Gather" and node.inputs[0] in stored:
        for source, part in zip(stored[node.inputs[0]], ("numbers", "scale"), strict=True):
            gathered = [source, *node.inputs[1:]]
            yield _made("Gather", gathered, f"{name}.{part}") + b"".join(node.attributes)
        to_float = delimited(1, b"to") + integer(3, 1) + integer(20, 2)
        cast = _made("Cast", [f"{name}.numbers"], f"{name}.floats")
        yield cast + delimited(_NODE_ATTRIBUTE, to_float)
        yield _made("Mul", [f"{name}.floats", f"{name}.scale"], name)
    else:
        yield node.raw


def _made(kind: str, inputs: list[str], output: str, domain: str = "") -> bytes:
    named = [delimited(_NODE_INPUT, one.encode()) for one in inputs]
    return b"".join(
        [
            *named,
            delimited(_NODE_OUTPUT, output.encode()),
            delimited(_NODE_TYPE, kind.encode()),
            delimited(_NODE_DOMAIN, domain.encode()),
        ]
    )


def _flat(tensor: Field, scales: set[str]) -> Bytes:
    """A scale of one row becomes a plain list, which is what the int8 product takes."""
    parts = list(fields(tensor.value))
    if scales.isdisjoint(texts(parts, _TENSOR_NAME)):
        return tensor.raw
    sizes = [one.raw for one in parts if one.number == _TENSOR_SIZES]
    others = [one.raw for one in parts if one.number != _TENSOR_SIZES]
    return delimited(_GRAPH_TENSOR, sizes[-1], *others)
