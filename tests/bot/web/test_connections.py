"""Requests that never end, on real sockets: what they cost is limited, and others are answered."""

import asyncio
import logging
from ipaddress import ip_network

import pytest
from aiohttp import web

from bot.web.body import body_of, form_of
from bot.web.connections import ConnectionLimits
from bot.web.open_files import raise_limit, shares_of
from bot.web.server import application
from tests.bot.web.raw import raw_port

LOOPBACK = (ip_network("127.0.0.0/8"),)
WHOLE = b"GET /there HTTP/1.1\r\nHost: desk\r\n\r\n"
UNFINISHED = b"GET /there HTTP/1.1\r\nHost: desk\r\nX-More: "
POST = b"POST /sent HTTP/1.1\r\nHost: desk\r\n"


async def be_there(_: web.Request) -> web.Response:
    return web.Response(text="here")


async def be_slow(_: web.Request) -> web.Response:
    await asyncio.sleep(1)
    return web.Response(text="at last")


async def take(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await body_of(request))))


async def take_json(request: web.Request) -> web.Response:
    return web.json_response(await request.json())


async def take_form(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await form_of(request))))


async def be_large(_: web.Request) -> web.Response:
    return web.Response(body=bytes(32 * 2**20))


def app() -> web.Application:
    return application(
        [
            web.get("/there", be_there),
            web.get("/slow", be_slow),
            web.get("/large", be_large),
            web.post("/sent", take),
            web.post("/form", take_form),
            web.post("/json", take_json),
        ]
    )


async def test_a_request_whose_headers_never_end_is_closed() -> None:
    async with raw_port(app(), limits=ConnectionLimits(headers=0.3)) as port:
        line = await port.call(UNFINISHED)

        assert (await line.rest()).startswith(b"HTTP/1.1 408 ")


async def test_slowly_sent_headers_get_no_extra_time() -> None:
    async with raw_port(app(), limits=ConnectionLimits(headers=1)) as port:
        line = await port.call(UNFINISHED)
        for _ in range(6):
            await asyncio.sleep(0.1)
            line.writer.write(b"x")

        async with asyncio.timeout(0.8):
            assert (await line.rest()).startswith(b"HTTP/1.1 408 ")


async def test_a_silent_connection_is_closed() -> None:
    async with raw_port(app(), limits=ConnectionLimits(headers=0.3)) as port:
        line = await port.call()

        assert (await line.rest()).startswith(b"HTTP/1.1 408 ")


async def test_the_headers_of_a_second_request_have_the_full_timeout() -> None:
    async with raw_port(app(), limits=ConnectionLimits(headers=0.3, idle=60)) as port:
        line = await port.call(WHOLE)
        first = await line.answer()
        await line.say(UNFINISHED)

        assert first.endswith(b"here")
        assert (await line.rest()).startswith(b"HTTP/1.1 408 ")


async def test_an_idle_connection_is_closed_without_a_response() -> None:
    async with raw_port(app(), limits=ConnectionLimits(idle=0.3)) as port:
        line = await port.call(WHOLE)
        await line.answer()

        assert await line.rest() == b""


async def test_a_response_may_take_longer_than_the_header_timeout() -> None:
    async with raw_port(app(), limits=ConnectionLimits(headers=0.2, idle=0.2, body=0.2)) as port:
        line = await port.call(b"GET /slow HTTP/1.1\r\nHost: desk\r\n\r\n")

        assert (await line.answer()).endswith(b"at last")


async def test_a_body_that_never_ends_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with raw_port(app(), limits=ConnectionLimits(body=0.3)) as port:
        line = await port.call(POST + b"Content-Length: 1000\r\n\r\nx")
        answer = await line.rest()

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert "Traceback" not in caplog.text
    assert [one for one in caplog.records if one.exc_info] == []


async def test_a_client_that_does_not_read_the_response_is_closed() -> None:
    async with raw_port(app(), limits=ConnectionLimits(unread=0.3, idle=60)) as port:
        line = await port.call(b"GET /large HTTP/1.1\r\nHost: desk\r\n\r\n")
        await asyncio.sleep(1)

        assert len(await line.rest()) < 32 * 2**20


async def test_connections_of_one_address_are_limited() -> None:
    async with raw_port(app(), limits=ConnectionLimits(per_address=5)) as port:
        kept = [await port.call(UNFINISHED) for _ in range(5)]
        refused = await port.call(WHOLE)

        assert await refused.rest() == b""

        kept[0].close()
        await asyncio.sleep(0.1)
        again = await port.call(WHOLE)

        assert (await again.answer()).endswith(b"here")


async def test_a_trusted_proxy_may_exceed_the_limit_of_an_address() -> None:
    async with raw_port(
        app(), limits=ConnectionLimits(per_address=5), trusted_proxies=LOOPBACK
    ) as port:
        for _ in range(20):
            await port.call(UNFINISHED)

        assert await port.status(WHOLE) == 200


async def test_hundreds_of_unfinished_requests_do_not_block_a_complete_one(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with raw_port(
        app(), limits=ConnectionLimits(total=100), trusted_proxies=LOOPBACK
    ) as port:
        first = await port.call(UNFINISHED)
        for _ in range(300):
            await port.call(UNFINISHED)

        assert await port.status(WHOLE) == 200
        assert (await first.rest()).startswith(b"HTTP/1.1 408 ")
        assert caplog.text.count("too many connections") == 1


async def test_connections_with_a_request_in_progress_are_not_closed_for_new_ones() -> None:
    async with raw_port(app(), limits=ConnectionLimits(total=2), trusted_proxies=LOOPBACK) as port:
        busy = [await port.call(b"GET /slow HTTP/1.1\r\nHost: desk\r\n\r\n") for _ in range(2)]
        await asyncio.sleep(0.1)
        refused = await port.call(WHOLE)

        assert await refused.rest() == b""
        assert [(await one.answer())[-7:] for one in busy] == [b"at last"] * 2


@pytest.mark.parametrize("files", [64, 256, 1024, 65_536, 1_048_576])
def test_the_connection_limit_leaves_open_files_for_everything_else(files: int) -> None:
    room = shares_of(files)

    assert room.connections + room.queue <= files * 3 // 4
    assert room.connections > files // 2 or room.connections == 4096


def test_the_process_raises_its_limit_of_open_files() -> None:
    assert raise_limit() == raise_limit()


BAD_BODIES = {
    "chunks that are none": b"Transfer-Encoding: chunked\r\n\r\nZZ\x1b[31m\r\n",
    "an encoding that is a lie": b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1b[1m",
    "an end too soon": b"Content-Length: 4000\r\n\r\nx",
    "an unknown character set": b"Content-Type: application/x-www-form-urlencoded; charset=x-\xff"
    b"\r\nContent-Length: 3\r\n\r\na=b",
    "not in that character set": b"Content-Type: application/x-www-form-urlencoded"
    b"\r\nContent-Length: 3\r\n\r\na=\xff",
    "a form of a thousand fields": b"Content-Type: application/x-www-form-urlencoded"
    b"\r\nContent-Length: 4000\r\n\r\n" + b"a=b&" * 1000,
    "another kind of form": b"Content-Type: multipart/form-data; boundary=\xff\r\n"
    b"Content-Length: 3\r\n\r\na=b",
}


@pytest.mark.parametrize("path", [b"/sent", b"/form", b"/there", b"/nowhere"])
@pytest.mark.parametrize("bad", BAD_BODIES.values(), ids=BAD_BODIES)
async def test_an_unreadable_body_is_a_client_error_with_one_log_line(
    bad: bytes, path: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with raw_port(app(), limits=ConnectionLimits(body=0.5)) as port:
        line = await port.call(b"POST %s HTTP/1.1\r\nHost: desk\r\n%s" % (path, bad))
        status = int((await line.reader.readline()).split()[1])
        line.close()
        await asyncio.sleep(0)

    assert status in {200, 400, 404, 405, 408, 413}
    assert [one for one in caplog.records if one.exc_info] == []
    assert "\x1b" not in caplog.text


@pytest.mark.parametrize("encoding", [b"gzip", b"deflate"])
async def test_a_wrong_content_encoding_is_a_client_error(
    encoding: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    body = b"Content-Encoding: %s\r\nContent-Length: 4\r\n\r\n{\xff\xff}" % encoding
    async with raw_port(app()) as port:
        status = await port.status(b"POST /json HTTP/1.1\r\nHost: desk\r\n" + body)

    assert status == 400
    assert [one for one in caplog.records if one.exc_info] == []


async def test_a_client_that_disconnects_during_a_body_is_no_internal_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with raw_port(app()) as port:
        line = await port.call(POST + b"Content-Length: 4000\r\n\r\nx")
        await asyncio.sleep(0.1)
        line.close()
        await asyncio.sleep(0.1)

    assert [one for one in caplog.records if one.exc_info] == []


BAD_REQUESTS = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "escape sequences": b"\x1b[31mGET / HTTP/1.1\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "another version": b"GET / HTTP/9.9\r\n\r\n",
    "a header without a name": b"GET / HTTP/1.1\r\n: \x1b[1m\r\n\r\n",
    "a header that goes on": b"GET / HTTP/1.1\r\nHost: a\r\n b\x00\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "no number": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \xff\r\n\r\n",
    "a long line": b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
    "a long header": b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 1000 + b"\r\n",
    "an expectation": b"GET /there HTTP/1.1\r\nHost: a\r\nExpect: \x1b[1m\xff\r\n\r\n",
}


@pytest.mark.parametrize("bad", BAD_REQUESTS.values(), ids=BAD_REQUESTS)
async def test_a_malformed_request_is_refused_with_one_log_line_that_quotes_nothing(
    bad: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with raw_port(app()) as port:
        line = await port.call(bad)
        answer = await line.rest()

    assert 400 <= int(answer.split()[1]) < 500
    assert b"aiohttp" not in answer
    assert b"Python" not in answer
    assert b"\x1b" not in answer
    assert [one for one in caplog.records if one.exc_info] == []
    assert "\x1b" not in caplog.text


@pytest.mark.parametrize("path", ["/there", "/nowhere", "/sent"])
async def test_the_server_header_names_no_version(path: str) -> None:
    async with raw_port(app()) as port:
        line = await port.call(f"GET {path} HTTP/1.1\r\nHost: desk\r\n\r\n".encode())
        answer = await line.answer()

    assert b"\r\nServer: helpdesk\r\n" in answer
    assert b"aiohttp" not in answer
