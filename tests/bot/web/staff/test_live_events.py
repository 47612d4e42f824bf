"""What is new is told to open pages, over reconnects, until one is signed out or it all stops."""

import asyncio

import pytest
from aiohttp import ClientResponse

from bot.web.server import CLOSING
from tests.bot.web.staff.browser import AGENT, Browser
from tests.bot.web.staff.test_talks import open_talk
from tests.support.chat import Scene

PATIENCE = 10


async def listen(desk: Scene, path: str = "", **headers: str) -> ClientResponse:
    answer = await desk.door.get(f"/staff/events{path}", headers=headers)
    assert answer.status == 200
    return answer


async def next_event(stream: ClientResponse) -> dict[str, str]:
    """The next one that says something; an empty one at the end."""
    event: dict[str, str] = {}
    async with asyncio.timeout(PATIENCE):
        async for line in stream.content:
            name, _, value = line.decode().rstrip("\n").partition(":")
            if name in {"event", "id"}:
                event[name] = value.strip()
            elif not name and not value and event:
                return event
    return event


async def change_token(desk: Scene) -> str:
    return await desk.parts.desk.database.read(lambda unit: unit.change_tokens.of_all())


async def test_a_new_conversation_sends_an_event(browser: Browser, desk: Scene) -> None:
    await browser.sign_in(AGENT)
    stream = await listen(desk, f"?seen={await change_token(desk)}")
    await open_talk(desk, "Hello?")

    event = await next_event(stream)

    assert event == {"event": "news", "id": await change_token(desk)}
    assert stream.headers["Content-Type"] == "text/event-stream"


async def test_after_a_reconnect_missed_changes_are_sent_at_once(
    browser: Browser, desk: Scene
) -> None:
    await browser.sign_in(AGENT)
    before = await change_token(desk)
    await open_talk(desk)

    event = await next_event(await listen(desk, **{"Last-Event-ID": before}))

    assert event["event"] == "news"


async def test_a_client_that_is_up_to_date_gets_no_event(browser: Browser, desk: Scene) -> None:
    await open_talk(desk)
    await browser.sign_in(AGENT)
    stream = await listen(desk, **{"Last-Event-ID": await change_token(desk)})
    told = asyncio.ensure_future(next_event(stream))

    done, _ = await asyncio.wait({told}, timeout=1.5)

    assert done == set()
    told.cancel()


async def test_the_stream_of_a_conversation_reports_only_that_conversation(
    browser: Browser, desk: Scene
) -> None:
    talk = await open_talk(desk)
    await browser.sign_in(AGENT)
    stream = await listen(desk, f"?talk={talk}")
    first = await next_event(stream)
    await browser.send(f"/staff/talks/{talk}/note", text="VIP")

    second = await next_event(stream)

    assert first["id"] != second["id"]


async def test_the_stream_ends_at_sign_out(browser: Browser, desk: Scene) -> None:
    await browser.sign_in(AGENT)
    stream = await listen(desk, f"?seen={await change_token(desk)}")
    await browser.send("/staff/sign-out-everywhere")

    event = await next_event(stream)
    over = await next_event(stream)

    assert (event, over) == ({"event": "ended"}, {})


async def test_the_stream_ends_at_shutdown(browser: Browser, desk: Scene) -> None:
    await browser.sign_in(AGENT)
    stream = await listen(desk, f"?seen={await change_token(desk)}")

    app = desk.door.app
    assert app is not None
    app[CLOSING].set()

    assert await next_event(stream) == {}


@pytest.mark.parametrize("talk", ["999", "x", "-1", "9" * 30])
async def test_the_stream_of_an_unknown_conversation_does_no_harm(
    browser: Browser, desk: Scene, talk: str
) -> None:
    await browser.sign_in(AGENT)

    event = await next_event(await listen(desk, f"?talk={talk}"))

    assert event["event"] == "news"
