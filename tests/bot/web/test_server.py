"""The web application listens, and every failure in it is a problem in one form."""

import socket

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from bot.web.server import PortTakenError, application, listening


async def fail(request: web.Request) -> web.Response:
    raise KeyError("a secret detail")


async def move(request: web.Request) -> web.Response:
    raise web.HTTPFound("/health/live")


ROUTES = [web.get("/fails/{secret}", fail), web.get("/moves", move)]


async def test_a_failure_is_a_problem_that_tells_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with TestClient(TestServer(application(ROUTES))) as client:
        answer = await client.get("/fails/session-token")
        body = await answer.text()

    assert (answer.status, answer.content_type) == (500, "application/problem+json")
    assert "secret detail" not in body
    assert "GET /fails/{secret} failed" in caplog.text


async def test_what_is_no_failure_passes() -> None:
    async with TestClient(TestServer(application(ROUTES))) as client:
        moved = await client.get("/moves", allow_redirects=False)
        alive = await (await client.get("/health/live")).json()

    assert moved.status == 302
    assert alive == {"alive": True}


async def test_it_listens_where_it_is_told_to() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    async with listening(application([]), host="127.0.0.1", port=port), ClientSession() as http:
        answer = await http.get(f"http://127.0.0.1:{port}/health/live")

    assert answer.status == 200


async def test_a_port_that_is_taken_says_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(PortTakenError, match="choose another with HELPDESK_PORT"):
            async with listening(application([]), host="127.0.0.1", port=port):
                pass
