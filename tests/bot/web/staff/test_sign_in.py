"""The door of the staff's pages: a link that works once, and the way out."""

import asyncio

import pytest

from state.model.staff import Role
from tests.bot.web.staff.browser import ADMIN, AGENT, STRANGER, Browser
from tests.support.chat import Scene

NONSENSE = "/staff/sign-in/nonsense"


async def test_confirming_a_link_signs_in(browser: Browser) -> None:
    link = await browser.link(AGENT)

    asked = await browser.open(link)
    let_in = await browser.send(link, csrf="")
    seen = await browser.open("/staff/me")

    assert "Sign in on this device?" in asked.text
    assert (let_in.status, let_in.headers["Location"]) == (303, "/staff")
    assert "Your role: agent" in seen.text


async def test_opening_a_link_does_not_use_it(browser: Browser) -> None:
    link = await browser.link(AGENT)
    for _ in range(3):
        await browser.open(link)

    assert (await browser.send(link, csrf="")).status == 303


async def test_a_link_works_only_once(browser: Browser) -> None:
    link = await browser.link(AGENT)
    await browser.send(link, csrf="")

    again = await browser.send(link, csrf="")

    assert again.status == 403
    assert "This link was used already" in again.text


async def test_a_link_submitted_twice_at_once_signs_in_once(browser: Browser) -> None:
    link = await browser.link(AGENT)

    both = await asyncio.gather(*(browser.send(link, csrf="") for _ in range(2)))

    assert sorted(one.status for one in both) == [303, 403]


async def test_a_link_is_valid_for_five_minutes(browser: Browser, desk: Scene) -> None:
    link = await browser.link(AGENT)
    desk.clock.forward(minutes=5)

    late = await browser.open(link)

    assert late.status == 403
    assert "good for five minutes" in late.text


async def test_an_unknown_link_is_refused(browser: Browser) -> None:
    seen = await browser.send("/staff/sign-in/nonsense", csrf="")

    assert seen.status == 403
    assert "This link does not work" in seen.text


async def test_the_session_cookie_is_httponly_and_same_site(browser: Browser) -> None:
    cookie = (await browser.sign_in(AGENT)).headers["Set-Cookie"]

    assert {part.strip() for part in cookie.split(";")} >= {"HttpOnly", "SameSite=Lax", "Path=/"}


async def test_without_a_session_the_visitor_is_sent_to_sign_in_and_back(browser: Browser) -> None:
    seen = await browser.open("/staff/gaps?days=7")
    door = await browser.open(seen.headers["Location"])
    await browser.sign_in(AGENT)
    back = await browser.open(seen.headers["Location"])

    assert seen.headers["Location"] == "/staff/sign-in?next=%2Fstaff%2Fgaps%3Fdays%3D7"
    assert "Sign in" in door.text
    assert back.headers["Location"] == "/staff/gaps?days=7"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/staffed", "/staff/\\evil", ""]
)
async def test_sign_in_redirects_only_to_our_own_pages(browser: Browser, elsewhere: str) -> None:
    await browser.sign_in(AGENT)

    seen = await browser.open("/staff/sign-in", params={"next": elsewhere})

    assert seen.headers["Location"] == "/staff"


async def test_signing_out_ends_the_session(browser: Browser, desk: Scene) -> None:
    await browser.sign_in(AGENT)
    kept = {one.key: one.value for one in desk.door.session.cookie_jar}
    await browser.send("/staff/sign-out")

    desk.door.session.cookie_jar.update_cookies(kept)
    seen = await browser.open("/staff/me")

    assert seen.status == 303


async def test_signing_out_everywhere_ends_all_sessions(browser: Browser, desk: Scene) -> None:
    await browser.sign_in(AGENT)
    first = {one.key: one.value for one in desk.door.session.cookie_jar}
    await browser.sign_in(AGENT)
    await browser.send("/staff/sign-out-everywhere")

    desk.door.session.cookie_jar.update_cookies(first)

    assert (await browser.open("/staff/me")).status == 303


@pytest.mark.parametrize(("hours", "status"), [(7.9, 200), (8, 303)])
async def test_an_idle_session_ends(
    browser: Browser, desk: Scene, hours: float, status: int
) -> None:
    await browser.sign_in(AGENT)
    desk.clock.forward(hours=hours)

    assert (await browser.open("/staff/me")).status == status


async def test_a_session_ends_after_a_week_even_in_use(browser: Browser, desk: Scene) -> None:
    await browser.sign_in(AGENT)
    for _ in range(7 * 4 - 1):
        desk.clock.forward(hours=6)
        assert (await browser.open("/staff/me")).status == 200

    desk.clock.forward(hours=6)

    assert (await browser.open("/staff/me")).status == 303


async def test_too_many_failed_sign_ins_are_limited(browser: Browser, desk: Scene) -> None:
    for _ in range(10):
        await browser.open(NONSENSE)

    refused = await browser.open(NONSENSE)
    desk.clock.forward(minutes=10)
    later = await browser.open(NONSENSE)

    assert (refused.status, refused.headers["Retry-After"]) == (429, "600")
    assert later.status == 403


async def test_a_valid_link_signs_in_despite_failures_from_the_same_address(
    browser: Browser,
) -> None:
    for _ in range(30):
        await browser.send(NONSENSE, csrf="")

    link = await browser.link(AGENT)
    looked, let_in = await browser.open(link), await browser.send(link, csrf="")

    assert (looked.status, let_in.status) == (200, 303)


async def test_failures_are_counted_for_each_client_behind_a_trusted_proxy(
    browser: Browser,
) -> None:
    for _ in range(10):
        await browser.open(NONSENSE, headers={"X-Forwarded-For": "203.0.113.9"})

    same = await browser.open(NONSENSE, headers={"X-Forwarded-For": "8.8.8.8, 203.0.113.9"})
    other = await browser.open(NONSENSE, headers={"X-Forwarded-For": "203.0.113.9, 8.8.8.8"})

    assert (same.status, other.status) == (429, 403)


async def test_only_staff_get_a_link(desk: Scene) -> None:
    parts = desk.parts.desk
    offered = await parts.database.transact(
        lambda unit: parts.use_cases(unit).offer_sign_in(STRANGER)
    )

    assert type(offered).__name__ == "NotStaff"


async def test_a_removed_member_loses_access_at_once(browser: Browser, desk: Scene) -> None:
    parts = desk.parts.desk
    await parts.database.transact(
        lambda unit: parts.use_cases(unit).add_staff(
            STRANGER, Role.ADMIN, name="Eve", actor="staff:501"
        )
    )
    await browser.sign_in(STRANGER)
    inside = await browser.open("/staff/me")
    await parts.database.transact(
        lambda unit: parts.use_cases(unit).remove_staff(STRANGER, actor="staff:501")
    )

    outside = await browser.open("/staff/me")

    assert (inside.status, outside.status) == (200, 303)


async def test_signing_in_and_out_is_in_the_audit_log(browser: Browser) -> None:
    await browser.sign_in(ADMIN)
    await browser.send("/staff/sign-out")
    await browser.sign_in(ADMIN)

    log = await browser.open("/staff/audit?kind=staff.")

    assert log.text.count("staff.signed_in") == 2
    assert log.text.count("staff.signed_out") == 1
