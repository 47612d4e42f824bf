import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.demo.server import make_app, make_world
from bot.demo.wiring import Wiring
from bot.demo.world import World
from tests.bot.demo.bench import CALLER, basic, until

ADA = 7000001001


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    return Wiring(port=1, bot_port=2, folder=tmp_path)


@pytest.fixture
def world(wiring: Wiring) -> World:
    return make_world(wiring)


@pytest.fixture
async def page(world: World) -> AsyncIterator[TestClient[Any, Any]]:
    server = TestServer(make_app(world), host="127.0.0.1")
    async with world.telegram, world.phone, world.marketplace, TestClient(server) as client:
        yield client
        world.events.close()


async def next_event(stream: Any) -> Any:
    line = await stream.content.readuntil(b"\n\n")
    return json.loads(line.removeprefix(b"data: "))


async def test_the_page_has_a_strict_content_security_policy(page: TestClient[Any, Any]) -> None:
    answer = await page.get("/")
    html = await answer.text()

    assert answer.status == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Ada Moreau" in html
    assert "<script>" not in html


@pytest.mark.parametrize(
    "hook",
    [
        "person-picker", "chat-log", "chat-input", "chat-send", "menu-button", "phone",
        "phone-state", "phone-prompt", "key-0", "key-9", "key-star", "key-hash", "phone-answer",
        "phone-decline", "phone-busy", "phone-hangup", "phone-say", "clock", "clock-10m",
        "clock-1h", "clock-24h", "link-button",
    ],
)  # fmt: skip
async def test_the_page_has_the_hooks_of_the_browser_tests(
    page: TestClient[Any, Any], hook: str
) -> None:
    html = await (await page.get("/")).text()

    assert html.count(f'data-testid="{hook}"') == 1


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("main.js", "text/javascript"),
        ("page.css", "text/css"),
        ("mark.svg", "image/svg+xml"),
    ],
)
async def test_assets_are_served(page: TestClient[Any, Any], path: str, kind: str) -> None:
    answer = await page.get(f"/static/{path}")

    assert (answer.status, answer.content_type) == (200, kind)


@pytest.mark.parametrize("path", ["..%2Fpeople.toml", "people.toml", "nothing.js"])
async def test_unknown_paths_are_not_found(page: TestClient[Any, Any], path: str) -> None:
    answer = await page.get(f"/static/{path}")

    assert answer.status == 404


@pytest.mark.parametrize(
    "path", ["/world/say", "/telegram/bot1:x/getMe", "/login/token", "/marketplace/events"]
)
async def test_a_wrong_content_encoding_is_a_client_error(
    page: TestClient[Any, Any], path: str
) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}

    answer = await page.post(path, data=b"{\xff\xff}", headers=headers)

    assert 400 <= answer.status < 500


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}],
)
async def test_requests_of_other_sites_are_refused(
    page: TestClient[Any, Any], headers: dict[str, str]
) -> None:
    answer = await page.get("/", headers=headers)

    assert answer.status == 403


async def test_a_form_of_another_site_is_no_command(page: TestClient[Any, Any]) -> None:
    answer = await page.post("/world/say", data={"person": "f-1001", "text": "x"})

    assert answer.status == 415


async def test_messages_appear_only_on_the_persons_own_page(page: TestClient[Any, Any]) -> None:
    async with page.get("/events?person=f-1001") as ada, page.get("/events?person=f-1002") as ben:
        states = [await next_event(ada), await next_event(ben)]
        await page.post("/world/say", json={"person": "f-1001", "text": "hello"})
        await page.post("/world/say", json={"person": "f-1002", "text": "hi"})

        seen = [await next_event(ada), await next_event(ben)]

    assert [each["messages"] for each in states] == [[], []]
    assert [each["message"]["text"] for each in seen] == ["hello", "hi"]


async def test_the_clock_can_be_moved(page: TestClient[Any, Any], world: World) -> None:
    answer = await page.post("/world/clock", json={"minutes": 1440})

    assert answer.status == 200
    assert world.time()["ahead"] == 86400


@pytest.mark.parametrize(
    ("command", "wish", "sentence"),
    [
        ("say", {"person": "f-1001", "text": " "}, "There is nothing to send yet."),
        ("say", {"person": "f-1001"}, "The page forgot to say text."),
        ("say", {"person": "f-9", "text": "x"}, "There is nobody with that id here."),
        ("answer", {"person": "f-1001"}, "There is no call."),
        ("clock", {"minutes": -5}, "The clock only moves forward, and not by years."),
        ("fly", {}, "The page can't do fly."),
        (
            "link",
            {"person": "f-1001"},
            "The bot is still starting. Try again in a moment.",
        ),
    ],
)
async def test_an_impossible_command_is_refused_with_a_sentence(
    page: TestClient[Any, Any], command: str, wish: dict[str, Any], sentence: str
) -> None:
    answer = await page.post(f"/world/{command}", json=wish)

    assert answer.status == 409
    assert await answer.json() == {"error": sentence}


@pytest.mark.parametrize(
    ("command", "wish"),
    [
        ("contact", {}),
        ("block", {"blocked": True}),
        ("edit", {"message_id": 1, "text": "changed"}),
        ("telegram-busy", {"busy": True}),
    ],
)
async def test_a_person_can_do_everything_that_a_telegram_client_can(
    page: TestClient[Any, Any], world: World, command: str, wish: dict[str, Any]
) -> None:
    world.telegram.visitors.say(ADA, "hello")

    answer = await page.post(f"/world/{command}", json={"person": "f-1001", **wish})

    assert answer.status == 200


@pytest.mark.parametrize(
    ("called", "rings"),
    [("+12025550123", "ringing"), ("+12025550150", "ringing"), ("+447911123456", "idle")],
)
async def test_the_phone_rings_for_the_numbers_of_its_person(
    page: TestClient[Any, Any], wiring: Wiring, world: World, called: str, rings: str
) -> None:
    order = {"To": called, "From": CALLER, "Url": "http://127.0.0.1:2/voice"}
    login = f"{wiring.account_sid}:{wiring.auth_token}"
    accounts = f"/twilio/2010-04-01/Accounts/{wiring.account_sid}"
    await page.post(f"{accounts}/Calls.json", data=order, headers=basic(login))
    await until(lambda: next(iter(world.phone.calls.values())).status == "ringing")

    assert world.state("f-1001")["phone"]["state"] == rings
