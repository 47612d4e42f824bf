"""Guessing codes that Telegram brings: what the attacks on the ledger share."""

from datetime import timedelta

from tests.attacks.test_code_messages import wrong
from tests.support.chat import Conversation
from tests.support.gateway import Gateway

VICTIM, OWN, THIRD = "+12025550123", "+12025550177", "+12025550188"
WRONG = ("That is not the code.", "it was the last attempt")
DAY = timedelta(hours=24)


async def use_number(person: Conversation, number: str) -> None:
    await person.say("/verify")
    await person.press_data(person.last, "v:edit")
    await person.say(number)


async def ask(person: Conversation, gateway: Gateway, number: str | None = None) -> bool:
    """Have a code sent to the number, a minute after whatever came before."""
    person.scene.clock.forward(minutes=1)
    if number is not None:
        await use_number(person, number)
    before = len(gateway.sent)
    await person.press_data(person.last, "v:message")
    return len(gateway.sent) > before


async def guess(person: Conversation, gateway: Gateway, times: int = 1) -> int:
    """How many of the wrong codes were judged."""
    judged = 0
    for _ in range(times):
        answers = await person.say(wrong(gateway.code))
        judged += any(word in shown.text for shown in answers for word in WRONG)
    return judged


async def cancel(person: Conversation) -> None:
    await person.press_data(person.last, "v:cancel")


async def link_again(person: Conversation, number: str = VICTIM) -> None:
    person.scene.clock.forward(seconds=1)
    await person.link(phone=number)
