"""Every page opens for whom it is meant, and nobody else."""

import pytest

from tests.bot.web.staff.browser import ADMIN, Browser

PAGES = [
    "/staff/me",
    "/staff/freelancers",
    "/staff/gaps",
    "/staff/figures",
    "/staff/audit",
]


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_opens_for_an_admin(browser: Browser, path: str) -> None:
    await browser.sign_in(ADMIN)

    seen = await browser.open(path)

    assert seen.status == 200, seen.text
    assert seen.headers["Cache-Control"] == "no-store"
