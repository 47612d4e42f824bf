"""What a newcomer does in the first minutes, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenScreen
from tests.browser.screen import CODE, another, demo

pytestmark = pytest.mark.browser

NOTHING_DONE = "f-1002"
PHONE_LEFT = "f-1001"
MISSED = "f-1011"


@pytest.fixture(scope="module")
def address(_chromium: None) -> Iterator[str]:
    """A demo of its own: here everybody is called, and days pass."""
    with demo() as started:
        yield started


async def test_a_newcomer_asks_sees_progress_and_verifies_a_number(
    open_screen: OpenScreen,
) -> None:
    ada = await open_screen(PHONE_LEFT)
    await ada.link()

    await ada.say("how do i get all 40 connects")
    await ada.reads("Basic profile information")
    await ada.reads("Source:")
    await ada.say("what is the capital of Mongolia")
    await ada.reads("I have no article that answers this")
    await ada.say("/connects")
    await ada.reads("10 of 40 Connects a month")
    await ada.reads("Your meter reads 72%")
    await ada.reads("Account read")
    await ada.ask_for_call()
    code = await ada.code()
    await ada.answer()
    await ada.keys(code)

    await ada.hears("Your number is verified")
    await ada.reads_somewhere("Verified: +1 … 23")
    await ada.reads_somewhere("+10 Connects a month: 20 of 40")
    await expect(ada.replies.filter(has_text="20 of 40 Connects a month")).to_have_count(1)
    await expect(ada.replies.filter(has_text=CODE)).to_have_count(0)


async def test_three_wrong_codes_lock_for_a_day(open_screen: OpenScreen) -> None:
    ben = await open_screen(NOTHING_DONE)
    await ben.link()
    await ben.ask_for_call()
    wrong = another(await ben.code())
    await ben.answer()

    await ben.keys(wrong)
    await ben.hears("You have 2 attempts left")
    await ben.keys(wrong)
    await ben.hears("You have 1 attempt left")
    await ben.keys(wrong)

    await ben.phone_is("completed")
    await ben.reads("it was the last attempt")
    await ben.reads("You can try again")
    await ben.say("/verify")
    await ben.reads("a wait of 24 hours")
    await ben.forward("24h")
    await ben.reads("The wait is over")
    await ben.press("Yes, call me now")
    await ben.phone_is("ringing")
    code = await ben.code()
    await ben.answer()
    await ben.keys(code)
    await ben.hears("Your number is verified")


@pytest.mark.parametrize(
    ("button", "said"),
    [("busy", "The line was busy"), ("noanswer", "Nobody answered")],
)
async def test_an_unanswered_call_costs_no_attempt(
    open_screen: OpenScreen, button: str, said: str
) -> None:
    person = await open_screen(MISSED)
    await person.link()
    await person.forward("1h")
    await person.ask_for_call()

    await person.phone(button)

    await person.reads(said)
    await person.reads("3 attempts left")


async def test_pressing_nine_ends_an_unexpected_call(open_screen: OpenScreen) -> None:
    person = await open_screen("f-1008")
    await person.link()
    await person.ask_for_call()
    await person.phone("answer")
    await person.hears("press the hash key")

    await person.keys("9")

    await person.reads("didn't expect this call")


async def test_the_code_can_be_spoken(open_screen: OpenScreen) -> None:
    person = await open_screen("f-1007")
    await person.link()
    await person.ask_for_call()
    code = await person.code()
    await person.answer()

    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    await person.page.get_by_test_id("phone-say").fill(" ".join(words[int(d)] for d in code))
    await person.page.get_by_test_id("phone-say-send").click()

    await person.hears("Your number is verified")


async def test_two_people_do_not_see_each_others_messages(open_screen: OpenScreen) -> None:
    done = await open_screen("f-1004")
    fresh = await open_screen("f-1003")
    await done.link()
    await fresh.link()

    await done.say("/connects")
    await fresh.say("/connects")

    await done.reads("everything is done")
    await expect(fresh.replies.filter(has_text="everything is done")).to_have_count(0)


async def test_a_reload_keeps_the_conversation(open_screen: OpenScreen) -> None:
    person = await open_screen("f-1005")
    await person.say("what are connects")
    await person.reads("What Connects are")

    await person.page.reload()

    await person.reads("What Connects are")
