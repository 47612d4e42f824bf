"""The contract of a call provider, for each that there is: `WIRES` has their other sides."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

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
)
from tests.bot.gateways.provider_wires import WIRES
from tests.support.provider_protocols import Outcome, Wire

ASKED = Speech("Now the code.", Awaited.CODE, 6)
KEYED = Speech("Now key in the code.", Awaited.KEYED_CODE, 6)
GOODBYE = Speech("It's <over>.", Awaited.NOTHING, 6)
MOMENT = Speech("One moment.", Awaited.SAME_TURN, 6)


@pytest_asyncio.fixture
async def desk(
    wire: Wire, address: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ProviderDesk]:
    async with opened_desk(wire, address, monkeypatch) as desk:
        yield desk


def test_every_call_provider_has_a_contract_test() -> None:
    assert CALL_PROVIDERS.keys() <= WIRES.keys()


def test_its_name_is_the_one_in_the_settings(desk: ProviderDesk) -> None:
    assert desk.provider.name == desk.wire.voice
    assert desk.provider.caller.startswith("+")


# ---------------------------------------------------------------- orders


async def test_an_accepted_order_returns_the_providers_id(desk: ProviderDesk) -> None:
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
async def test_a_refusal_is_classified_and_logs_no_number(
    desk: ProviderDesk, outcome: Outcome, how: Ending
) -> None:
    desk.wire.will_be(outcome)

    refused = await desk.place()

    assert isinstance(refused, NotPlaced)
    assert refused.how is how
    assert NUMBER not in refused.detail


async def test_a_provider_at_capacity_has_placed_nothing(desk: ProviderDesk) -> None:
    desk.wire.will_be(Outcome.NO_ROOM)

    assert isinstance(await desk.place(), Throttled)


async def test_after_a_server_error_it_is_unknown_whether_the_call_was_placed(
    desk: ProviderDesk,
) -> None:
    desk.wire.will_be(Outcome.BROKEN)

    assert await desk.place() == NotKnown()


async def test_ending_a_call_succeeds_once_the_provider_confirms(desk: ProviderDesk) -> None:
    placed = await desk.place()
    assert isinstance(placed, Accepted)
    desk.wire.will_be(Outcome.BROKEN)

    ended = [await desk.provider.end(placed.sid), await desk.provider.end(placed.sid)]

    assert ended == [False, True]
    assert desk.wire.hung_up == [placed.sid]


async def test_an_unreachable_provider_gives_an_unknown_result(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened_desk(wire, "http://127.0.0.1:9", monkeypatch) as desk:
        assert await desk.place() == NotKnown()
        assert await desk.provider.end("1") is False


# ---------------------------------------------------------------- the dialogue


@pytest.mark.parametrize("speech", [GREETING, ASKED, KEYED, GOODBYE, MOMENT], ids=str)
async def test_each_step_is_spoken_and_continues_if_input_is_awaited(
    desk: ProviderDesk, speech: Speech
) -> None:
    phone = await desk.ringing(speech)

    said = await phone.pick_up()

    assert said.words == speech.words
    assert said.goes_on is (speech.awaited is not Awaited.NOTHING)


async def test_an_empty_speech_hangs_up(desk: ProviderDesk) -> None:
    phone = await desk.ringing(Speech("", Awaited.NOTHING, 6))

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
async def test_pressed_keys_are_read_from_the_request(
    desk: ProviderDesk, awaited: Awaited, key: str, happened: Happened
) -> None:
    phone = await desk.ringing(Speech("Now.", awaited, 6))
    await phone.pick_up()

    await phone.key(key)

    assert [desk.step(0).happened, desk.step(1).happened] == [PickedUp(), happened]


async def test_speech_is_read_from_the_request(desk: ProviderDesk) -> None:
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


async def test_asking_for_a_moment_repeats_the_same_turn(desk: ProviderDesk) -> None:
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
async def test_a_report_says_how_the_call_ended(
    desk: ProviderDesk, status: str, ended: Ending | None
) -> None:
    phone = await desk.ringing()

    assert await phone.report(status) == 204

    [report] = desk.asked
    assert isinstance(report, CallReport)
    assert report.ended is ended
    assert (report.call.session_id, report.call.number) == (SESSION, NUMBER)
