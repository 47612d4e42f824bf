"""Sign-in by Telegram Login, from the door to the pages and back."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest_asyncio
from aiohttp.test_utils import TestServer

from bot.gateways.telegram_login import TelegramLogin
from tests.bot.web.staff.browser import ADDRESS, ADMIN, STRANGER, Browser
from tests.support.fakes import FakeClock
from tests.support.login import CLIENT, SECRET, FakeLogin
from tests.support.scenes import opened_scene

BACK = "/staff/sign-in/telegram/back"


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[FakeLogin]:
    login = FakeLogin(clock=FakeClock())
    async with TestServer(login.application()) as server:
        login.issuer = f"http://127.0.0.1:{server.port}"
        yield login


@pytest_asyncio.fixture
async def browser(telegram: FakeLogin, sqlite_url: str, tmp_path: Path) -> AsyncIterator[Browser]:
    login = TelegramLogin(
        issuer=telegram.issuer,
        client_id=CLIENT,
        client_secret=SECRET,
        back_to=f"{ADDRESS}{BACK}",
        clock=telegram.clock,
    )
    async with (
        login,
        opened_scene(
            sqlite_url,
            folder=tmp_path,
            clock=telegram.clock,
            login=login,
            staff=f"{ADMIN}:admin",
            staff_url=ADDRESS,
            answers="words",
        ) as scene,
    ):
        yield Browser(scene=scene)


async def go(browser: Browser, telegram: FakeLogin, next_: str = "") -> dict[str, str]:
    """To Telegram; what the browser brings along."""
    sent = await browser.open("/staff/sign-in/telegram", params={"next": next_})
    return telegram.sent_to(sent.headers["Location"])


async def test_signing_in_by_telegram_returns_to_the_requested_page(
    browser: Browser, telegram: FakeLogin
) -> None:
    asked = await go(browser, telegram, "/staff/gaps?days=7")

    back = await browser.open(BACK, params={"code": "c", "state": asked["state"]})

    assert back.headers["Location"] == "/staff/gaps?days=7"
    assert "Sam Field Your role: admin" in (await browser.open("/staff/me")).text


async def test_a_telegram_user_who_is_not_staff_is_refused(
    browser: Browser, telegram: FakeLogin
) -> None:
    telegram.claims = {"id": STRANGER}
    asked = await go(browser, telegram)

    back = await browser.open(BACK, params={"code": "c", "state": asked["state"]})

    assert back.status == 403
    assert "You are not on the list of staff" in back.text


async def test_a_forged_token_is_refused(browser: Browser, telegram: FakeLogin) -> None:
    telegram.signing_key, telegram.algorithm = None, "none"
    asked = await go(browser, telegram)

    back = await browser.open(BACK, params={"code": "c", "state": asked["state"]})

    assert back.status == 403
    assert "Telegram did not confirm who you are" in back.text
    assert (await browser.open("/staff/me")).status == 303


async def test_a_response_to_another_sign_in_is_refused(
    browser: Browser, telegram: FakeLogin
) -> None:
    await go(browser, telegram)

    wrong = await browser.open(BACK, params={"code": "c", "state": "of another"})
    browser.scene.door.session.cookie_jar.clear()
    unasked = await browser.open(BACK, params={"code": "c", "state": ""})

    assert [one.status for one in (wrong, unasked)] == [403, 403]
    assert "not begun in this browser" in wrong.text


async def test_declining_at_telegram_returns_to_the_sign_in_page(
    browser: Browser, telegram: FakeLogin
) -> None:
    telegram.status = 400
    asked = await go(browser, telegram)

    back = await browser.open(BACK, params={"error": "access_denied", "state": asked["state"]})

    assert back.status == 403
    assert "begin again" in back.text


async def test_the_sign_in_secret_never_leaves_the_browser(
    browser: Browser, telegram: FakeLogin
) -> None:
    sent = await browser.open("/staff/sign-in/telegram")
    cookie = sent.headers["Set-Cookie"]

    secret = cookie.partition("=")[2].strip('"').partition(" ")[0].partition("\\")[0]
    asked = parse_qs(urlsplit(sent.headers["Location"]).query)
    assert "HttpOnly" in cookie
    assert len(secret) > 20
    assert secret not in str(asked)


async def test_forged_responses_do_not_lock_anybody_out(
    browser: Browser, telegram: FakeLogin
) -> None:
    for _ in range(30):
        await browser.open(BACK, params={"code": "c", "state": "forged"})

    asked = await go(browser, telegram)
    back = await browser.open(BACK, params={"code": "c", "state": asked["state"]})

    assert (back.status, back.headers["Location"]) == (303, "/staff")


async def test_a_client_whose_sign_ins_fail_at_telegram_is_limited(
    browser: Browser, telegram: FakeLogin
) -> None:
    telegram.status, statuses = 400, []
    for _ in range(11):
        asked = await go(browser, telegram)
        params = {"code": "c", "state": asked["state"]}
        back = await browser.open(BACK, params=params, headers={"X-Forwarded-For": "203.0.113.9"})
        statuses.append(back.status)

    assert statuses == [403] * 10 + [429]
