"""Placing and ending calls: what each answer of the provider means."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from unittest.mock import ANY

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.gateways.ports import Accepted, NotKnown, NotPlaced, PlacementResult, Throttled
from bot.gateways.twilio.client import TwilioCalls
from state.model.verification import Ending, SessionId
from tests.support.phone import Provider, sid_of
from tests.support.scenes import settings_for

SESSION = SessionId("a" * 32)


@asynccontextmanager
async def calls_to(provider: Provider) -> AsyncIterator[TwilioCalls]:
    async with TestServer(provider.application()) as server, line_to(server.port, 5) as calls:
        yield calls


@asynccontextmanager
async def answering(
    answer: Callable[[web.Request], Awaitable[web.Response]], *, patience: float = 5
) -> AsyncIterator[TwilioCalls]:
    """A provider that answers whatever it is asked in this way."""
    app = web.Application()
    app.router.add_post("/{path:.*}", answer)
    async with TestServer(app) as server, line_to(server.port, patience) as calls:
        yield calls


def line_to(port: int | None, patience: float) -> TwilioCalls:
    settings = settings_for("sqlite+aiosqlite://", twilio_api=f"http://127.0.0.1:{port}")
    return TwilioCalls(settings, patience=patience)


async def place(*answers: tuple[int, object]) -> PlacementResult:
    async with calls_to(Provider(answers=list(answers))) as calls:
        return await calls.place(SESSION, "+447911123456")


async def test_an_accepted_call_has_a_sid() -> None:
    assert await place() == Accepted(sid_of(1))


@pytest.mark.parametrize(
    ("status", "body", "placement"),
    [
        (
            400,
            {"code": 21211},
            NotPlaced(Ending.NUMBER_REJECTED, "provider answered 400, error 21211"),
        ),
        (
            400,
            {"code": 21214},
            NotPlaced(Ending.NUMBER_REJECTED, "provider answered 400, error 21214"),
        ),
        (400, {"code": 21202}, NotPlaced(Ending.NOT_SERVED, "provider answered 400, error 21202")),
        (400, {"code": 21215}, NotPlaced(Ending.NOT_SERVED, "provider answered 400, error 21215")),
        (
            401,
            {"code": 20003},
            NotPlaced(Ending.MISCONFIGURED, "provider answered 401, error 20003"),
        ),
        (404, {}, NotPlaced(Ending.PROVIDER_FAILED, "provider answered 404, error None")),
        (429, {"code": 20429}, Throttled()),
        (400, {"code": 10004}, Throttled()),
        (500, {}, NotKnown()),
        (503, {"message": "down"}, NotKnown()),
        (201, {"status": "queued"}, NotKnown()),
        (201, ["no object"], NotKnown()),
        (401, "<html>", NotPlaced(Ending.MISCONFIGURED, "provider answered 401, error None")),
        (429, "<html>", Throttled()),
        (502, "<html>", NotKnown()),
    ],
)
async def test_each_refusal_is_classified(
    status: int, body: object, placement: PlacementResult
) -> None:
    assert await place((status, body)) == placement


@pytest.mark.attack("T32")
@pytest.mark.parametrize(
    ("status", "text", "placement"),
    [
        (201, '{"sid": "CA', NotKnown()),
        (201, "<html>Welcome</html>", NotKnown()),
        (401, "<html>Who are you?</html>", NotPlaced(Ending.MISCONFIGURED, ANY)),
        (429, "slow down", Throttled()),
        (503, "", NotKnown()),
    ],
)
async def test_a_response_that_is_no_json_is_classified_by_its_status(
    status: int, text: str, placement: PlacementResult
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=text, content_type="text/html")

    async with answering(answer) as calls:
        assert await calls.place(SESSION, "+447911123456") == placement


@pytest.mark.attack("T31")
async def test_an_order_without_a_timely_response_is_not_repeated() -> None:
    orders = []

    async def take_and_say_nothing(request: web.Request) -> web.Response:
        orders.append(await request.post())
        await asyncio.sleep(1)
        return web.json_response({"sid": sid_of(1)}, status=201)

    async with answering(take_and_say_nothing, patience=0.1) as calls:
        placement = await calls.place(SESSION, "+447911123456")

    assert placement == NotKnown()
    assert len(orders) == 1


async def test_without_a_response_it_is_unknown_whether_the_call_was_placed() -> None:
    async with line_to(9, 5) as calls:
        assert await calls.place(SESSION, "+447911123456") == NotKnown()
        assert await calls.end(sid_of(1)) is False


@pytest.mark.parametrize(
    ("status", "over"),
    [(200, True), (404, True), (400, True), (429, False), (500, False), (503, False)],
)
async def test_ending_a_call_succeeds_unless_the_provider_is_down(status: int, over: bool) -> None:
    async with calls_to(Provider(answers=[(status, {})])) as calls:
        assert await calls.end(sid_of(1)) is over


async def test_using_the_client_outside_its_context_fails() -> None:
    calls = line_to(9, 5)

    with pytest.raises(RuntimeError, match="outside its context"):
        await calls.end(sid_of(1))
