"""The demo's marketplace asks for the token, and believes only what is signed."""

from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.demo.service import Service
from bot.gateways.clock import SystemClock
from bot.gateways.marketplace.webhooks import NotAccepted, WebhookSender
from tests.support.marketplace import SECRET

BODY = b'{"type": "freelancer.linked", "data": {"id": "f-1001"}}'


class Bench(NamedTuple):
    service: Service
    http: TestClient[web.Request, web.Application]

    def post(self, secret: str = SECRET) -> WebhookSender:
        url = str(self.http.make_url("/m/events"))
        return WebhookSender(url=url, secret=secret, clock=SystemClock())


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    service, app = Service(token="t", secret=SECRET), web.Application()
    app.add_routes(service.routes("/m"))
    async with TestClient(TestServer(app)) as http:
        yield Bench(service, http)


@pytest.mark.parametrize(
    ("token", "freelancer", "status"), [("t", "f-1", 200), ("x", "f-1", 401), ("t", "f-2", 404)]
)
async def test_an_account_is_returned_only_with_the_token(
    bench: Bench, token: str, freelancer: str, status: int
) -> None:
    bench.service.accounts["f-1"] = {"id": "f-1"}

    answer = await bench.http.get(
        f"/m/freelancers/{freelancer}", headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.status == status


async def test_a_repeated_event_is_stored_once(bench: Bench) -> None:
    async with bench.post() as post:
        outcomes = [await post.post("msg_1", BODY) for _ in range(2)]

    listed = await bench.http.get("/m/events", params={"id": "f-1001"})
    others = await bench.http.get("/m/events", params={"id": "f-9"})
    assert outcomes == [None, None]
    assert len(await listed.json()) == 1
    assert await others.json() == []


async def test_an_event_signed_with_another_secret_is_refused(bench: Bench) -> None:
    async with bench.post("whsec_b3RoZXItb3RoZXItb3RoZXI=") as post:
        outcome = await post.post("msg_1", BODY)

    assert outcome == NotAccepted("the receiver answered 401")
    assert not bench.service.told
