"""The contract of a call provider, for each that there is: `WIRES` names their other sides."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer

from bot.build import CALL_PROVIDERS
from bot.gateways.ports import Accepted, CallReport, NotKnown, NotPlaced, Throttled
from bot.presentation.speech import Awaited, Speech
from state.model.verification import Ending
from state.rules.call_events import KeyPressed, NothingPressed, PickedUp
from state.usecases.verification.run_call import Happened, HeardDigits
from tests.bot.gateways.provider_desk import (
    GREETING,
    NUMBER,
    SESSION,
    ProviderDesk,
    opened_desk,
    spoken_of,
)
from tests.support.chat import ADA, Scene
from tests.support.phone import Provider
from tests.support.sip.line import SipWire
from tests.support.stage import opened_scene
from tests.support.wires import Outcome, Telephone, Wire

WIRES: dict[str, Callable[[], Wire]] = {"twilio": Provider, "sip": SipWire}
ASKED = Speech("Now the code.", Awaited.CODE)
KEYED = Speech("Now key in the code.", Awaited.KEYED_CODE)
GOODBYE = Speech("It's <over>.", Awaited.NOTHING)
MOMENT = Speech("One moment.", Awaited.SAME_TURN)


@pytest.fixture(params=WIRES)
def wire(request: pytest.FixtureRequest) -> Wire:
    return WIRES[request.param]()


@pytest_asyncio.fixture
async def address(wire: Wire) -> AsyncIterator[str]:
    async with TestServer(wire.application()) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest_asyncio.fixture
async def desk(
    wire: Wire, address: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ProviderDesk]:
    async with opened_desk(wire, address, monkeypatch) as desk:
        yield desk


def test_no_provider_is_left_out() -> None:
    assert CALL_PROVIDERS.keys() <= WIRES.keys()


def test_its_name_is_the_one_that_the_settings_have_for_it(desk: ProviderDesk) -> None:
    assert desk.provider.name == desk.wire.voice
    assert desk.provider.caller.startswith("+")


# ---------------------------------------------------------------- orders


async def test_an_order_that_is_taken_has_the_providers_own_id(desk: ProviderDesk) -> None:
    first, second = await desk.place(), await desk.place()

    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert first.sid != second.sid


@pytest.mark.parametrize(
    ("outcome", "how"),
    [
        (Outcome.NUMBER_REFUSED, Ending.NUMBER_REJECTED),
        (Outcome.REGION_REFUSED, Ending.NOT_SERVED),
        (Outcome.LOGIN_REFUSED, Ending.MISCONFIGURED),
    ],
)
async def test_a_refusal_has_its_meaning_and_names_no_number(
    desk: ProviderDesk, outcome: Outcome, how: Ending
) -> None:
    desk.wire.will_be(outcome)

    refused = await desk.place()

    assert isinstance(refused, NotPlaced)
    assert refused.how is how
    assert NUMBER not in refused.detail


async def test_a_provider_without_room_has_created_nothing(desk: ProviderDesk) -> None:
    desk.wire.will_be(Outcome.NO_ROOM)

    assert isinstance(await desk.place(), Throttled)


async def test_whether_a_broken_provider_has_placed_it_is_not_known(desk: ProviderDesk) -> None:
    desk.wire.will_be(Outcome.BROKEN)

    assert await desk.place() == NotKnown()


async def test_a_call_is_ended_once_the_provider_says_so(desk: ProviderDesk) -> None:
    placed = await desk.place()
    assert isinstance(placed, Accepted)
    desk.wire.will_be(Outcome.BROKEN)

    ended = [await desk.provider.end(placed.sid), await desk.provider.end(placed.sid)]

    assert ended == [False, True]
    assert desk.wire.hung_up == [placed.sid]


async def test_nobody_at_the_other_end_is_not_known_either(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened_desk(wire, "http://127.0.0.1:9", monkeypatch) as desk:
        assert await desk.place() == NotKnown()
        assert await desk.provider.end("1") is False


# ---------------------------------------------------------------- the dialogue


@pytest.mark.parametrize("speech", [GREETING, ASKED, KEYED, GOODBYE, MOMENT], ids=str)
async def test_each_step_is_said_and_goes_on_if_something_is_awaited(
    desk: ProviderDesk, speech: Speech
) -> None:
    phone = await desk.ringing(speech)

    said = await phone.pick_up()

    assert said.words == speech.words
    assert said.goes_on is (speech.awaited is not Awaited.NOTHING)


async def test_silence_says_nothing_and_hangs_up(desk: ProviderDesk) -> None:
    phone = await desk.ringing(Speech("", Awaited.NOTHING))

    said = await phone.pick_up()

    assert (said.words, said.goes_on) == ("", False)


@pytest.mark.parametrize(
    ("awaited", "key", "happened"),
    [
        (Awaited.KEY, "#", KeyPressed("#")),
        (Awaited.KEY, "9", KeyPressed("9")),
        (Awaited.KEY, "", NothingPressed()),
        (Awaited.CODE, "482913", HeardDigits(keyed="482913")),
        (Awaited.KEYED_CODE, "48", HeardDigits(keyed="48")),
    ],
)
async def test_what_is_keyed_is_read_back(
    desk: ProviderDesk, awaited: Awaited, key: str, happened: Happened
) -> None:
    phone = await desk.ringing(Speech("Now.", awaited))
    await phone.pick_up()

    await phone.key(key)

    assert [desk.step(0).happened, desk.step(1).happened] == [PickedUp(), happened]


async def test_what_is_spoken_is_read_back(desk: ProviderDesk) -> None:
    phone = await desk.ringing(ASKED)
    await phone.pick_up()

    await phone.speak("four eight two", confidence=0.4)

    assert desk.step(1).happened == HeardDigits(said="four eight two", confidence=0.4)


async def test_steps_are_numbered_and_name_their_call(desk: ProviderDesk) -> None:
    phone = await desk.ringing(GREETING, ASKED)
    await phone.pick_up()
    await phone.key("#")
    await phone.key("482913")

    steps = [desk.step(number) for number in range(3)]

    assert [step.turn for step in steps] == [0, 1, 2]
    assert {step.tried for step in steps} == {0}
    assert {(one.call.session_id, one.call.number) for one in steps} == {(SESSION, NUMBER)}
    assert len({one.call.sid for one in steps}) == 1
    assert all(one.call.own_account for one in steps)


async def test_a_moment_asks_for_the_same_turn_once_more(desk: ProviderDesk) -> None:
    phone = await desk.ringing(GREETING, MOMENT, MOMENT, ASKED)
    await phone.pick_up()
    await phone.key("#")

    await phone.wait_a_moment()
    await phone.wait_a_moment()
    await phone.key("1")

    turns = [(desk.step(number).turn, desk.step(number).tried) for number in range(5)]
    assert turns == [(0, 0), (1, 0), (1, 1), (1, 2), (2, 0)]


@pytest.mark.parametrize(
    ("status", "ended"),
    [
        ("ringing", None),
        ("busy", Ending.BUSY),
        ("no-answer", Ending.NO_ANSWER),
        ("completed", Ending.ABANDONED),
    ],
)
async def test_a_report_tells_how_the_call_ended(
    desk: ProviderDesk, status: str, ended: Ending | None
) -> None:
    phone = await desk.ringing()

    assert await phone.report(status) == 204

    [report] = desk.asked
    assert isinstance(report, CallReport)
    assert report.ended is ended
    assert (report.call.session_id, report.call.number) == (SESSION, NUMBER)


# ---------------------------------------------------------------- with the whole desk behind it


@pytest_asyncio.fixture
async def scene(
    wire: Wire, address: str, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Scene]:
    changes = spoken_of(wire, address, monkeypatch)
    async with opened_scene(
        sqlite_url, folder=tmp_path, providers=wire.providers, **changes
    ) as scene:
        yield scene


async def ringing(scene: Scene, wire: Wire) -> Telephone:
    ada = scene.person(ADA)
    await ada.link()
    await ada.say("/verify")
    await ada.press("Yes, call me now")
    return wire.phone(scene.door, scene.settle)


async def test_a_forged_request_is_refused_and_changes_nothing(scene: Scene, wire: Wire) -> None:
    phone = await ringing(scene, wire)
    shown = scene.person(ADA).text

    assert await phone.forge() == 403
    assert scene.person(ADA).text == shown


async def test_a_repeated_request_is_answered_the_same_and_counts_once(
    scene: Scene, wire: Wire
) -> None:
    phone = await ringing(scene, wire)
    await phone.pick_up()
    await phone.key("#")
    wrong = await phone.key(scene.person(ADA).wrong_code)

    first, again = await phone.repeat()

    assert "You have 2 tries left." in wrong.words
    assert first == again
    assert "2 tries left." in scene.person(ADA).last.text


async def test_another_call_than_the_sessions_hears_nothing(scene: Scene, wire: Wire) -> None:
    phone = await ringing(scene, wire)
    phone.sid = "another"

    said = await phone.pick_up()

    assert (said.words, said.goes_on) == ("", False)
    assert "Your phone is ringing" in scene.person(ADA).last.text


async def test_a_verification_by_call_goes_from_the_order_to_its_end(
    scene: Scene, wire: Wire
) -> None:
    phone, ada = await ringing(scene, wire), scene.person(ADA)

    greeting = await phone.pick_up()
    asked = await phone.key("#")
    unclear = await phone.speak("twelve", confidence=0.9)
    wrong = await phone.key(ada.wrong_code)
    right = await phone.key(ada.code)
    reported = await phone.report("completed")
    await scene.wait(seconds=5)

    assert "this is Test Desk" in greeting.words
    assert "six digits" in asked.words
    assert "This did not cost you a try." in unclear.words
    assert "You have 2 tries left." in wrong.words
    assert (right.words, right.goes_on) == (
        "That is right. Your number is verified. Goodbye.",
        False,
    )
    assert reported == 204
    assert "Phone verification: done." in ada.last.text
    assert "ended before" not in ada.text


async def test_the_desk_does_not_call_itself(scene: Scene) -> None:
    ada, outside = scene.person(ADA), scene.parts.doors.calls
    assert outside is not None
    await ada.link()
    await ada.say("/verify")
    await ada.press("Use another number")

    [refused] = await ada.say(outside.caller)

    assert "can't" in refused.text
