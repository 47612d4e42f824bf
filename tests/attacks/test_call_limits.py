"""Calls cost money: which numbers are called at all, and how many of them."""

from itertools import count
from pathlib import Path
from typing import Any

import pytest

from state.model.account import FreelancerId
from state.model.verification import CallDecision, PlaceCall, Reason, WaitUntil
from state.ports import UnitOfWork
from state.rules.phone_number import NumberRefused
from state.usecases.verification.number_in_use import NoNumber
from tests.attacks.conftest import STAFF
from tests.support.builders import an_account
from tests.support.chat import ADA, BEN, Conversation, Scene
from tests.support.phone import CALLER
from tests.support.scenes import changed_policy, opened_scene

REFUSED = [
    "+19005550123",  # premium
    "+449098790123",
    "+18005550123",  # toll-free
    "+80012345678",
    "+979123456789",  # international premium
    "+883120000000",  # international networks
    "+870773111632",  # satellite
    "+447012345678",  # personal
    "+18765551234",  # Jamaica
    "+18095551234",  # Dominican Republic
    "+447700900123",  # possible, not valid
    CALLER,
]


async def ask(scene: Scene, who: str, number: str) -> CallDecision | NumberRefused | NoNumber:
    """For a freelancer that is known by now, with this number as the newest."""
    freelancer = FreelancerId(who)
    desk = scene.parts.desk
    account = an_account(id=freelancer, phone=number, as_of=scene.clock.forward(seconds=1))

    async def work(unit: UnitOfWork) -> CallDecision | NumberRefused | NoNumber:
        await desk.use_cases(unit).take_snapshot(account)
        return await desk.use_cases(unit).request_call(freelancer)

    decision = await desk.database.transact(work)
    await desk.database.transact(lambda unit: desk.use_cases(unit).cancel_call(freelancer))
    return decision


def placed(decisions: list[CallDecision | NumberRefused | NoNumber]) -> int:
    return sum(isinstance(decision, PlaceCall) for decision in decisions)


def why(decision: object) -> Reason | None:
    return decision.why if isinstance(decision, WaitUntil) else None


@pytest.mark.attack("T43", "T46")
async def test_numbers_of_refused_kinds_or_regions_never_reach_the_provider(
    scene: Scene, ada: Conversation
) -> None:
    await ada.link(phone=None)
    await ada.say("/verify")

    replies = [(await ada.say(number))[-1].text for number in REFUSED]

    told = "I can't call that number. Please send another one, with its country code, or use"
    assert {reply.partition(" /human")[0] for reply in replies} == {told}
    assert scene.provider.orders == []


@pytest.mark.attack("T46")
@pytest.mark.parametrize("number", ["911", "112", "+1911"])
async def test_emergency_and_short_numbers_are_refused(
    scene: Scene, ada: Conversation, number: str
) -> None:
    await ada.link(phone=number)

    await ada.say("/verify")

    assert ada.last.text.startswith("I can't call the number on record.")
    assert "Yes, call me now" not in ada.last.labels


@pytest.mark.attack("T44")
async def test_ten_numbers_of_one_person_allow_five_calls(scene: Scene) -> None:
    numbers = [f"+120255501{n:02d}" for n in range(10, 20)]

    decisions = []
    for number in numbers:
        decisions.append(await ask(scene, "f-1", number))
        scene.clock.forward(minutes=1)

    assert placed(decisions) == 5
    assert why(decisions[-1]) is Reason.CALLS_PER_FREELANCER


@pytest.mark.attack("T44")
async def test_ten_people_with_one_number_allow_three_calls(scene: Scene) -> None:
    decisions = []
    for n in range(10):
        decisions.append(await ask(scene, f"f-{n}", "+12025550123"))
        scene.clock.forward(minutes=1)

    assert placed(decisions) == 3
    assert why(decisions[-1]) is Reason.CALLS_PER_NUMBER


@pytest.mark.attack("T44")
async def test_a_hundred_numbers_in_one_block_allow_thirty_calls(
    scene: Scene, staff: Conversation
) -> None:
    decisions = [await ask(scene, f"f-{n}", f"+12025550{n:03d}") for n in range(100, 200)]
    await scene.settle()

    assert placed(decisions) == 30
    assert why(decisions[-1]) is Reason.CALLS_PER_BLOCK
    assert staff.text.count("Numbers of one block in US") == 1


@pytest.mark.attack("T44")
async def test_two_hundred_numbers_of_one_country_allow_150_calls(
    scene: Scene, staff: Conversation
) -> None:
    numbers = [f"+49170{n}34567" for n in range(100, 300)]

    decisions = [await ask(scene, f"f-{n}", number) for n, number in zip(count(), numbers)]
    await scene.settle()

    assert placed(decisions) == 150
    assert why(decisions[-1]) is Reason.CALLS_PER_REGION
    assert staff.text.count("Numbers in DE were called") == 1


@pytest.mark.attack("T45")
async def test_the_daily_limit_stops_new_calls_and_lets_running_ones_finish(
    database_url: str, tmp_path: Path
) -> None:
    policy = changed_policy(tmp_path, calls_per_desk=1)
    async with opened_scene(
        database_url, folder=tmp_path, policy=policy, staff_chat_id=STAFF
    ) as scene:
        ada, ben, staff = scene.person(ADA), scene.person(BEN), scene.person(ADA, chat=STAFF)
        await ada.link()
        await ben.link(phone="+12025550178")
        phone = await ada.be_called()
        await phone.to_code_step()

        await ben.say("/verify")
        await ben.press_data(ben.last, "v:call")
        await ben.press_data(ben.last, "v:call")
        farewell = await phone.key(ada.code)

    assert "I have made all the calls I may make today." in ben.last.text
    assert len(ben.last.moments) == 1
    assert farewell.words.startswith("That is right.")
    assert staff.text.count("The day's calls are used up") == 1


@pytest.mark.attack("T47")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("+1 202 555 0142;ext=5", "I can't dial an extension."),
        ("+1 202 555 0142 or +1 202 555 0143", "That looks like more than one number."),
        ("tel:+12025550142", "Noted: +1 … 42."),
        ("0012025550142", "Noted: +1 … 42."),
        ("+1\u00a0202\u200f 555\u00a00142", "Noted: +1 … 42."),
    ],
)
async def test_every_notation_of_a_number_gives_the_same_number_or_none(
    scene: Scene, ada: Conversation, text: str, told: str
) -> None:
    await ada.link(phone=None)
    await ada.say("/verify")

    replies = await ada.say(text)

    assert replies[0].text.startswith(told)
    assert scene.provider.orders == []


@pytest.mark.attack("T48")
async def test_a_taken_number_is_revealed_only_after_the_right_code_and_its_owner_is_notified(
    scene: Scene, ada: Conversation, ben: Conversation
) -> None:
    await ben.link()
    phone = await ben.be_called()
    await phone.to_code_step()
    await phone.key(ben.code)
    scene.clock.forward(minutes=1)
    await ada.link()

    await ada.say("/verify")
    before = ada.last.text
    await ada.press("Yes, call me now")
    other = scene.phone()
    await other.to_code_step()
    wrong = await other.key(ada.wrong_code)
    told_early = ben.last.text
    await other.key(ada.code)

    assert "The number to verify is +1 … 23." in before
    assert "You have 2 attempts left." in wrong.words
    assert "another account" not in ada.text.partition("That number is verified")[0]
    assert "That number is verified on another account already." in ada.text
    assert "Somebody has just shown" not in told_early
    assert "they hold the number +1 … 23" in ben.last.text
    assert "f-1001" not in ben.text


@pytest.mark.attack("T49")
@pytest.mark.parametrize(
    ("contact", "noted"),
    [
        ({"number": "12025550177"}, True),
        ({"number": "+12025550177", "owner": 77}, False),
        (
            {
                "number": "+12025550177",
                "forward_origin": {"type": "hidden_user", "sender_user_name": "x", "date": 0},
            },
            False,
        ),
    ],
    ids=["own, without a plus", "somebody else's", "forwarded"],
)
async def test_only_the_senders_own_contact_is_accepted(
    scene: Scene, ada: Conversation, contact: dict[str, Any], noted: bool
) -> None:
    await ada.link()

    await ada.share_contact(**contact)

    assert ("Noted: +1 … 77." in ada.text) is noted
    assert ("I can only take your own contact" in ada.text) is not noted


@pytest.mark.attack("T49")
async def test_a_typed_contact_card_is_no_contact(scene: Scene, ada: Conversation) -> None:
    await ada.link()

    await ada.say("BEGIN:VCARD\nTEL;TYPE=CELL:+12025550177\nEND:VCARD")

    assert "Noted" not in ada.text


async def test_voip_numbers_are_called_only_if_the_settings_allow_it(
    database_url: str, tmp_path: Path
) -> None:
    async with opened_scene(database_url, folder=tmp_path, call_voip=True) as scene:
        ada = scene.person(ADA)
        await ada.link(phone="+445612345678")
        await ada.be_called()

        assert scene.provider.orders[0]["To"] == "+445612345678"


async def test_the_senders_own_contact_verifies_if_the_policy_allows_it(
    database_url: str, tmp_path: Path
) -> None:
    policy = changed_policy(tmp_path, contact_verifies="true")
    async with opened_scene(database_url, folder=tmp_path, policy=policy) as scene:
        ada = scene.person(ADA)
        await ada.link()
        await ada.share_contact("+12025550177")
        told = ada.text
        await ada.say("/verify")

    assert "Verified: +1 … 77, the number of your own Telegram account." in told
    assert "Phone verification: done." in told
    assert "Your number +1 … 77 is verified." in ada.last.text
    assert scene.provider.orders == []


@pytest.mark.attack("T45")
async def test_without_a_staff_group_alarms_go_to_the_log(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    policy = changed_policy(tmp_path, calls_per_desk=1)
    async with opened_scene(database_url, folder=tmp_path, policy=policy) as scene:
        await ask(scene, "f-1", "+12025550142")
        await ask(scene, "f-2", "+12025550143")
        await scene.settle()

    assert caplog.text.count("the desk needs a person: calls_of_desk") == 1
