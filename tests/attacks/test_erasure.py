"""What is left of whoever wants to be forgotten: enough for their wait, and nothing else."""

import pytest

from state.model.verification import LockedOut
from state.store import tables
from tests.attacks.records import FREELANCER, at_the_code, kept, lock_out, round_of, written
from tests.support.chat import Conversation, Scene
from tests.support.phone import post

NUMBER = "+12025550123"


async def erase(scene: Scene) -> None:
    desk = scene.parts.desk
    await desk.database.transact(lambda unit: desk.use_cases(unit).forget_freelancer(FREELANCER))
    await scene.settle()


@pytest.mark.attack("T55")
async def test_erasure_during_a_call_ends_it_and_late_callbacks_restore_nothing(
    scene: Scene, ada: Conversation
) -> None:
    phone = await at_the_code(ada)
    code = ada.code

    await erase(scene)
    late = await post(scene.door, phone.asked_at, phone.form({"Digits": code}))
    status = await phone.report("completed")

    rows = [tables.verification_round, tables.call_session, tables.call_turn, tables.phone_number]
    assert scene.provider.hung_up == [phone.sid]
    assert (await late.text(), status) == ("<Response><Hangup /></Response>", 204)
    assert [await kept(scene, table) for table in rows] == [[], [], [], []]
    assert await kept(scene, tables.provider_event) == []
    assert [one for one in written(code) if one in ada.text] == []


@pytest.mark.attack("T56")
async def test_an_erased_person_who_returns_is_still_locked(
    scene: Scene, ada: Conversation
) -> None:
    phone = await at_the_code(ada)
    await lock_out(phone, ada.wrong_code)
    locked = await round_of(scene)
    assert isinstance(locked, LockedOut)

    await erase(scene)
    remains = await kept(scene, tables.verification_ledger)
    scene.clock.forward(seconds=1)
    await ada.link()
    [refused] = await ada.say("/verify")

    assert len(remains) == 4  # the call, and the codes
    assert [word for word in (NUMBER[1:], FREELANCER) if word in str(remains)] == []
    assert refused.moments == [int(locked.until.timestamp())]


@pytest.mark.attack("T56")
async def test_erasure_keeps_the_count_of_two_wrong_codes(scene: Scene, ada: Conversation) -> None:
    phone = await at_the_code(ada)
    await phone.key(ada.wrong_code)
    await phone.key(ada.wrong_code)

    await erase(scene)
    scene.clock.forward(minutes=1)
    await ada.link()
    again = await ada.be_called()
    await again.to_code_step()
    farewell = await again.key(ada.wrong_code)

    assert "it was the last attempt" in farewell.words
    assert len(scene.provider.orders) == 2


@pytest.mark.attack("T56")
async def test_an_expired_lock_is_deleted_by_the_sweep(scene: Scene, ada: Conversation) -> None:
    phone = await at_the_code(ada)
    await lock_out(phone, ada.wrong_code)
    desk = scene.parts.desk
    scene.clock.forward(hours=24)

    await desk.database.transact(lambda unit: desk.use_cases(unit).sweep())

    assert await kept(scene, tables.verification_ledger) == []
