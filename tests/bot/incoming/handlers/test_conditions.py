"""What a message is taken for, before anything is done about it."""

from typing import Any

import pytest

from bot.incoming.handlers.conditions import (
    is_code,
    is_command,
    is_number,
    is_telegram_code,
    link_code,
    own_contact,
)
from bot.incoming.turn import Turn
from state.model.account import FreelancerId
from state.model.chat import Awaiting, Chat, ChatId
from tests.support.scripted import ADA, a_message
from tests.support.turns import a_turn


async def said(text: str, *, linked: bool = True, awaiting: Awaiting = Awaiting.NUMBER) -> Turn:
    owner = FreelancerId("f-1001") if linked else None
    chat = Chat(id=ChatId(ADA), freelancer_id=owner, awaiting=awaiting)
    return await a_turn(a_message(text), chat)


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
async def test_six_digits_are_a_verification_code(text: str, taken: bool) -> None:
    assert is_code(await said(text)) is taken


async def test_six_digits_in_a_chat_without_an_account_are_no_code() -> None:
    assert is_code(await said("482913", linked=False)) is False


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
    assert is_telegram_code(await said(text)) is taken


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ABCD-EFGH", "ABCD-EFGH"),
        (" abcd-ef23 ", "ABCD-EF23"),
        ("ab2d\N{EN DASH}efgh.", "AB2D-EFGH"),
        ("AB2D - EFGH", "AB2D-EFGH"),
        ("ab2defgh", "AB2D-EFGH"),
        ("AB2D EFGH", "AB2D-EFGH"),
        ("AB10-EFGH", "AB10-EFGH"),
        ("part-time", None),
        ("Full-time", None),
        ("password", None),
        ("help desk", None),
        ("form 1099", None),
        ("plan 2026", None),
        ("12345678", None),
        ("2345-6789", None),
        ("take ABCD-EFGH", None),
        ("ab2d\nefgh", "AB2D-EFGH"),
    ],
)
async def test_the_short_code_of_a_link_is_recognised(text: str, code: str | None) -> None:
    assert link_code(await said(text)) == code


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
async def test_a_phone_number_is_recognised_where_one_is_awaited(text: str, taken: bool) -> None:
    assert is_number(await said(text)) is taken


async def test_a_phone_number_is_ignored_where_none_is_awaited() -> None:
    assert is_number(await said("+44 7911 123456", awaiting=Awaiting.NOTHING)) is False


@pytest.mark.parametrize(
    ("content", "number"),
    [
        (
            {"contact": {"first_name": "A", "phone_number": "447911123456", "user_id": 1001}},
            "+447911123456",
        ),
        (
            {"contact": {"first_name": "A", "phone_number": "+447911123456", "user_id": 1001}},
            "+447911123456",
        ),
        ({"contact": {"first_name": "A", "phone_number": "447911123456", "user_id": 1002}}, None),
        ({"contact": {"first_name": "A", "phone_number": "447911123456"}}, None),
        (
            {
                "contact": {"first_name": "A", "phone_number": "447911123456", "user_id": 1001},
                "forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "A"},
            },
            None,
        ),
        ({"text": "447911123456"}, None),
    ],
    ids=["own", "own, with a plus", "somebody else's", "nobody's", "forwarded", "typed"],
)
async def test_only_the_senders_own_contact_gives_a_number(
    content: dict[str, Any], number: str | None
) -> None:
    message = {**a_message()["message"], "text": None, **content}

    assert own_contact(await a_turn({"message": message})) == number


async def test_a_text_with_a_slash_is_a_command() -> None:
    assert is_command(await said("/anything"))
    assert not is_command(await said("any/thing"))
