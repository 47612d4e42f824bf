"""Staff get a link into their pages from the bot, in a private chat and nowhere else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.support.chat import ADA, BEN, Scene
from tests.support.scenes import opened_scene

ADDRESS = "https://desk.example/staff/sign-in/"


@pytest_asyncio.fixture
async def desk(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened_scene(
        sqlite_url, folder=tmp_path, staff=f"{ADA}:agent", staff_url="https://desk.example"
    ) as scene:
        yield scene


async def test_a_member_of_staff_gets_a_sign_in_link(desk: Scene) -> None:
    shown = await desk.person(ADA).say("/staff")

    link = shown[-1].text.partition(ADDRESS)[2].split()[0]
    door = await desk.door.get(f"/staff/sign-in/{link}")
    assert "Sign in on this device?" in await door.text()


async def test_anybody_else_is_told_that_the_command_is_unknown(desk: Scene) -> None:
    shown = await desk.person(BEN).say("/staff")

    assert ADDRESS not in shown[-1].text


async def test_no_link_is_given_in_a_group(desk: Scene) -> None:
    shown = await desk.person(ADA, chat=-100500).say("/staff")

    assert [one for one in shown if ADDRESS in one.text] == []
