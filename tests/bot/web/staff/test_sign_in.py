"""The door of the staff's pages: a link that works once, and the way out."""

import asyncio

import pytest

from state.model.staff import Role
from tests.bot.web.staff.browser import ADMIN, AGENT, STRANGER, Browser
from tests.support.chat import Scene

NONSENSE = "/staff/sign-in/nonsense"


async def test_a_link_lets_in_after_a_press(browser: Browser) -> None:
    link = await browser.link(AGENT)

    asked = await browser.open(link)
    let_in = await browser.send(link, csrf="")
    seen = await browser.open("/staff/me")

    assert "Sign in on this device?" in asked.text
    assert (let_in.status, let_in.headers["Location"]) == (303, "/staff")
    assert "Your role: agent" in seen.text


async def test_looking_at_a_link_uses_nothing_up(browser: Browser) -> None:
    link = await browser.link(AGENT)
    for _ in range(3):
        await browser.open(link)

    assert (await browser.send(link, csrf="")).status == 303


async def test_a_link_works_once(browser: Browser) -> None:
    link = await browser.link(AGENT)
    await browser.send(link, csrf="")

    again = await browser.send(link, csrf="")

    assert again.status == 403
    assert "This link was used already" in again.text


async def test_a_link_that_is_pressed_twice_at_once_lets_in_once(browser: Browser) -> None:
    link = await browser.link(AGENT)

    both = await asyncio.gather(*(browser.send(link, csrf="") for _ in range(2)))

    assert sorted(one.status for one in both) == [303, 403]


async def test_a_link_is_good_for_five_minutes(browser: Browser, desk: Scene) -> None:
    link = await browser.link(AGENT)
    desk.clock.forward(minutes=5)

    late = await browser.open(link)

    assert late.status == 403
    assert "good for five minutes" in late.text


async def test_a_link_of_nobody_does_not_work(browser: Browser) -> None:
    seen = await browser.send("/staff/sign-in/nonsense", csrf="")

    assert seen.status == 403
    assert "This link does not work" in seen.text


async def test_the_cookie_is_out_of_reach_of_scripts(browser: Browser) -> None:
    cookie = (await browser.sign_in(AGENT)).headers["Set-Cookie"]

    assert {part.strip() for part in cookie.split(";")} >= {"HttpOnly", "SameSite=Lax", "Path=/"}


async def test_who_is_signed_out_is_sent_to_the_door_and_back(browser: Browser) -> None:
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
async def test_the_door_leads_to_our_own_pages_only(browser: Browser, elsewhere: str) -> None:
    await browser.sign_in(AGENT)

    seen = await browser.open("/staff/sign-in", params={"next": elsewhere})

    assert seen.headers["Location"] == "/staff"


async def test_who_signs_out_is_out(browser: Browser, desk: Scene) -> None:
    await browser.sign_in(AGENT)
    kept = {one.key: one.value for one in desk.door.session.cookie_jar}
    await browser.send("/staff/sign-out")

    desk.door.session.cookie_jar.update_cookies(kept)
    seen = await browser.open("/staff/me")

    assert seen.status == 303


async def test_signing_out_everywhere_ends_all_visits(browser: Browser, desk: Scene) -> None:
    await browser.sign_in(AGENT)
    first = {one.key: one.value for one in desk.door.session.cookie_jar}
    await browser.sign_in(AGENT)
    await browser.send("/staff/sign-out-everywhere")

    desk.door.session.cookie_jar.update_cookies(first)

    assert (await browser.open("/staff/me")).status == 303


@pytest.mark.parametrize(("hours", "status"), [(7.9, 200), (8, 303)])
async def test_a_visit_ends_when_nobody_goes_on_with_it(
    browser: Browser, desk: Scene, hours: float, status: int
) -> None:
    await browser.sign_in(AGENT)
    desk.clock.forward(hours=hours)

    assert (await browser.open("/staff/me")).status == status


async def test_a_visit_ends_after_a_week_however_busy_it_was(
    browser: Browser, desk: Scene
) -> None:
    await browser.sign_in(AGENT)
    for _ in range(7 * 4 - 1):
        desk.clock.forward(hours=6)
        assert (await browser.open("/staff/me")).status == 200

    desk.clock.forward(hours=6)

    assert (await browser.open("/staff/me")).status == 303


async def test_too_many_failures_have_to_wait(browser: Browser, desk: Scene) -> None:
    for _ in range(10):
        await browser.open(NONSENSE)

    refused = await browser.open(NONSENSE)
    desk.clock.forward(minutes=10)
    later = await browser.open(NONSENSE)

    assert (refused.status, refused.headers["Retry-After"]) == (429, "600")
    assert later.status == 403


async def test_a_right_link_lets_in_whatever_failed_from_the_same_address(
    browser: Browser,
) -> None:
    for _ in range(30):
        await browser.send(NONSENSE, csrf="")

    link = await browser.link(AGENT)
    looked, let_in = await browser.open(link), await browser.send(link, csrf="")

    assert (looked.status, let_in.status) == (200, 303)


async def test_each_caller_behind_a_trusted_proxy_fails_alone(browser: Browser) -> None:
    for _ in range(10):
        await browser.open(NONSENSE, headers={"X-Forwarded-For": "203.0.113.9"})

    same = await browser.open(NONSENSE, headers={"X-Forwarded-For": "8.8.8.8, 203.0.113.9"})
    other = await browser.open(NONSENSE, headers={"X-Forwarded-For": "203.0.113.9, 8.8.8.8"})

    assert (same.status, other.status) == (429, 403)


async def test_nobody_but_staff_gets_a_link(desk: Scene) -> None:
    parts = desk.parts.desk
    offered = await parts.database.transact(
        lambda unit: parts.use_cases(unit).offer_sign_in(STRANGER)
    )

    assert type(offered).__name__ == "NotStaff"


async def test_who_was_staff_is_out_at_once(browser: Browser, desk: Scene) -> None:
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
