"""JSON that orjson refuses is read and written all the same."""

import pytest

from bot.gateways.telegram.client import from_json, to_json


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"text": "ä"}, '{"text":"ä"}'.encode()),
        ({"text": "\ud83d"}, b'{"text":"\\ud83d"}'),
    ],
    ids=["text", "half a surrogate pair"],
)
def test_written_json_is_read_back(value: object, written: bytes) -> None:
    assert to_json(value) == written
    assert from_json(written) == value


def test_invalid_json_is_refused() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        from_json(b"nothing")
