"""Protocol buffers as they stand in a file: numbered fields, read and written one by one.

Enough to change a few fields of a large message and copy the rest; no schema is needed for that.
"""

from collections.abc import Iterable, Iterator, Sequence
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
