"""The staff pages below a path of their address, behind a proxy that keeps it or takes it away."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.bot.web.staff.browser import ADDRESS, ADMIN, LEAD, Browser
from tests.support.chat import GROUP, Scene
from tests.support.scenes import opened_scene

PREFIX = "/desk"
_LINK = re.compile(r'(?:href|src|action|hx-get|hx-post|sse-connect)="(/[^"]*)"')


@pytest_asyncio.fixture
async def scene(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        sqlite_url,
        folder=tmp_path,
        staff_chat_id=GROUP,
        staff_url=f"{ADDRESS}:80{PREFIX}/",
        staff=f"{ADMIN}:admin,{LEAD}:lead",
    ) as scene:
        yield scene


@pytest.fixture(params=["", PREFIX], ids=["taken away", "kept"])
def kept(request: pytest.FixtureRequest) -> str:
    """What the proxy leaves of the prefix."""
    return str(request.param)


async def test_links_forms_and_redirects_carry_the_prefix(scene: Scene, kept: str) -> None:
    browser = Browser(scene=scene)
    link = await browser.link(ADMIN)
    await scene.person().say("/human")

    let_in = await browser.send(f"{kept}{link}", csrf="")
    home = await browser.open(f"{kept}/staff")
    pages = [await browser.open(f"{kept}/staff/{name}") for name in ("talks", "gaps", "me")]
    talk = await browser.open(f"{kept}/staff/talks/1")
    found = {one for seen in (*pages, talk) for one in _LINK.findall(seen.html)}

    assert (let_in.status, let_in.headers["Location"]) == (303, f"{PREFIX}/staff")
    assert home.headers["Location"] == f"{PREFIX}/staff/talks"
    assert [seen.status for seen in (*pages, talk)] == [200] * 4
    assert len(found) > 10
    assert [one for one in found if not one.startswith(f"{PREFIX}/staff")] == []


async def test_every_asset_is_served_below_the_prefix(scene: Scene, kept: str) -> None:
    browser = Browser(scene=scene)
    seen = await browser.open(f"{kept}/staff/sign-in")
    assets = [one for one in _LINK.findall(seen.html) if "/assets/" in one]

    assert assets != []
    for one in assets:
        assert (await browser.open(one.removeprefix(PREFIX))).status == 200


async def test_after_signing_in_the_visitor_returns_to_the_prefixed_page(
    scene: Scene, kept: str
) -> None:
    seen = await Browser(scene=scene).open(f"{kept}/staff/gaps")

    assert seen.headers["Location"] == f"{PREFIX}/staff/sign-in?next=%2Fstaff%2Fgaps"


async def test_the_bots_sign_in_link_has_the_prefix(scene: Scene) -> None:
    lead = scene.person(int(LEAD))

    await lead.say("/staff")

    assert f"{ADDRESS}:80{PREFIX}/staff/sign-in/" in lead.last.html
