"""What neither UTF-8 nor PostgreSQL holds is replaced, in texts and in JSON of any depth."""

from typing import Any

import pytest

from bot.storable_text import is_storable, storable, storable_json


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("ä 😀", "ä 😀"),
        ("cut \ud83d", "cut \ufffd"),
        ("\ude00 the other half", "\ufffd the other half"),
        ("a\0b", "a\ufffdb"),
        ("\udcff", "\ufffd"),
        ("", ""),
    ],
)
def test_unstorable_characters_are_replaced(text: str, stored: str) -> None:
    assert storable(text) == stored
    assert is_storable(text) is (text == stored)


def test_replacing_keeps_entity_offsets_right() -> None:
    text = "a\0\ud83db"

    assert len(storable(text).encode("utf-16-le")) == 2 * len(text)


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("\ud83d", "\ufffd"),
        (5, 5),
        (None, None),
        ([["\0"], {"a": ["\ud83d", 1.5, True]}], [["\ufffd"], {"a": ["\ufffd", 1.5, True]}]),
        ({"\ud83d": {"\0": None}}, {"\ufffd": {"\ufffd": None}}),
        ({"b": 1, "a": 2}, {"b": 1, "a": 2}),
    ],
)
def test_unstorable_characters_in_json_values_and_keys_are_replaced(
    value: object, stored: object
) -> None:
    assert storable_json(value) == stored


def test_deeply_nested_json_is_handled() -> None:
    deep: Any = "\ud83d"
    for _ in range(100_000):
        deep = [deep]

    found = storable_json(deep)
    while isinstance(found, list):
        [found] = found

    assert found == "\ufffd"
