"""Placing and ending calls: what each answer of the provider means."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp.test_utils import TestServer

from bot.gateways.placement import NotKnown, Placed, Placement, Refused, Throttled
from bot.gateways.twilio import CallAddresses, TwilioCalls
from state.model.verification import Ending
from tests.phone import AUTH_TOKEN, CALLER, SID, Provider, sid_of

ADDRESSES = CallAddresses(
    voice="https://desk.example/v",
    fallback="https://desk.example/f",
    status="https://desk.example/s",
)


@asynccontextmanager
async def calls_to(provider: Provider) -> AsyncIterator[TwilioCalls]:
    async with TestServer(provider.application()) as server:
        base = f"http://127.0.0.1:{server.port}"
        async with TwilioCalls(
            base_url=base, account_sid=SID, auth_token=AUTH_TOKEN, caller=CALLER
        ) as calls:
            yield calls


async def place(*answers: tuple[int, object]) -> Placement:
    async with calls_to(Provider(answers=list(answers))) as calls:
        return await calls.place("+447911123456", ADDRESSES)


async def test_a_call_that_is_taken_has_a_sid() -> None:
    assert await place() == Placed(sid_of(1))


@pytest.mark.parametrize(
    ("status", "body", "placement"),
    [
        (
            400,
            {"code": 21211},
            Refused(Ending.NUMBER_REJECTED, "provider answered 400, error 21211"),
        ),
        (
            400,
            {"code": 21214},
            Refused(Ending.NUMBER_REJECTED, "provider answered 400, error 21214"),
        ),
        (400, {"code": 21202}, Refused(Ending.NOT_SERVED, "provider answered 400, error 21202")),
        (400, {"code": 21215}, Refused(Ending.NOT_SERVED, "provider answered 400, error 21215")),
        (
            401,
            {"code": 20003},
            Refused(Ending.MISCONFIGURED, "provider answered 401, error 20003"),
        ),
        (404, {}, Refused(Ending.PROVIDER_FAILED, "provider answered 404, error None")),
        (429, {"code": 20429}, Throttled()),
        (400, {"code": 10004}, Throttled()),
        (500, {}, NotKnown()),
        (503, {"message": "down"}, NotKnown()),
        (201, {"status": "queued"}, NotKnown()),
        (201, ["no object"], NotKnown()),
    ],
)
async def test_each_refusal_has_its_meaning(
    status: int, body: object, placement: Placement
) -> None:
    assert await place((status, body)) == placement


async def test_whether_a_call_was_placed_is_not_known_without_an_answer() -> None:
    async with TwilioCalls(
        base_url="http://127.0.0.1:9", account_sid=SID, auth_token=AUTH_TOKEN, caller=CALLER
    ) as calls:
        assert await calls.place("+447911123456", ADDRESSES) == NotKnown()
        assert await calls.end(sid_of(1)) is False


@pytest.mark.parametrize(
    ("status", "over"), [(200, True), (404, True), (400, True), (500, False), (503, False)]
)
async def test_a_call_is_over_unless_the_provider_is_down(status: int, over: bool) -> None:
    async with calls_to(Provider(answers=[(status, {})])) as calls:
        assert await calls.end(sid_of(1)) is over


async def test_it_is_used_inside_its_context() -> None:
    calls = TwilioCalls(base_url="http://x", account_sid=SID, auth_token="t", caller=CALLER)

    with pytest.raises(RuntimeError, match="outside its context"):
        await calls.end(sid_of(1))
