"""How a call can go, at the page: each way has its words in the chat."""

import pytest

from tests.browser.conftest import OpenScreen

pytestmark = pytest.mark.browser


async def test_a_declined_call_costs_no_attempt(open_screen: OpenScreen) -> None:
    person = await open_screen("f-1001")
    await person.link()
    await person.ask_for_call()

    await person.phone("decline")

    await person.reads("The line was busy")
    await person.reads("This did not cost you an attempt")


async def test_hanging_up_before_the_code_costs_no_attempt(open_screen: OpenScreen) -> None:
    person = await open_screen("f-1002")
    await person.link()
    await person.ask_for_call()
    await person.answer()
    await person.keys("123#")
    await person.hears("I didn't get 6 digits")

    await person.phone("hangup")

    await person.reads("The call ended before a code came")
    await person.reads("3 attempts left")


async def test_a_call_can_be_cancelled_in_the_chat(open_screen: OpenScreen) -> None:
    person = await open_screen("f-1007")
    await person.link()
    await person.ask_for_call()

    await person.press("Cancel the call")

    await person.reads_somewhere("The call is cancelled")
    await person.phone_is("canceled")
