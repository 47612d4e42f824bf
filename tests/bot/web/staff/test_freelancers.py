"""A freelancer's page, and what is put right on it."""

import pytest

from tests.bot.web.staff.browser import AGENT, LEAD, Browser
from tests.support.builders import a_snapshot
from tests.support.chat import ADA, Scene

PAGE = "/staff/freelancers/f-1001"
HOSTILE = "<script>alert(1)</script>'\""


@pytest.fixture
async def ada(desk: Scene) -> None:
    await desk.push(a_snapshot(ADA, desk.clock.now()))


@pytest.mark.usefixtures("ada")
async def test_the_page_shows_what_staff_need_with_masked_numbers(browser: Browser) -> None:
    await browser.sign_in(AGENT)

    text = (await browser.open(PAGE)).text

    assert "f-1001 (A••)" in text
    assert "Connects open 10 of 40 a month" in text
    assert "meter at 72 % of the 80 % needed" in text
    assert "Number +1 … 23" in text
    assert "+12025550123" not in text
    assert "Record it as done" not in text


@pytest.mark.usefixtures("ada")
async def test_a_step_is_set_with_a_reason(browser: Browser) -> None:
    await browser.sign_in(LEAD)

    sent = await browser.send(f"{PAGE}/steps/profile_80", done="yes", reason="seen by Robin")

    text = (await browser.open(sent.headers["Location"])).text
    assert "Put right; the audit log has it with your reason." in text
    assert "Connects open 20 of 40 a month" in text
    assert "step.set profile_80: seen by Robin" in text
    assert "staff:502" in text


@pytest.mark.usefixtures("ada")
async def test_a_step_is_revoked(browser: Browser) -> None:
    await browser.sign_in(LEAD)

    await browser.send(f"{PAGE}/steps/basic_profile", done="no", reason="a wrong photo")

    assert "Connects open 0 of 40" in (await browser.open(PAGE)).text


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        ("steps/profile_80", {"done": "yes", "reason": "  "}, "give the reason in words"),
        ("verification", {"what": "set", "reason": ""}, "give the reason in words"),
        ("steps/basic_profile", {"done": "yes", "reason": "r"}, "recorded like that before"),
        ("steps/phone", {"done": "no", "reason": "r"}, "clear the verification instead"),
        ("steps/nonsense", {"done": "yes", "reason": "r"}, "clear the verification instead"),
    ],
)
@pytest.mark.usefixtures("ada")
async def test_an_impossible_correction_changes_nothing(
    browser: Browser, path: str, fields: dict[str, str], said: str
) -> None:
    await browser.sign_in(LEAD)

    seen = await browser.send(f"{PAGE}/{path}", **fields)

    assert seen.status == 422
    assert said in seen.text
    assert "Connects open 10 of 40" in seen.text


@pytest.mark.usefixtures("ada")
async def test_staff_set_and_clear_a_verification(browser: Browser) -> None:
    await browser.sign_in(LEAD)

    await browser.send(f"{PAGE}/verification", what="set", reason="seen on a call")
    verified = (await browser.open(PAGE)).text
    await browser.send(f"{PAGE}/verification", what="clear", reason="a mistake")
    cleared = (await browser.open(PAGE)).text

    assert "Now: verified since" in verified
    assert "Connects open 20 of 40" in verified
    assert "Now: open, attempts left: 3." in cleared
    assert "by hand, with a reason: wrong codes still count" in cleared


async def test_the_history_shows_the_rule_behind_each_line(browser: Browser, desk: Scene) -> None:
    ada = desk.person(ADA)
    await ada.link()
    await ada.be_called()
    await browser.sign_in(AGENT)

    text = (await browser.open(PAGE)).text

    assert "call.requested" in text
    assert "no lock, no limit reached, no other call: a session with a code of its own" in text


@pytest.mark.parametrize("wanted", ["f-9", "x" * 300, "%00", "..%2F..%2Fetc", "%3Cscript%3E"])
async def test_an_unknown_id_is_a_404_page(browser: Browser, wanted: str) -> None:
    await browser.sign_in(LEAD)

    seen = await browser.open(f"/staff/freelancers/{wanted}")

    assert seen.status == 404
    assert "<script>" not in seen.html


@pytest.mark.usefixtures("ada")
async def test_the_search_form_leads_to_the_page(browser: Browser) -> None:
    await browser.sign_in(AGENT)

    found = await browser.open("/staff/freelancers?id=+f-1001+")
    odd = await browser.open("/staff/freelancers", params={"id": "a/b?c#d"})

    assert found.headers["Location"] == PAGE
    assert odd.headers["Location"] == "/staff/freelancers/a%2Fb%3Fc%23d"


async def test_html_in_account_data_is_escaped(browser: Browser, desk: Scene) -> None:
    await desk.push(a_snapshot(ADA, desk.clock.now()) | {"display_name": HOSTILE})
    await browser.sign_in(LEAD)
    await browser.send(f"{PAGE}/steps/profile_80", done="yes", reason=HOSTILE)

    seen = [await browser.open(PAGE), await browser.open("/staff/audit?subject=" + HOSTILE)]

    assert [one for one in seen if "<script>alert" in one.html] == []
    assert "&lt;script&gt;alert(1)" in seen[0].html
