"""Messages of every kind in the Bot API: what is said, what is a service message."""

from typing import Any

import pytest
from aiogram.types import Message

from bot.gateways.telegram.messages import content_of, is_from_person, question_text
from state.model.ticket import Content
from tests.bot.demo.schema import definitions
from tests.support.scripted import CHAT, USER

VALUES: dict[str, Any] = {"String": "x", "Boolean": True, "Integer": 1, "Float": 1.0, "True": True}
SAID = ("invoice", "giveaway", "giveaway_winners")
"""Kinds between the service messages in the Bot API's list of fields that people do send."""
FIXED: dict[str, Any] = {
    "BackgroundType": {"type": "chat_theme", "theme_name": "x"},
    "RefundedPayment": {
        "currency": "XTR",
        "total_amount": 1,
        "invoice_payload": "x",
        "telegram_payment_charge_id": "x",
    },
}
"""Values with constants, which the schema doesn't know."""
FIRST = "new_chat_members"
HAND = "\N{WHITE RIGHT POINTING BACKHAND INDEX}"
"""Two UTF-16 units, as Telegram counts."""


def a_value(kind: str) -> Any:
    """The smallest valid value of a type in the Bot API's schema."""
    kind = kind.split(" or ", maxsplit=1)[0]
    if kind.startswith("Array of "):
        return [a_value(kind.removeprefix("Array of "))]
    if kind in VALUES | FIXED:
        return (VALUES | FIXED)[kind]
    definition = definitions()[kind]
    fields = [one for one in definition["annotations"] if one["required"]]
    if not definition["annotations"] and " - " in definition["description"]:
        variants = definition["description"].split(" - ")[1:]
        return a_value(variants[0].strip())
    return {one["name"]: a_value(one["type"]) for one in fields}


def a_message(**content: Any) -> Message:
    return Message.model_validate(
        {"message_id": 1, "date": 1, "chat": CHAT, "from": USER, **content}
    )


def service_fields() -> dict[str, str]:
    """Fields of service messages with their types; they are the last in the schema."""
    fields = {one["name"]: one["type"] for one in definitions()["Message"]["annotations"]}
    last = list(fields)[list(fields).index(FIRST) :]
    return {name: fields[name] for name in last if name not in (*SAID, "reply_markup")}


@pytest.mark.parametrize(("name", "kind"), service_fields().items())
def test_a_service_message_has_no_content(name: str, kind: str) -> None:
    message = a_message(**{name: a_value(kind)})

    assert content_of(message) is None
    assert is_from_person(message) is False


def test_a_message_of_an_unknown_kind_is_content_of_a_conversation_but_no_question() -> None:
    message = a_message(hologram={"depth": 3})
    said = content_of(message)

    assert said is not None
    assert said.content is Content.OTHER
    assert is_from_person(message) is False


def test_a_caption_is_read_like_a_text() -> None:
    assert question_text(a_message(caption="my screen")) == "my screen"


@pytest.mark.parametrize(
    "entity",
    [
        {"type": "bold", "offset": 1, "length": 5},
        {"type": "bold", "offset": 0, "length": 1},
        {"type": "text_mention", "offset": 3, "length": 2},
    ],
    ids=["begins within an emoji", "ends within an emoji", "mentions nobody"],
)
@pytest.mark.parametrize("of", ["text", "caption"])
def test_invalid_formatting_keeps_the_text(entity: dict[str, Any], of: str) -> None:
    entities = "entities" if of == "text" else "caption_entities"
    said = content_of(a_message(**{of: f"{HAND} 1 < 2", entities: [entity]}))

    assert said is not None
    assert said.html == f"{HAND} 1 &lt; 2"
