"""Three wrong codes a day for a person and for a number, whatever is erased or changed between.

Codes come by Telegram messages here: in that channel guessing is the attack.
"""

from datetime import timedelta

import pytest

from bot.gateways.telegram_gateway.reports import ROUTE
from state.model.account import FreelancerId
from tests.attacks.guessing import (
    DAY,
    OWN,
    THIRD,
    VICTIM,
    ask,
    cancel,
    guess,
    link_again,
    use_number,
)
from tests.attacks.records import FREELANCER
from tests.support.builders import a_snapshot
from tests.support.chat import Conversation, Scene
from tests.support.fakes import START
from tests.support.gateway import Gateway, post_report
from tests.support.traces import forget

CID = 1003


@pytest.fixture
def cid(scene: Scene) -> Conversation:
    return scene.person(CID)


@pytest.mark.attack("T59")
async def test_a_lock_outlives_erasure_and_holds_for_another_number(
    ada: Conversation, gateway: Gateway
) -> None:
    await ada.link(phone=VICTIM)
    assert await ask(ada, gateway, VICTIM)
    assert await guess(ada, gateway, 4) == 3

    await forget(ada)
    await link_again(ada)
    asked = await ask(ada, gateway, OWN)
    [refused] = await ada.say("/verify")

    locked_at = START + timedelta(minutes=1)
    assert not asked
    assert refused.moments == [int((locked_at + DAY).timestamp())]


@pytest.mark.attack("T60")
async def test_wrong_codes_are_counted_across_numbers_and_erasures(
    ada: Conversation, gateway: Gateway
) -> None:
    await ada.link(phone=VICTIM)
    assert await ask(ada, gateway, VICTIM)
    judged = await guess(ada, gateway, 2)
    await cancel(ada)
    assert await ask(ada, gateway, OWN)
    await forget(ada)
    await link_again(ada)

    again = await ask(ada, gateway, VICTIM)
    judged += await guess(ada, gateway, 3)

    assert again
    assert judged == 3
    assert not await ask(ada, gateway, THIRD)


@pytest.mark.attack("T61")
async def test_calls_and_declines_are_counted_across_erasures(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link()
    phone = await ada.be_called()
    await phone.pick_up()
    await phone.key("9")
    for _ in range(4):
        await forget(ada)
        await ada.link()
        scene.clock.forward(minutes=2)
        await ada.say("/verify")
        await ada.press_data(ada.last, "v:call")

    assert len(scene.provider.orders) == 1
    assert "somebody said that they didn't expect it" in ada.last.text


@pytest.mark.attack("T61")
async def test_erasing_an_account_gives_no_additional_calls(
    scene: Scene, ada: Conversation
) -> None:
    for _ in range(8):
        await ada.link()
        scene.clock.forward(seconds=5)
        await ada.say("/verify")
        await ada.press_data(ada.last, "v:call")
        await forget(ada)
        scene.clock.forward(seconds=56)

    assert len(scene.provider.orders) == 3


@pytest.mark.attack("T62")
async def test_three_accounts_share_three_attempts_at_one_number(
    scene: Scene, ada: Conversation, ben: Conversation, cid: Conversation, gateway: Gateway
) -> None:
    judged = []
    for person in (ada, ben, cid):
        await person.link(phone=VICTIM)
        if await ask(person, gateway, VICTIM):
            judged.append(await guess(person, gateway, 1))
            await cancel(person)

    assert judged == [1, 1, 1]
    for person in (ada, ben, scene.person(1004)):
        await person.link(phone=VICTIM)
        assert not await ask(person, gateway, VICTIM)
    assert not await ask(cid, gateway, OWN)  # whose third code it was
    assert await ask(ben, gateway, THIRD)  # who has two codes left elsewhere


@pytest.mark.attack("T63")
async def test_verifying_one_number_clears_no_wrong_codes_at_another(
    ada: Conversation, gateway: Gateway
) -> None:
    await ada.link(phone=VICTIM)
    assert await ask(ada, gateway, VICTIM)
    judged = await guess(ada, gateway, 2)
    await cancel(ada)
    assert await ask(ada, gateway, OWN)
    await ada.say(gateway.code)
    done = ada.text

    assert await ask(ada, gateway, VICTIM)
    judged += await guess(ada, gateway, 3)

    assert "Phone verification: done." in done
    assert judged == 3


@pytest.mark.attack("T63")
async def test_verifying_a_number_clears_the_wrong_codes_at_it(
    ada: Conversation, gateway: Gateway
) -> None:
    await ada.link(phone=OWN)
    assert await ask(ada, gateway, OWN)
    await guess(ada, gateway, 2)
    await ada.say(gateway.code)

    assert await ask(ada, gateway, VICTIM)
    assert await guess(ada, gateway, 4) == 3


@pytest.mark.attack("T64")
async def test_one_number_verifies_only_one_account(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    verified = []
    for number in range(4):
        freelancer = f"f-{2000 + number}"
        await scene.push(a_snapshot(2000 + number, scene.clock.now(), phone=VICTIM))
        await ada.accept_link(freelancer)
        if await ask(ada, gateway, VICTIM):
            await ada.say(gateway.code)
            verified.append(await _is_verified(scene, freelancer))
        await forget(ada)

    assert verified == [True, False, False]  # and then the number had its three messages


@pytest.mark.attack("T64")
async def test_an_account_may_verify_its_number_again_after_erasure(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    verified = []
    for _ in range(2):
        await link_again(ada, OWN)
        assert await ask(ada, gateway, OWN)
        await ada.say(gateway.code)
        verified.append(await _is_verified(scene, FREELANCER))
        await forget(ada)

    assert verified == [True, True]


@pytest.mark.attack("T65")
async def test_unanswered_calls_are_counted_and_limited(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    numbers = [f"+120255501{n:02d}" for n in range(25)]
    gateway.unreachable = set(numbers)
    await ada.link(phone=VICTIM)

    await ask(ada, gateway, numbers[0])
    await use_number(ada, numbers[1])
    await ada.press_data(ada.last, "v:message")
    at_once = gateway.methods.count("checkSendAbility")
    for number in numbers[1:]:
        await ask(ada, gateway, number)
        await forget(ada)
        await link_again(ada)

    assert at_once == 1
    assert gateway.methods.count("checkSendAbility") == 15
    assert not await ask(ada, gateway, VICTIM)


@pytest.mark.attack("T66")
async def test_delivered_but_unread_messages_count_as_calls(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    await ada.link(phone=VICTIM)
    for number in range(10):
        if await ask(ada, gateway, VICTIM):
            for at, status in enumerate(("delivered", "expired"), start=2 * number):
                report = gateway.report(status, at)
                await post_report(scene.door, ROUTE, report, at=scene.clock.now().timestamp())
            await scene.settle()
        scene.clock.forward(minutes=10)

    assert len(gateway.sent) == 3


async def _is_verified(scene: Scene, freelancer: str) -> bool:
    found = await scene.parts.desk.database.read(
        lambda unit: unit.verifications.load(FreelancerId(freelancer))
    )
    return found.proved is not None
