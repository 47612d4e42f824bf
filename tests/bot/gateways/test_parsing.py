"""Updates with parts that this version does not know are read without those parts."""

import json
import logging
from typing import Any

import pytest
from pydantic import ValidationError

from bot.gateways.telegram.parsing import invalid_fields, read_update
from tests.bot.demo.schema import definitions
from tests.support.scripted import CHAT, USER

MESSAGE = {"message_id": 1, "date": 1, "chat": CHAT, "from": USER, "text": "hello"}
OLD_POLL = {
    "id": "1",
    "question": "q",
    "options": [],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
}
LATER_MEDIA = {"star_count": 1, "paid_media": [{"type": "later"}, {"type": "preview"}]}


def an_update(**more: Any) -> str:
    return json.dumps({"update_id": 7, "message": {**MESSAGE, **more}})


@pytest.mark.parametrize(
    ("more", "removed"),
    [
        ({"forward_origin": {"type": "hidden_user", "date": 1}}, ["forward_origin"]),
        ({"forward_origin": {"type": "later", "date": 1}}, ["forward_origin"]),
        ({"external_reply": {"origin": {"type": "later", "date": 1}}}, ["external_reply"]),
        ({"reply_to_message": {**MESSAGE, "poll": OLD_POLL}}, []),
        ({"reply_to_message": {**MESSAGE, "paid_media": LATER_MEDIA}}, []),
        ({"reply_to_message": {"text": "of nobody"}}, ["reply_to_message"]),
        ({"quote": {"text": 7, "position": "first"}}, ["quote"]),
        ({"entities": [{"type": "bold"}, {"type": "bold", "offset": 0, "length": 1}]}, []),
        ({"from": {"id": 1}}, ["from"]),
        ({"pinned_message": {"date": 1}}, ["pinned_message"]),
    ],
)
def test_an_invalid_optional_field_leaves_the_rest_of_the_message_readable(
    more: dict[str, Any], removed: list[str]
) -> None:
    message = read_update(an_update(**more)).message

    assert message is not None
    assert message.text == "hello"
    assert list(invalid_fields(message)) == removed


def test_only_the_invalid_items_of_a_list_are_dropped() -> None:
    fine = {"type": "bold", "offset": 0, "length": 1}
    entities = [{"type": "bold"}, fine, {"type": "italic"}, fine]

    message = read_update(an_update(entities=entities)).message

    assert message is not None
    assert message.entities is not None
    assert [one.type for one in message.entities] == ["bold", "bold"]


def test_a_replied_message_with_an_invalid_part_keeps_its_id() -> None:
    message = read_update(an_update(reply_to_message={**MESSAGE, "poll": OLD_POLL})).message

    assert message is not None
    assert message.reply_to_message is not None
    assert message.reply_to_message.message_id == 1


@pytest.mark.parametrize(
    "name",
    [
        one["name"]
        for one in definitions()["Message"]["annotations"]
        if not one["required"] and one["name"] != "text"
    ],
)
@pytest.mark.parametrize("odd", [{"type": "later"}, [[{"type": "later"}]]], ids=["object", "list"])
def test_no_invalid_optional_field_makes_the_text_unreadable(name: str, odd: object) -> None:
    message = read_update(an_update(**{name: odd})).message

    assert message is not None
    assert message.text == "hello"


@pytest.mark.parametrize("more", [{"poll": OLD_POLL}, {"forward_origin": {"type": "later"}}])
def test_a_callback_query_keeps_the_message_of_its_button(more: dict[str, Any]) -> None:
    press = {
        "id": "1",
        "from": USER,
        "chat_instance": "1",
        "data": "t:",
        "message": {**MESSAGE, **more},
    }

    query = read_update(json.dumps({"update_id": 7, "callback_query": press})).callback_query

    assert query is not None
    assert query.message is not None
    assert query.message.message_id == 1
    assert query.message.date != 0


def test_dropped_fields_are_logged_without_their_values(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        read_update(an_update(quote={"text": {"secret": "sesame"}}))

    assert "update 7 is read without message.quote.text, message.quote" in caplog.text
    assert "sesame" not in caplog.text


@pytest.mark.parametrize(
    "payload",
    [
        "7",
        '"text"',
        "[]",
        "{",
        '{"message": {}}',
        '{"update_id": 1, "message": {"text": "no chat"}}',
        '{"update_id": 1, "callback_query": {"id": "1", "from": {"id": 1}}}',
        '{"update_id": 1, "message": ' + '{"reply_to_message":' * 5000 + "}" * 5001,
        '{"update_id": "one"}',
    ],
)
def test_an_update_that_stays_invalid_is_refused(payload: str) -> None:
    with pytest.raises(ValidationError):
        read_update(payload)
