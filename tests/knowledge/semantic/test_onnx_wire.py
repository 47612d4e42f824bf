import pytest

from knowledge.semantic.onnx_int8 import BadMessageError, delimited, fields, integer, texts

LONG = "x" * 300


def test_what_was_written_is_read_again() -> None:
    message = delimited(1, b"a", b"b") + integer(2, 300) + delimited(70, LONG.encode())

    read = list(fields(message))

    assert [one.number for one in read] == [1, 2, 70]
    assert texts(read, 1) == ["ab"]
    assert texts(read, 70) == [LONG]
    assert b"".join(one.raw for one in read) == message


def test_numbers_of_fixed_size_are_passed_over() -> None:
    message = bytes([1 << 3 | 1]) + bytes(8) + bytes([2 << 3 | 5]) + bytes(4) + delimited(3, b"c")

    assert [(one.number, bytes(one.value)) for one in fields(message)] == [
        (1, b""),
        (2, b""),
        (3, b"c"),
    ]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (b"\x0b", "unknown kind 3"),
        (b"\x0a\x05ab", "longer than its message"),
        (b"\x08\xff", "no end"),
        (b"\x80" * 11, "no end"),
    ],
)
def test_what_is_no_message_is_refused(message: bytes, said: str) -> None:
    with pytest.raises(BadMessageError, match=said):
        list(fields(message))
