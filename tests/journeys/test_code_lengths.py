"""A code has as many digits as the policy says, in the chat, in the call and when typed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.chat import ADA, Conversation
from tests.support.scenes import changed_policy, opened_scene


@pytest.fixture(params=[4, 5, 6, 8])
def digits(request: pytest.FixtureRequest) -> int:
    length: int = request.param
    return length


@pytest_asyncio.fixture
async def person(database_url: str, tmp_path: Path, digits: int) -> AsyncIterator[Conversation]:
    rules = changed_policy(tmp_path, code_digits=digits)
    async with opened_scene(database_url, folder=tmp_path, policy=rules) as scene:
        ada = scene.person(ADA)
        await ada.link()
        yield ada


async def test_a_code_is_shown_asked_for_and_taken(person: Conversation, digits: int) -> None:
    phone = await person.be_called()
    await phone.pick_up()
    question = await phone.key("#")
    asked, code = person.last.text, person.code
    farewell = await phone.key(code)

    assert len(code) == digits
    assert f"these {digits} digits" in asked
    assert f"the {digits} digits that your chat shows" in question.words
    assert f'numDigits="{digits}"' in question.xml
    assert "Your number is verified." in farewell.words


async def test_a_wrong_code_of_that_length_costs_an_attempt(
    person: Conversation, digits: int
) -> None:
    phone = await person.be_called()
    await phone.pick_up()
    await phone.key("#")
    wrong = f"{(int(person.code) + 1) % 10**digits:0{digits}d}"
    answer = await phone.key(wrong)

    assert "You have 2 attempts left." in answer.words


@pytest.mark.parametrize("by", [-1, 1], ids=["shorter", "longer"])
async def test_another_number_of_digits_costs_nothing(
    person: Conversation, digits: int, by: int
) -> None:
    phone = await person.be_called()
    await phone.pick_up()
    await phone.key("#")
    answer = await phone.key("1" * (digits + by))

    assert f"I didn't get {digits} digits" in answer.words
    assert "This did not cost you an attempt." in answer.words


@pytest.mark.parametrize("between", ["", " ", "-"])
async def test_a_code_typed_into_the_chat_is_told_to_belong_in_the_call(
    person: Conversation, digits: int, between: str
) -> None:
    await person.be_called()
    half = digits // 2

    [warning] = await person.say(person.code[:half] + between + person.code[half:])

    assert "It belongs in the call" in warning.text
