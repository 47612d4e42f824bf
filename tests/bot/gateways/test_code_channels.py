"""The contract of a channel for codes, for each that there is: `WIRES` names their other sides."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.build import CODE_CHANNELS, code_channel
from bot.gateways.ports import (
    Accepted,
    CodeChannel,
    ForgedRequestError,
    MessageReport,
    NotKnown,
    NotPlaced,
    PlacementResult,
    Throttled,
)
from state.model.channel import Reached
from state.model.verification import Ending, SessionId
from state.rules.call_events import CallEvent, HungUp, MessageReached
from tests.support.fakes import FakeClock
from tests.support.gateway import Gateway
from tests.support.provider_protocols import CodeWire, Door, Outcome
from tests.support.scenes import settings_for

SESSION = SessionId("a" * 32)
NUMBER, CODE = "+12025550123", "482913"
WIRES: list[Callable[[], CodeWire]] = [Gateway]


@dataclass(slots=True, kw_only=True)
class ChannelDesk:
    """A channel between two real servers: its provider's side, and a desk that takes reports."""

    wire: CodeWire
    channel: CodeChannel
    door: Door
    clock: FakeClock = field(default_factory=FakeClock)
    reports: list[MessageReport | None] = field(default_factory=list)

    async def send(self) -> PlacementResult:
        return await self.channel.send(SESSION, NUMBER, CODE, seconds=600)

    async def take(self, request: web.Request) -> web.Response:
        try:
            self.reports.append(await self.channel.read(request, self.clock.now()))
        except ForgedRequestError:
            return web.Response(status=403)
        return web.Response()

    async def hear(
        self, status: str, *, age: timedelta = timedelta(), forged: bool = False
    ) -> int:
        """A report on the newest message; the HTTP status that answers it."""
        at = (self.clock.now() - age).timestamp()
        return await self.wire.post_report(
            self.door, self.channel.path, status, at=at, forged=forged
        )


@pytest_asyncio.fixture(params=WIRES)
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[ChannelDesk]:
    wire = request.param()
    app = web.Application()
    async with TestServer(wire.application()) as server:
        own = wire.settings(f"http://127.0.0.1:{server.port}")
        channel = code_channel(settings_for("sqlite+aiosqlite://", **own))
        assert channel is not None
        async with channel:
            door = TestClient(TestServer(app))
            desk = ChannelDesk(wire=wire, channel=channel, door=door)
            app.add_routes([web.post(channel.path, desk.take)])
            async with door:
                yield desk


def test_every_code_channel_has_a_contract_test() -> None:
    assert len(WIRES) == len(CODE_CHANNELS)


def test_a_code_channel_is_optional() -> None:
    assert code_channel(settings_for("sqlite+aiosqlite://")) is None


# ---------------------------------------------------------------- messages


async def test_an_accepted_message_returns_the_providers_id(desk: ChannelDesk) -> None:
    first, second = await desk.send(), await desk.send()

    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert first.sid != second.sid
    assert desk.wire.brought == [(NUMBER, CODE), (NUMBER, CODE)]


@pytest.mark.parametrize(
    ("outcome", "how"),
    [
        (Outcome.NUMBER_REFUSED, Ending.NOT_DELIVERED),
        (Outcome.LOGIN_REFUSED, Ending.MISCONFIGURED),
    ],
)
async def test_a_refusal_is_classified_and_logs_no_number(
    desk: ChannelDesk, outcome: Outcome, how: Ending
) -> None:
    desk.wire.will_be(outcome)

    refused = await desk.send()

    assert isinstance(refused, NotPlaced)
    assert refused.how is how
    assert NUMBER not in refused.detail
    assert desk.wire.brought == []


async def test_a_provider_at_capacity_has_sent_nothing(desk: ChannelDesk) -> None:
    desk.wire.will_be(Outcome.NO_ROOM)

    assert isinstance(await desk.send(), Throttled)
    assert desk.wire.brought == []


async def test_after_a_server_error_it_is_unknown_whether_the_message_was_sent(
    desk: ChannelDesk,
) -> None:
    desk.wire.will_be(Outcome.BROKEN)

    assert await desk.send() == NotKnown()


async def test_counting_and_revoking_a_message_succeed_once_the_provider_confirms(
    desk: ChannelDesk,
) -> None:
    sent = await desk.send()
    assert isinstance(sent, Accepted)
    desk.wire.will_be(Outcome.BROKEN)

    counted = [await desk.channel.count(sent.sid, CODE), await desk.channel.count(sent.sid, CODE)]
    desk.wire.will_be(Outcome.NO_ROOM)
    revoked = [await desk.channel.revoke(sent.sid), await desk.channel.revoke(sent.sid)]

    assert (counted, revoked) == ([False, True], [False, True])
    assert desk.wire.counted == [(sent.sid, CODE)]
    assert desk.wire.revoked == [sent.sid]


# ---------------------------------------------------------------- reports


@pytest.mark.parametrize(
    ("status", "happened"),
    [
        ("delivered", MessageReached(Reached.DELIVERED)),
        ("read", MessageReached(Reached.READ)),
        ("expired", HungUp(Ending.NOT_DELIVERED)),
        ("teleported", None),
    ],
)
async def test_a_report_says_how_far_the_message_got(
    desk: ChannelDesk, status: str, happened: CallEvent | None
) -> None:
    sent = await desk.send()
    assert isinstance(sent, Accepted)

    answered = [await desk.hear(status), await desk.hear(status)]

    first, again = desk.reports
    assert answered == [200, 200]
    assert first is not None
    assert (first.session_id, first.sid, first.happened) == (SESSION, sent.sid, happened)
    assert again == first


async def test_a_report_with_a_wrong_signature_is_refused(desk: ChannelDesk) -> None:
    await desk.send()

    assert await desk.hear("delivered", forged=True) == 403
    assert desk.reports == []


@pytest.mark.parametrize("age", [timedelta(minutes=6), timedelta(minutes=-6)], ids=str)
async def test_a_stale_report_is_refused(desk: ChannelDesk, age: timedelta) -> None:
    await desk.send()

    assert await desk.hear("delivered", age=age) == 403
    assert desk.reports == []
