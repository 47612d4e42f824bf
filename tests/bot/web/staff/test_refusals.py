"""What is refused at every page: strangers, wrong roles, other sites, old pages."""

import pytest

from tests.bot.web.staff.browser import ADDRESS, ADMIN, AGENT, LEAD, Browser

PAGES = ["me", "freelancers", "freelancers/f-1001", "gaps", "figures", "audit", "events", "no"]
FORMS = [
    "sign-out",
    "sign-out-everywhere",
    "freelancers/f-1001/steps/profile_80",
    "freelancers/f-1001/verification",
    "gaps/0123456789abcdef/phrasing",
    "gaps/0123456789abcdef/draft",
]
FORMS_FOR_LEADS = [form for form in FORMS if form.startswith("freelancers/")]


async def test_pages_need_a_session(browser: Browser) -> None:
    seen = {page: await browser.open(f"/staff/{page}") for page in PAGES}

    assert {page: one.status for page, one in seen.items()} == {
        **dict.fromkeys(PAGES, 303),
        "events": 401,
    }


async def test_actions_need_a_session(browser: Browser) -> None:
    seen = [await browser.send(f"/staff/{form}", csrf="") for form in FORMS]

    assert {one.status for one in seen} == {401}
    assert "You are signed out, so nothing was changed" in seen[0].text


async def test_agents_cannot_do_what_needs_a_lead(browser: Browser) -> None:
    await browser.sign_in(AGENT)

    seen = [await browser.open("/staff/audit")]
    seen += [await browser.send(f"/staff/{form}") for form in FORMS_FOR_LEADS]

    assert {one.status for one in seen} == {403}
    assert {"Your role does not allow this" in one.text for one in seen} == {True}


@pytest.mark.parametrize(
    "origin",
    [None, "null", "https://evil.example", f"{ADDRESS}.evil.example", "https://desk.test"],
)
async def test_a_form_of_another_site_is_refused(browser: Browser, origin: str | None) -> None:
    await browser.sign_in(LEAD)

    seen = [await browser.send(f"/staff/{form}", origin=origin) for form in FORMS]

    assert {one.status for one in seen} == {403}
    assert {"did not come from our own pages" in one.text for one in seen} == {True}


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
async def test_a_form_without_the_csrf_token_is_refused(browser: Browser, token: str) -> None:
    await browser.sign_in(LEAD)

    seen = [await browser.send(f"/staff/{form}", csrf=token) for form in FORMS]

    assert {one.status for one in seen} == {403}
    assert {"This page was too old" in one.text for one in seen} == {True}


async def test_the_csrf_token_of_an_earlier_session_is_refused(browser: Browser) -> None:
    await browser.sign_in(LEAD)
    earlier = (await browser.open("/staff/me")).csrf
    await browser.sign_in(LEAD)

    seen = await browser.send("/staff/sign-out", csrf=earlier)

    assert seen.status == 403


async def test_a_sign_in_link_cannot_be_submitted_from_another_site(browser: Browser) -> None:
    link = await browser.link(ADMIN)

    seen = await browser.send(link, csrf="", origin="https://evil.example")
    then = await browser.send(link, csrf="")

    assert (seen.status, then.status) == (403, 303)


async def test_a_page_fragment_without_a_session_redirects_the_whole_page(
    browser: Browser,
) -> None:
    seen = await browser.open("/staff/gaps", headers={"HX-Request": "true"})

    assert seen.status == 401
    assert seen.headers["HX-Redirect"] == "/staff/sign-in?next=%2Fstaff%2Fgaps"


@pytest.mark.parametrize("page", ["sign-in", "me", "no"])
async def test_the_content_security_policy_allows_only_own_resources(
    browser: Browser, page: str
) -> None:
    await browser.sign_in(ADMIN)

    seen = await browser.follow(f"/staff/{page}")

    policy = seen.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert " style=" not in seen.html
    assert "<script>" not in seen.html


async def test_assets_are_cached_for_ever_under_their_hash(browser: Browser) -> None:
    page = (await browser.open("/staff/sign-in")).html
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]

    seen = await browser.open(address)
    stale = await browser.open("/staff/assets/0000000000000000/staff.css")

    assert (seen.status, seen.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in seen.headers["Cache-Control"]
    assert stale.status == 404
