"""The web application listens, and every failure in it is a problem in one form."""

import socket

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from bot.web.server import PortTakenError, application, listening


async def fail(request: web.Request) -> web.Response:
    raise KeyError("a secret detail")


async def move(request: web.Request) -> web.Response:
    raise web.HTTPFound("/there")


async def be_there(request: web.Request) -> web.Response:
    return web.Response()


ROUTES = [
    web.get("/fails/{secret}", fail),
    web.get("/moves", move),
    web.get("/there", be_there),
]


async def test_an_internal_error_returns_a_problem_without_details(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with TestClient(TestServer(application(ROUTES))) as client:
        answer = await client.get("/fails/session-token")
        body = await answer.text()

    assert (answer.status, answer.content_type) == (500, "application/problem+json")
    assert "secret detail" not in body
    assert "GET /fails/{secret} failed" in caplog.text


async def test_successes_and_redirects_pass_unchanged() -> None:
    async with TestClient(TestServer(application(ROUTES))) as client:
        moved = await client.get("/moves", allow_redirects=False)
        there = await client.get("/there")

    assert (moved.status, there.status) == (302, 200)


async def test_the_server_listens_on_the_configured_address() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    app = application(ROUTES)
    async with listening(app, host="127.0.0.1", port=port), ClientSession() as http:
        answer = await http.get(f"http://127.0.0.1:{port}/there")

    assert answer.status == 200


async def test_a_port_in_use_is_reported_with_a_remedy() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(PortTakenError, match="choose another with HELPDESK_PORT"):
            async with listening(application([]), host="127.0.0.1", port=port):
                pass


async def test_requests_are_counted_by_route_pattern() -> None:
    counted: list[tuple[str, int]] = []

    app = application(ROUTES, requested=lambda route, code: counted.append((route, code)))
    async with TestClient(TestServer(app)) as client:
        await client.get("/fails/session-token")
        await client.get("/there")
        await client.get("/no-such-place/1")

    assert counted == [("/fails/{secret}", 500), ("/there", 200), ("none", 404)]
