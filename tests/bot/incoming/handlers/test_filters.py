"""What a message is taken for, before anything is done about it."""

from typing import Any

import pytest
from aiogram.types import Message

from bot.incoming.chat_context import Reader
from bot.incoming.handlers.filters import (
    HasOwnContact,
    IsCode,
    IsCommand,
    IsLinkCode,
    IsTelegramCode,
    LooksLikeNumber,
)
from state.model.account import FreelancerId
from state.model.chat import Awaiting, Chat, ChatId

ADA = {"id": 1001, "is_bot": False, "first_name": "Ada"}


def a_message(**content: Any) -> Message:
    return Message.model_validate(
        {
            "message_id": 1,
            "date": 0,
            "chat": {"id": 1001, "type": "private"},
            "from": ADA,
            **content,
        }
    )


def a_reader(*, linked: bool = True, awaiting: Awaiting = Awaiting.NUMBER) -> Reader:
    owner = FreelancerId("f-1001") if linked else None
    chat = Chat(id=ChatId(1001), freelancer_id=owner, awaiting=awaiting)
    return Reader(chat=chat, is_private=True, language="en")


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("482 913", True),
        (" 482913 ", True),
        ("482-913", True),
        ("48 29 13", False),
        ("4829134", False),
        ("is it 482913", False),
    ],
)
async def test_six_digits_are_a_code(text: str, taken: bool) -> None:
    assert await IsCode()(a_message(text=text), a_reader()) is taken


async def test_six_digits_of_somebody_without_an_account_are_no_code() -> None:
    assert await IsCode()(a_message(text="482913"), a_reader(linked=False)) is False


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("12345", True),
        (" 12345\n", True),
        ("Login code: 12345. Do not give this code to anyone, even if they say so!", True),
        ("LOGIN  CODE 12345", True),
        ("123456", False),
        ("what is a login code", False),
        ("I have 12345 Connects", False),
    ],
)
async def test_a_login_code_is_recognised(text: str, taken: bool) -> None:
    assert await IsTelegramCode()(a_message(text=text)) is taken


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ABCD-EFGH", {"code": "ABCD-EFGH"}),
        (" abcd-ef23 ", {"code": "ABCD-EF23"}),
        ("ab2d\N{EN DASH}efgh.", {"code": "AB2D-EFGH"}),
        ("AB2D - EFGH", {"code": "AB2D-EFGH"}),
        ("ab2defgh", {"code": "AB2D-EFGH"}),
        ("AB2D EFGH", {"code": "AB2D-EFGH"}),
        ("AB10-EFGH", {"code": "AB10-EFGH"}),
        ("part-time", False),
        ("Full-time", False),
        ("password", False),
        ("help desk", False),
        ("form 1099", False),
        ("plan 2026", False),
        ("12345678", False),
        ("2345-6789", False),
        ("take ABCD-EFGH", False),
        ("ab2d\nefgh", {"code": "AB2D-EFGH"}),
    ],
)
async def test_the_short_code_of_a_link_is_recognised(text: str, code: object) -> None:
    assert await IsLinkCode()(a_message(text=text)) == code


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("+44 7911 123456", True),
        ("tel: 07911-123456", True),
        ("+447911123456 ext 5", True),
        ("123456", False),
        ("my number is +447911123456", False),
        ("how do I verify", False),
    ],
)
async def test_a_number_is_recognised_where_one_is_awaited(text: str, taken: bool) -> None:
    assert await LooksLikeNumber()(a_message(text=text), a_reader()) is taken


async def test_no_number_is_looked_for_where_none_is_awaited() -> None:
    reader = a_reader(awaiting=Awaiting.NOTHING)

    assert await LooksLikeNumber()(a_message(text="+44 7911 123456"), reader) is False


@pytest.mark.parametrize(
    ("content", "number"),
    [
        (
            {"contact": {"first_name": "A", "phone_number": "447911123456", "user_id": 1001}},
            {"number": "+447911123456"},
        ),
        (
            {"contact": {"first_name": "A", "phone_number": "+447911123456", "user_id": 1001}},
            {"number": "+447911123456"},
        ),
        ({"contact": {"first_name": "A", "phone_number": "447911123456", "user_id": 1002}}, False),
        ({"contact": {"first_name": "A", "phone_number": "447911123456"}}, False),
        (
            {
                "contact": {"first_name": "A", "phone_number": "447911123456", "user_id": 1001},
                "forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "A"},
            },
            False,
        ),
        ({"text": "447911123456"}, False),
    ],
    ids=["own", "own, with a plus", "somebody else's", "nobody's", "forwarded", "typed"],
)
async def test_only_ones_own_contact_gives_a_number(
    content: dict[str, Any], number: object
) -> None:
    found = await HasOwnContact()(a_message(**content))

    assert found == number


async def test_a_slash_makes_a_command() -> None:
    assert await IsCommand()(a_message(text="/anything"))
    assert not await IsCommand()(a_message(text="any/thing"))
