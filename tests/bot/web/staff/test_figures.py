"""The figures' page: counts, shares, and plots with a table beside each."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from state.model.question import Outcome, Sequel
from state.model.ticket import HandOver
from state.ports import AuditEvent, UnitOfWork
from tests.bot.web.staff.browser import AGENT, LEAD, Browser
from tests.bot.web.staff.test_talks import open_talk
from tests.state.store.repositories.test_figures import ASKED, NOTHING
from tests.support.chat import Scene


async def fill(desk: Scene) -> None:
    await desk.parts.desk.database.transact(lambda unit: ask_and_call(unit, desk.clock.now()))


async def ask_and_call(unit: UnitOfWork, now: datetime) -> None:
    helped = replace(ASKED, slug="verify-phone-number", helpful=True, asked_at=now)
    for question in (
        helped,
        helped,
        replace(helped, helpful=False),
        replace(NOTHING, asked_at=now - timedelta(days=1)),
        replace(NOTHING, outcome=Outcome.UNSURE, asked_at=now, led_to=Sequel.STEP),
    ):
        await unit.questions.add(question)
    for kind, subject in (
        ("call.requested", "f-1"),
        ("call.requested", "f-2"),
        ("call.answered", "f-1"),
        ("call.verified", "f-1"),
    ):
        await unit.audit.add(AuditEvent(at=now, kind=kind, subject=subject, actor="chat"))


async def test_the_page_shows_the_counts(browser: Browser, desk: Scene) -> None:
    await fill(desk)
    talk = await open_talk(desk, reason=HandOver.LOCKED_OUT)
    desk.clock.forward(minutes=20)
    await browser.sign_in(LEAD)
    await browser.send(f"/staff/talks/{talk}/reply", text="Hello.")

    text = (await browser.open("/staff/figures?days=7")).text

    assert "Questions: 5" in text
    assert "Answered 3 60 %" in text
    assert "Resolved: 3 of 5 (60 %)" in text
    assert "Verifying your phone number 2 of 3 found this helpful 67 %" in text
    assert "Handed over to a person: 1" in text
    assert "Locked out 1 100 %" in text
    assert "First answer, the middle one 20 minutes" in text
    assert "Verification: 1 of 2 people" in text
    assert "Picked up 1 50 %" in text


@pytest.mark.parametrize("days", ["", "7", "90", "0", "99999", "-1", "x", "٣"])
async def test_without_data_the_page_still_renders(browser: Browser, days: str) -> None:
    await browser.sign_in(AGENT)

    seen = await browser.open("/staff/figures", params={"days": days})

    assert seen.status == 200
    assert "Nobody has asked anything yet." in seen.text


async def test_the_chart_columns_are_labelled_and_repeated_in_a_table(
    browser: Browser, desk: Scene
) -> None:
    await fill(desk)
    await browser.sign_in(AGENT)

    html = (await browser.open("/staff/figures")).html

    assert 'role="img" aria-label="Questions a day, at most 4; the table below' in html
    assert html.count('<th scope="row">2026-11-2') == 2
