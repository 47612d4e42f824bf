"""A person may verify another number; attempts and locks stay with them."""

import pytest

from state.model.chat import Awaiting, Chat
from state.model.verification import Ended, Ending, Reason, WaitUntil
from state.rules.phone_number import NumberRefusal, NumberRefused
from state.usecases.verification.number import NumberKept
from tests.state.usecases.desk import CHAT, Desk
from tests.support.builders import ADA, NUMBER
from tests.support.fakes import START


async def edit(desk: Desk, text: str) -> NumberKept | NumberRefused:
    return await desk.run(lambda do: do.edit_number(ADA, text))


async def test_a_number_is_stored_in_one_form_and_shown_masked(desk: Desk) -> None:
    await desk.arrive()

    assert await edit(desk, "tel:+1 (202) 555-0123") == NumberKept("+1 … 23")
    assert await desk.look().numbers.current(ADA) == "+12025550123"


@pytest.mark.parametrize(
    ("text", "why"),
    [("911", NumberRefusal.COUNTRY_CODE_MISSING), ("+18005550123", NumberRefusal.KIND)],
)
async def test_a_refused_number_changes_nothing(desk: Desk, text: str, why: NumberRefusal) -> None:
    await desk.arrive()

    assert await edit(desk, text) == NumberRefused(why)
    assert await desk.look().numbers.current(ADA) == NUMBER


async def test_a_call_to_the_former_number_ends(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()

    await edit(desk, "+12025550123")

    assert (await desk.session()).phase == Ended(Ending.CANCELLED, START)


async def test_the_same_number_again_keeps_the_call(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()

    await edit(desk, "+44 7911 123456")

    assert not isinstance((await desk.session()).phase, Ended)


async def test_a_lock_applies_to_the_person_whatever_their_number(desk: Desk) -> None:
    await desk.arrive()
    await desk.reach_code()
    await desk.wrong(3)

    await edit(desk, "+12025550123")

    decision = await desk.run(lambda do: do.request_call(ADA))
    assert isinstance(decision, WaitUntil)
    assert decision.why is Reason.LOCKED


async def test_only_a_valid_number_ends_the_awaited_input(desk: Desk) -> None:
    await desk.arrive()
    waiting = Chat(id=CHAT, freelancer_id=ADA, linked_at=START, awaiting=Awaiting.NUMBER)
    await desk.run(lambda do: do.unit.chats.save(waiting))

    await edit(desk, "not a number")
    still = await desk.look().chats.of(ADA)
    await edit(desk, "+12025550123")
    after = await desk.look().chats.of(ADA)

    assert still == waiting
    assert after is not None
    assert after.awaiting is Awaiting.NOTHING
