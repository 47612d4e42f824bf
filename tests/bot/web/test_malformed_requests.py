"""Bytes that no client would send, at every door: refused, without a line of a traceback."""

import logging
import re

import pytest

from bot.web.server import application
from bot.web.staff.session import Cookies
from state.model.staff import StaffId
from state.usecases.staff.sign_in import SignedIn
from tests.bot.web.raw import Port, raw_port
from tests.support.chat import ANN, API_TOKEN, Scene

ODD = (b"\xed\xa0\x80", b"%ed%a0%80%ff", b"%00%1b[31m", b"..", b"%2f%2e", b"9" * 19, b"1" * 30)
"""Half of a pair, no UTF-8, NUL and an escape sequence, dots, a slash, numbers too long."""
DOORS = (
    ("POST", b"/telegram"),
    ("POST", b"/hooks/twilio/voice/1/1"),
    ("PUT", b"/api/v1/freelancers/1"),
    ("GET", b"/staff/sign-in"),
    ("POST", b"/staff/sign-in/1"),
    ("GET", b"/staff/sign-in/telegram/back?state=1"),
    ("POST", b"/staff/members"),
    ("GET", b"/nowhere"),
)
HEADERS = (
    b"Authorization: Bearer %s",
    b"Cookie: staff=%s; staff-login=%s x",
    b"X-Telegram-Bot-Api-Secret-Token: %s",
    b"X-Twilio-Signature: %s",
    b"X-Forwarded-For: %s",
    b"Origin: %s",
    b"X-CSRF-Token: %s",
    b"Last-Event-ID: %s",
    b"Content-Type: %s",
    b"Content-Type: application/json; charset=%s",
    b"Accept: text/html; %s",
    b"Host: %s",
    b"X-Request-Timestamp: %s\r\nX-Request-Signature: %s",
)


def request(method: str, path: bytes, header: bytes = b"", body: bytes = b"") -> bytes:
    lines = [b"%s %s HTTP/1.1" % (method.encode(), path), b"Connection: close"]
    lines += [header] if header else []
    lines += [] if header.startswith(b"Host") else [b"Host: desk.test"]
    lines += [b"Content-Length: %d" % len(body), b"", body]
    return b"\r\n".join(lines)


async def statuses(port: Port, requests: list[bytes]) -> list[tuple[int, bytes]]:
    return [(await port.status(one), one) for one in requests]


def paths(scene: Scene) -> set[tuple[str, str]]:
    """Of every route, with a place for each of its variables."""
    found = {(route.method, route.path) for route in scene.parts.web_routes.routes()}
    return {
        (method, re.sub(r"\{[^{}]*(\{[^{}]*\}[^{}]*)*\}", "%s", path)) for method, path in found
    }


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO)
    return caplog


async def cookie_of_lead(scene: Scene) -> bytes:
    desk = scene.parts.desk
    inside = await desk.database.transact(
        lambda unit: desk.use_cases(unit).sign_in.by_telegram(StaffId(ANN), "Ann")
    )
    assert isinstance(inside, SignedIn)
    return f"{Cookies(https=True).visit}={inside.secret}".encode()


@pytest.mark.parametrize("odd", ODD, ids=repr)
async def test_invalid_bytes_in_a_path_or_query_are_refused(
    odd: bytes, scene: Scene, quiet: pytest.LogCaptureFixture
) -> None:
    known = b"Authorization: Bearer %s\r\nCookie: %s" % (
        API_TOKEN.encode(),
        await cookie_of_lead(scene),
    )
    asked = []
    for method, path in sorted(paths(scene)):
        filled = path.encode().replace(b"%s", odd)
        query = b"?days=%s&next=%s&state=%s&before=%s&kind=%s&talk=%s" % ((odd,) * 6)
        asked += [request(method, filled, known), request(method, filled + query, known)]
    async with raw_port(application(scene.parts.web_routes.routes())) as port:
        assert await port.status(request("GET", b"/staff/me", known)) == 200

        got = await statuses(port, [one for one in asked if b"/staff/events" not in one])

    assert [one for one in got if one[0] >= 500] == []
    assert [one.getMessage() for one in quiet.records if one.exc_info] == []


@pytest.mark.parametrize("header", HEADERS, ids=repr)
async def test_invalid_bytes_in_a_header_are_refused(
    header: bytes, scene: Scene, quiet: pytest.LogCaptureFixture
) -> None:
    asked = [
        request(method, path, header.replace(b"%s", odd), b"a=b")
        for method, path in DOORS
        for odd in ODD
    ]
    async with raw_port(application(scene.parts.web_routes.routes())) as port:
        got = await statuses(port, asked)

    assert [one for one in got if one[0] >= 500] == []
    assert [one.getMessage() for one in quiet.records if one.exc_info] == []
