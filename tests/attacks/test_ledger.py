"""Three wrong codes a day for a person and for a number, whatever is erased or changed between.

Codes come by Telegram messages here: in that channel guessing is the attack.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.web.gateway import ROUTE
from state.model.account import FreelancerId
from state.store import tables
from tests.attacks.records import FREELANCER, kept
from tests.attacks.test_gateway import wrong
from tests.builders import a_snapshot
from tests.chat import API_TOKEN, BEN, Conversation, Scene
from tests.fakes import START
from tests.gateway import Gateway, post_report
from tests.stage import changed_policy, opened_scene
from tests.traces import forget

VICTIM, OWN, THIRD = "+12025550123", "+12025550177", "+12025550188"
CID = 1003
WRONG = ("That is not the code.", "it was the last try")
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
async def test_wrong_codes_are_counted_over_numbers_and_erasures(
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
async def test_calls_are_counted_over_erasures_and_not_me_holds(
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
async def test_erasing_oneself_gives_no_more_calls_than_a_day_has(
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
async def test_three_accounts_have_three_codes_at_one_number_between_them(
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
async def test_a_success_at_ones_own_number_clears_nothing_at_anothers(
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
async def test_a_success_clears_what_was_wrong_at_the_number_it_proved(
    ada: Conversation, gateway: Gateway
) -> None:
    await ada.link(phone=OWN)
    assert await ask(ada, gateway, OWN)
    await guess(ada, gateway, 2)
    await ada.say(gateway.code)

    assert await ask(ada, gateway, VICTIM)
    assert await guess(ada, gateway, 4) == 3


@pytest.mark.attack("T64")
async def test_one_telephone_verifies_one_account(
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
async def test_the_account_that_proved_a_number_may_prove_it_again_after_erasure(
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
async def test_asks_that_reach_nobody_are_counted_and_paused(
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
async def test_messages_that_were_delivered_and_not_read_are_counted_as_calls(
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


Change = Callable[[Scene, Conversation], Awaitable[None]]


async def deleted_by_the_marketplace(scene: Scene, ada: Conversation) -> None:
    answer = await scene.door.delete(
        f"/api/v1/freelancers/{FREELANCER}", headers={"Authorization": f"Bearer {API_TOKEN}"}
    )
    assert answer.status in {200, 204}
    await scene.settle()
    await link_again(ada)


async def erased_by_an_operator(scene: Scene, ada: Conversation) -> None:
    desk = scene.parts.desk
    await desk.database.transact(lambda unit: desk.use_cases(unit).forget_freelancer(FREELANCER))
    await scene.settle()
    await link_again(ada)


async def unlinked(scene: Scene, ada: Conversation) -> None:
    await ada.say("/unlink")
    await ada.accept_link(FREELANCER)


async def cleared_by_staff(scene: Scene, ada: Conversation) -> None:
    desk = scene.parts.desk
    await desk.database.transact(
        lambda unit: desk.use_cases(unit).clear_verification(
            FREELANCER, reason="a mistake", actor="staff:eve"
        )
    )
    await scene.settle()


async def linked_to_another_chat(scene: Scene, ada: Conversation) -> None:
    other = scene.person(ada.person, chat=BEN)
    await other.accept_link(FREELANCER)
    await ada.accept_link(FREELANCER)


@pytest.mark.attack("T68")
@pytest.mark.parametrize(
    "change",
    [
        deleted_by_the_marketplace,
        erased_by_an_operator,
        unlinked,
        cleared_by_staff,
        linked_to_another_chat,
    ],
)
async def test_nothing_that_can_be_done_to_an_account_gives_attempts_back(
    scene: Scene, ada: Conversation, gateway: Gateway, change: Change
) -> None:
    await ada.link(phone=VICTIM)
    assert await ask(ada, gateway, VICTIM)
    judged = await guess(ada, gateway, 2)
    await cancel(ada)

    await change(scene, ada)
    assert await ask(ada, gateway, VICTIM)
    judged += await guess(ada, gateway, 2)
    await change(scene, ada)

    assert judged == 3
    assert not await ask(ada, gateway, OWN)


@pytest.mark.attack("T68")
@pytest.mark.parametrize(
    ("values", "left"), [({"attempts": 2}, 0), ({"attempts": 5}, 3), ({"lock_hours": 48}, 1)]
)
async def test_a_policy_that_changes_in_mid_round_counts_what_was_wrong_before(
    database_url: str,
    tmp_path: Path,
    gateway: Gateway,
    values: dict[str, int | str],
    left: int,
) -> None:
    async with opened_scene(database_url, folder=tmp_path / "a", gateway=gateway) as scene:
        ada = scene.person()
        await ada.link(phone=VICTIM)
        await ask(ada, gateway, VICTIM)
        await guess(ada, gateway, 2)
        await cancel(ada)
        clock = scene.clock
    changed = changed_policy(tmp_path, **values)

    async with opened_scene(
        database_url, folder=tmp_path / "b", gateway=gateway, policy=changed, clock=clock
    ) as scene:
        scene.updates = 1_000  # update ids go on
        again = scene.person()
        asked = await ask(again, gateway, VICTIM)
        judged = await guess(again, gateway, 5) if asked else 0

    assert judged == left


@pytest.mark.attack("T68")
async def test_an_erasure_over_the_change_to_summer_time_shortens_nothing(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    london = ZoneInfo("Europe/London")
    scene.clock.moment = datetime(2027, 3, 27, 13, 30, tzinfo=london).astimezone(UTC)
    await ada.link(phone=VICTIM)
    assert await ask(ada, gateway, VICTIM)
    await guess(ada, gateway, 3)
    locked_at = scene.clock.now()
    await forget(ada)
    await link_again(ada)

    scene.clock.moment = locked_at + DAY - timedelta(minutes=1, milliseconds=1)
    early = await ask(ada, gateway, VICTIM)
    scene.clock.moment = locked_at + DAY - timedelta(minutes=1)

    assert not early
    assert await ask(ada, gateway, VICTIM)


async def test_the_ledger_knows_nobody_by_name_or_number(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    await ada.link(phone=VICTIM)
    await ask(ada, gateway, VICTIM)
    await guess(ada, gateway, 1)
    await forget(ada)

    entries = await kept(scene, tables.verification_ledger)

    assert len(entries) == 2
    known = (FREELANCER, str(ada.chat), VICTIM[1:], VICTIM[1:-4])
    assert [word for word in known if word in str(entries)] == []


async def _is_verified(scene: Scene, freelancer: str) -> bool:
    found = await scene.parts.desk.database.look(
        lambda unit: unit.verifications.load(FreelancerId(freelancer))
    )
    return found.proved is not None
