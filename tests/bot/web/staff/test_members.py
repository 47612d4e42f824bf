"""Who is staff: admins say it, and it holds at once."""

import pytest

from tests.bot.web.staff.browser import ADMIN, LEAD, STRANGER, Browser
from tests.support.chat import Scene


async def test_an_added_member_can_sign_in(browser: Browser, desk: Scene) -> None:
    await browser.sign_in(ADMIN)

    await browser.send("/staff/members", id=str(STRANGER), name="Eve", role="lead")
    listed = (await browser.open("/staff/members")).text
    await browser.sign_in(STRANGER)

    assert "Eve lead 599 · added" in listed
    assert "Your role: lead" in (await browser.open("/staff/me")).text


async def test_a_removed_member_is_signed_out(browser: Browser, desk: Scene) -> None:
    await browser.sign_in(ADMIN)
    await browser.send("/staff/members", id=str(STRANGER), name="Eve", role="agent")
    await browser.sign_in(STRANGER)
    eves = {one.key: one.value for one in desk.door.session.cookie_jar}
    await browser.sign_in(ADMIN)

    removed = await browser.send(f"/staff/members/{STRANGER}/remove")
    log = (await browser.open("/staff/audit?kind=staff.")).text
    desk.door.session.cookie_jar.clear()
    desk.door.session.cookie_jar.update_cookies(eves)

    assert removed.status == 303
    assert "staff.removed" in log
    assert (await browser.open("/staff/me")).status == 303


async def test_a_member_named_in_the_settings_cannot_be_removed(browser: Browser) -> None:
    await browser.sign_in(ADMIN)

    seen = await browser.send(f"/staff/members/{LEAD}/remove")

    assert seen.status == 404
    assert "by the settings" in seen.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"id": "eve", "role": "agent"}, "the Telegram id is a number"),
        ({"id": "0", "role": "agent"}, "the Telegram id is a number"),
        ({"id": "9" * 16, "role": "agent"}, "the Telegram id is a number"),
        ({"id": "599", "role": "owner"}, "choose a role"),
    ],
)
async def test_an_invalid_member_is_not_added(
    browser: Browser, fields: dict[str, str], said: str
) -> None:
    await browser.sign_in(ADMIN)

    seen = await browser.send("/staff/members", **fields)

    assert seen.status == 422
    assert said in seen.text


async def test_only_admins_manage_members(browser: Browser) -> None:
    await browser.sign_in(LEAD)

    seen = [
        await browser.open("/staff/members"),
        await browser.send("/staff/members", id="599", role="admin"),
        await browser.send(f"/staff/members/{ADMIN}/remove"),
        await browser.send(f"/staff/members/{ADMIN}/sign-out"),
    ]

    assert [one.status for one in seen] == [403] * 4
