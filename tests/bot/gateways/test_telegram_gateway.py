"""Messages with codes: what each answer of the Gateway means, and how strict the stand-in is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp.test_utils import TestServer

from bot.gateways.ports import Accepted, NotKnown, NotPlaced, PlacementResult, Throttled
from bot.gateways.telegram_gateway.client import TelegramGateway
from state.model.verification import Ending, SessionId
from tests.support.gateway import TOKEN, Gateway, sign

NUMBER = "+12025550123"
DESK = "https://desk.example"
CALLBACK = f"{DESK}/hooks/telegram-gateway"
PAYLOAD = SessionId("a" * 32)


@asynccontextmanager
async def client_of(
    gateway: Gateway, token: str = TOKEN, desk: str | None = DESK
) -> AsyncIterator[TelegramGateway]:
    async with TestServer(gateway.application()) as server:
        base = f"http://127.0.0.1:{server.port}"
        async with TelegramGateway(base_url=base, token=token, public_url=desk) as client:
            yield client


async def send(
    gateway: Gateway, *, seconds: int = 600, desk: str | None = DESK
) -> PlacementResult:
    async with client_of(gateway, desk=desk) as client:
        return await client.send(PAYLOAD, NUMBER, "482913", seconds=seconds)


async def test_a_message_is_sent_once_and_carries_our_code() -> None:
    gateway = Gateway()

    assert await send(gateway) == Accepted("0000000001")
    assert gateway.asked == [
        ("checkSendAbility", {"phone_number": NUMBER}),
        (
            "sendVerificationMessage",
            {
                "phone_number": NUMBER,
                "request_id": "0000000001",
                "code": "482913",
                "ttl": "600",
                "payload": PAYLOAD,
                "callback_url": CALLBACK,
            },
        ),
    ]


@pytest.mark.parametrize(("seconds", "ttl"), [(3, "30"), (599, "599"), (9000, "3600")])
async def test_the_lifetime_of_a_message_is_that_of_its_code_within_the_allowed_range(
    seconds: int, ttl: str
) -> None:
    gateway = Gateway()

    await send(gateway, seconds=seconds, desk=None)

    assert gateway.asked[1][1]["ttl"] == ttl
    assert "callback_url" not in gateway.asked[1][1]


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        ("PHONE_NUMBER_INVALID", Ending.NOT_DELIVERED),
        ("PHONE_NUMBER_NOT_FOUND", Ending.NOT_DELIVERED),
        ("ACCESS_TOKEN_REQUIRED", Ending.MISCONFIGURED),
        ("BALANCE_NOT_ENOUGH", Ending.MISCONFIGURED),
        ("CALLBACK_URL_INVALID", Ending.MISCONFIGURED),
        ("SENDER_NOT_VERIFIED", Ending.MISCONFIGURED),
        ("UNKNOWN_METHOD", Ending.MISCONFIGURED),
        ("REQUEST_ID_INVALID", Ending.PROVIDER_FAILED),
    ],
)
async def test_each_refusal_is_classified(error: str, meaning: Ending) -> None:
    gateway = Gateway(answers=[(200, {"ok": False, "error": error})])

    assert await send(gateway) == NotPlaced(meaning, f"the Gateway answered {error}")


async def test_a_flood_wait_is_a_throttled_result() -> None:
    gateway = Gateway(answers=[(200, {"ok": False, "error": "FLOOD_WAIT_42"})])

    assert await send(gateway) == Throttled(42)


async def test_an_unknown_error_text_is_not_logged() -> None:
    gateway = Gateway(answers=[(200, {"ok": False, "error": f"no {NUMBER}"})])

    refused = await send(gateway)

    assert refused == NotPlaced(
        Ending.PROVIDER_FAILED, "the Gateway answered an error without a name"
    )


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {}),
        (200, []),
        (200, {"ok": True, "result": {}}),
        (200, {"ok": True}),
        (502, "<html>"),
    ],
)
async def test_an_invalid_response_leaves_the_result_unknown(status: int, body: object) -> None:
    assert await send(Gateway(answers=[(status, body)])) == NotKnown()


async def test_an_unreachable_gateway_leaves_the_result_unknown() -> None:
    nobody = TelegramGateway(base_url="http://127.0.0.1:9", token=TOKEN, public_url=None)
    async with nobody as client:
        assert await client.send(PAYLOAD, NUMBER, "1", seconds=1) == NotKnown()
        assert await client.revoke("1") is False
        assert await client.count("1", "1") is False


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        ({"ok": True, "result": True}, True),
        ({"ok": False, "error": "REQUEST_ID_INVALID"}, True),
        ({"ok": False, "error": "FLOOD_WAIT_3"}, False),
    ],
)
async def test_a_revocation_is_retried_only_if_it_did_not_arrive(
    answer: object, heard: bool
) -> None:
    async with client_of(Gateway(answers=[(200, answer), (200, answer)])) as client:
        assert await client.revoke("1") is heard
        assert await client.count("1", "482913") is heard


async def test_using_the_client_outside_its_context_fails() -> None:
    with pytest.raises(RuntimeError, match="outside its context"):
        await TelegramGateway(base_url="http://x", token="t", public_url=None).revoke("1")


# ---------------------------------------------------------------- the stand-in


async def test_the_fake_gateway_refuses_a_wrong_token() -> None:
    async with client_of(Gateway(), token="another") as client:
        refused = await client.send(PAYLOAD, NUMBER, "482913", seconds=60)

    assert refused == NotPlaced(Ending.MISCONFIGURED, "the Gateway answered ACCESS_TOKEN_INVALID")


@pytest.mark.parametrize(
    ("code", "desk", "error"),
    [
        ("12", None, "CODE_INVALID"),
        ("48 291", None, "CODE_INVALID"),
        ("482913", "http://desk.example", "CALLBACK_URL_INVALID"),
        ("482913", "https://desk.example/" + "x" * 256, "CALLBACK_URL_INVALID"),
    ],
)
async def test_the_fake_gateway_refuses_what_the_real_one_refuses(
    code: str, desk: str | None, error: str
) -> None:
    async with client_of(Gateway(), desk=desk) as client:
        refused = await client.send(PAYLOAD, NUMBER, code, seconds=60)

    assert refused == NotPlaced(Ending.MISCONFIGURED, f"the Gateway answered {error}")


def test_the_fake_gateway_signs_like_the_published_example() -> None:
    body = (
        b'{"request_id":"1234567890","phone_number":"+391234567890","request_cost":0.01,'
        b'"delivery_status":{"status":"delivered","updated_at":1760000000},"payload":"att_01"}'
    )

    signature = sign("1760000005", body)

    assert signature == "b70097d8dfb7da91f3b034a6b33026e9e6f93fb1a9ddc8c1a2c170557514d693"
