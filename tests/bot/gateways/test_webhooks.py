"""Events by Standard Webhooks: what their own library makes of ours, and how a receiver fails."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from standardwebhooks import Webhook, WebhookVerificationError

from bot.gateways.clock import SystemClock
from bot.gateways.marketplace.webhooks import NotAccepted, WebhookSender
from tests.support.marketplace import SECRET, Service, post_of, serving

BODY = json.dumps({"type": "freelancer.linked", "data": {"id": "f-1001"}}).encode()


@pytest_asyncio.fixture
async def service() -> AsyncIterator[Service]:
    async with serving() as service:
        yield service


@pytest_asyncio.fixture
async def post(service: Service) -> AsyncIterator[WebhookSender]:
    async with post_of(service, SystemClock()) as post:
        yield post


async def test_the_standard_webhooks_library_verifies_a_posted_event(
    post: WebhookSender, service: Service
) -> None:
    refusal = await post.post("msg_1", BODY)

    [(headers, body)] = service.events
    assert refusal is None
    assert Webhook(SECRET).verify(body, headers) == json.loads(BODY)
    assert headers["webhook-id"] == "msg_1"


@pytest.mark.parametrize(
    ("secret", "headers", "body"),
    [
        ("whsec_" + "b3RoZXItb3RoZXItb3RoZXItb3RoZXI=", {}, BODY),
        (SECRET, {"webhook-id": "msg_2"}, BODY),
        (SECRET, {"webhook-timestamp": "1"}, BODY),
        (SECRET, {}, BODY + b" "),
    ],
    ids=["another secret", "another id", "another time", "another body"],
)
async def test_a_tampered_event_is_not_verified(
    post: WebhookSender, service: Service, secret: str, headers: dict[str, str], body: bytes
) -> None:
    await post.post("msg_1", BODY)
    [(sent, _)] = service.events

    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, sent | headers)


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        ("500", NotAccepted("the receiver answered 500")),
        ("404", NotAccepted("the receiver answered 404")),
        ("410", NotAccepted("the receiver answered 410")),
        ("moves", NotAccepted("the receiver answered 302")),
        ("throttles", NotAccepted("the receiver answered 429", timedelta(seconds=7))),
        ("hangs", NotAccepted("no answer (TimeoutError)")),
        ("breaks off", NotAccepted("no answer (ServerDisconnectedError)")),
    ],
)
async def test_a_failing_receiver_is_reported(
    post: WebhookSender, service: Service, how: str, outcome: NotAccepted
) -> None:
    service.how = how

    assert await post.post("msg_1", BODY) == outcome
